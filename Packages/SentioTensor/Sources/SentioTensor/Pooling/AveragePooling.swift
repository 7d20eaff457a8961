import CSentioTensorKernels

extension Tensor {
  /// The mean under each window of signals.
  ///
  /// `out[n, c, i] = Σₖ x[n, c, i·stride + k − before] / count`, where the count is the window's extent, or what of
  /// it lies in the signal. A non-finite element makes the means of its windows so.
  ///
  /// - Parameters:
  ///   - kernel: elements under the window, at least 1.
  ///   - stride: elements from window to window; the kernel's extent if nil.
  ///   - padding: what stands beside the signal, at most half of a window.
  ///   - countsPadding: whether the zeros beside the signal count in the mean, as PyTorch lets them by default;
  ///     Keras does not.
  ///   - roundsUp: whether elements at the end that fill no window make a smaller last one.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, L']` for this `[N, C, L]`.
  ///
  /// *Reference:* `torch.nn.functional.avg_pool1d`, 2.x (`countsPadding`: `count_include_pad`); with `same` and
  /// without counting padding, Keras's `AveragePooling1D`.
  public func averagePooled1D(
    _ kernel: Int, stride: Int? = nil, padding: ConvolutionPadding = .valid,
    countsPadding: Bool = true, roundsUp: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    averagePooled(
      PlaneWindow(
        "averagePooled1D", shape, [(kernel, stride ?? kernel, 1)], padding, roundsUp: roundsUp,
        padsHalfAtMost: true, file, line), countsPadding)
  }

  /// The mean under each window of images.
  ///
  /// As ``averagePooled1D(_:stride:padding:countsPadding:roundsUp:file:line:)``, along two axes.
  ///
  /// - Parameters:
  ///   - kernel: rows and columns under the window, at least 1.
  ///   - stride: elements from window to window; the kernel's extents if nil.
  ///   - padding: what stands beside the image, at most half of a window.
  ///   - countsPadding: whether the zeros beside the image count in the mean.
  ///   - roundsUp: whether elements at the end that fill no window make a smaller last one.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, H', W']` for this `[N, C, H, W]`.
  ///
  /// *Reference:* `torch.nn.functional.avg_pool2d`, 2.x.
  public func averagePooled2D(
    _ kernel: HeightWidth, stride: HeightWidth? = nil, padding: ConvolutionPadding = .valid,
    countsPadding: Bool = true, roundsUp: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let stride = stride ?? kernel
    return averagePooled(
      PlaneWindow(
        "averagePooled2D", shape,
        [(kernel.height, stride.height, 1), (kernel.width, stride.width, 1)], padding,
        roundsUp: roundsUp, padsHalfAtMost: true, file, line), countsPadding)
  }

  private func averagePooled(_ window: PlaneWindow, _ countsPadding: Bool) -> Tensor {
    let counts: Int32 = countsPadding ? 1 : 0
    let result = Tensor(uninitialized: window.outputShape)
    let (x, out) = (storage.pointer, result.storage.pointer)
    let cost = window.inputPlane + window.outputPlane * window.taps / 2
    ParallelLoop.run(result.count > 0 ? window.planes : 0, cost: cost) { range in
      let start = range.lowerBound
      withUnsafePointer(to: window.kernel) {
        sentio_average_pool(
          x + start * window.inputPlane, $0, counts, out + start * window.outputPlane, range.count)
      }
    }
    return result.derived(
      from: self,
      { gradient in
        guard gradient.count > 0 else { return .zeros(window.inputShape) }
        let result = Tensor(uninitialized: window.inputShape)
        let (g, out) = (gradient.storage.pointer, result.storage.pointer)
        ParallelLoop.run(window.planes, cost: cost, scratch: window.kernel.out_width) {
          range, row in
          let start = range.lowerBound
          withUnsafePointer(to: window.kernel) {
            sentio_average_pool_gradient(
              g + start * window.outputPlane, $0, counts, row,
              out + start * window.inputPlane, range.count)
          }
        }
        return result
      })
  }
}
