import CSentioTensorKernels

extension Tensor {
  /// What stands under a window at each of its places over images, as columns.
  ///
  /// Row `(c·Kh + a)·Kw + b` of the result is channel c under tap (a, b); column l is the l-th place of the window,
  /// row-major. The gradient is ``folded2D(to:kernel:stride:dilation:padding:file:line:)``.
  ///
  /// - Parameters:
  ///   - kernel: rows and columns of taps, at least 1.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - padding: zeros beside the image.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C·Kh·Kw, H'·W']` for this `[N, C, H, W]`.
  ///
  /// *Reference:* `torch.nn.functional.unfold`, 2.x.
  public func unfolded2D(
    _ kernel: HeightWidth, stride: HeightWidth = 1, dilation: HeightWidth = 1,
    padding: ConvolutionPadding = .valid, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    unfolded(
      PlaneWindow(
        "unfolded2D", shape,
        [
          (kernel.height, stride.height, dilation.height),
          (kernel.width, stride.width, dilation.width),
        ], padding, file, line))
  }

  /// Images from columns: each element is added where the window's tap stood.
  ///
  /// The transpose of ``unfolded2D(_:stride:dilation:padding:file:line:)``, and not its inverse: where windows overlap
  /// their shares add up.
  ///
  /// - Parameters:
  ///   - size: rows and columns of the images.
  ///   - kernel: rows and columns of taps, at least 1.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - padding: zeros that stood beside the image; what falls there is dropped.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, height, width]` for this `[N, C·Kh·Kw, H'·W']`.
  ///
  /// *Reference:* `torch.nn.functional.fold`, 2.x.
  public func folded2D(
    to size: HeightWidth, kernel: HeightWidth, stride: HeightWidth = 1,
    dilation: HeightWidth = 1, padding: ConvolutionPadding = .valid,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let taps = Swift.max(1, kernel.height * kernel.width)
    require(
      rank == 3 && shape[1] % taps == 0,
      "folded2D: columns of shape \(shape) are not those of \(kernel.height) × \(kernel.width) taps",
      file, line)
    let window = PlaneWindow(
      "folded2D", [shape[0], shape[1] / taps, size.height, size.width],
      [
        (kernel.height, stride.height, dilation.height),
        (kernel.width, stride.width, dilation.width),
      ], padding, file, line)
    require(
      shape[2] == window.outputPlane,
      "folded2D: columns of shape \(shape) do not fit an image of \(size.height) × \(size.width), over "
        + "which the window has \(window.outputPlane) places", file, line)
    return folded(window)
  }

  private func unfolded(_ window: PlaneWindow) -> Tensor {
    let columns = window.outputPlane * window.taps
    let result = Tensor(
      uninitialized: [window.inputShape[0], window.inputShape[1] * window.taps, window.outputPlane])
    let (x, out) = (storage.pointer, result.storage.pointer)
    ParallelLoop.run(result.count > 0 ? window.planes : 0, cost: columns) { range in
      let start = range.lowerBound
      withUnsafePointer(to: window.kernel) {
        sentio_unfold(x + start * window.inputPlane, $0, out + start * columns, range.count)
      }
    }
    return result.derived(from: self, { $0.folded(window) })
  }

  private func folded(_ window: PlaneWindow) -> Tensor {
    let columns = window.outputPlane * window.taps
    let result = Tensor(uninitialized: window.inputShape)
    let (x, out) = (storage.pointer, result.storage.pointer)
    ParallelLoop.run(result.count > 0 ? window.planes : 0, cost: columns) { range in
      let start = range.lowerBound
      withUnsafePointer(to: window.kernel) {
        sentio_fold(x + start * columns, $0, out + start * window.inputPlane, range.count)
      }
    }
    return result.derived(from: self, { $0.unfolded(window) })
  }
}
