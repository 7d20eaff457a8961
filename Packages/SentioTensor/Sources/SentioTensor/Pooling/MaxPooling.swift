import CSentioTensorKernels

extension Tensor {
  /// The largest element under each window of signals.
  ///
  /// `out[n, c, i] = maxₖ x[n, c, i·stride + k·dilation − before]`; padding counts as −∞. A NaN is larger than
  /// everything. The gradient goes to the element that was taken: of equals the first, of NaNs the last.
  ///
  /// - Parameters:
  ///   - kernel: elements under the window, at least 1.
  ///   - stride: elements from window to window; the kernel's extent if nil.
  ///   - dilation: elements from tap to tap.
  ///   - padding: what stands beside the signal, at most half of a window.
  ///   - roundsUp: whether elements at the end that fill no window make a smaller last one.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, L']` for this `[N, C, L]`.
  ///
  /// *Reference:* `torch.nn.functional.max_pool1d`, 2.x (`roundsUp`: `ceil_mode`); with `same`, Keras's
  /// `MaxPooling1D`.
  public func maxPooled1D(
    _ kernel: Int, stride: Int? = nil, dilation: Int = 1, padding: ConvolutionPadding = .valid,
    roundsUp: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    maxPooled(
      PlaneWindow(
        "maxPooled1D", shape, [(kernel, stride ?? kernel, dilation)], padding, roundsUp: roundsUp,
        padsHalfAtMost: true, file, line), sentio_max_pool)
  }

  /// The largest element under each window of images.
  ///
  /// As ``maxPooled1D(_:stride:dilation:padding:roundsUp:file:line:)``, along two axes; equals are in row-major order.
  ///
  /// - Parameters:
  ///   - kernel: rows and columns under the window, at least 1.
  ///   - stride: elements from window to window; the kernel's extents if nil.
  ///   - dilation: elements from tap to tap.
  ///   - padding: what stands beside the image, at most half of a window.
  ///   - roundsUp: whether elements at the end that fill no window make a smaller last one.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, H', W']` for this `[N, C, H, W]`.
  ///
  /// *Reference:* `torch.nn.functional.max_pool2d`, 2.x; with `same`, Keras's `MaxPooling2D`.
  public func maxPooled2D(
    _ kernel: HeightWidth, stride: HeightWidth? = nil, dilation: HeightWidth = 1,
    padding: ConvolutionPadding = .valid, roundsUp: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let stride = stride ?? kernel
    return maxPooled(
      PlaneWindow(
        "maxPooled2D", shape,
        [
          (kernel.height, stride.height, dilation.height),
          (kernel.width, stride.width, dilation.width),
        ], padding, roundsUp: roundsUp, padsHalfAtMost: true, file, line), sentio_max_pool)
  }

  /// A kernel that finds the largest elements of planes and, where asked, their places.
  typealias MaximumKernel = (
    UnsafePointer<Float>?, UnsafePointer<sentio_window>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Int32>?, Int
  ) -> Void

  /// Pools by a kernel, and keeps the places for the way back where one is recorded.
  func maxPooled(_ window: PlaneWindow, _ kernel: @escaping MaximumKernel) -> Tensor {
    let result = Tensor(uninitialized: window.outputShape)
    guard result.count > 0 else {
      return result.derived(from: self, { _ in .zeros(window.inputShape) })
    }
    let isRecorded = recordedPlace != nil
    // A place is as wide as a number, and so the pool's memory serves.
    let places = isRecorded ? Tensor(uninitialized: window.outputShape) : nil
    let (x, out) = (storage.pointer, result.storage.pointer)
    let place = places?.int32Pointer
    let outPlane = window.outputPlane
    ParallelLoop.run(
      window.planes, cost: window.inputPlane + outPlane * Swift.max(1, window.taps) / 2
    ) {
      range in
      let start = range.lowerBound
      withUnsafePointer(to: window.kernel) {
        kernel(
          x + start * window.inputPlane, $0, out + start * outPlane,
          place.map { $0 + start * outPlane }, range.count)
      }
    }
    guard let places else { return result }
    return result.derived(
      from: self,
      { gradient in
        let result = Tensor(uninitialized: window.inputShape)
        let (g, out) = (gradient.storage.pointer, result.storage.pointer)
        let place = places.int32Pointer
        ParallelLoop.run(window.planes, cost: window.inputPlane + 4 * outPlane) { range in
          let start = range.lowerBound
          sentio_max_pool_gradient(
            g + start * outPlane, place + start * outPlane, out + start * window.inputPlane,
            range.count, outPlane, window.inputPlane)
        }
        withExtendedLifetime(places) {}
        return result
      })
  }

  /// The memory of a tensor that holds integers, which no operation reads as numbers.
  var int32Pointer: UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(storage.pointer).assumingMemoryBound(to: Int32.self)
  }
}
