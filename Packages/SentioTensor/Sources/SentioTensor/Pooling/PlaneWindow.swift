import CSentioTensorKernels

/// A window that moves over the planes of a tensor of images, or of signals, which are images of one row.
struct PlaneWindow: Sendable {
  /// Over batch and channels.
  let planes: Int
  let inputShape: Shape
  let outputShape: Shape
  var kernel: sentio_window

  /// Elements of an input plane.
  var inputPlane: Int { kernel.height * kernel.width }
  /// Elements of an output plane.
  var outputPlane: Int { kernel.out_height * kernel.out_width }
  /// Taps of the window.
  var taps: Int { kernel.kernel_height * kernel.kernel_width }

  /// Checks what a caller asks for and works out the extents.
  ///
  /// - Parameters:
  ///   - name: the operation.
  ///   - shape: `[N, C, L]` where `axes` has one element, else `[N, C, H, W]`.
  ///   - axes: kernel, step, dilation of the spatial axes.
  ///   - padding: what stands beside them.
  ///   - roundsUp: whether a last window may reach over the end of the padding, as PyTorch's `ceil_mode`.
  ///   - padsHalfAtMost: whether padding beyond half of the window is a mistake.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  init(
    _ name: String, _ shape: Shape, _ axes: [(kernel: Int, stride: Int, dilation: Int)],
    _ padding: ConvolutionPadding, roundsUp: Bool = false, padsHalfAtMost: Bool = false,
    _ file: StaticString, _ line: UInt
  ) {
    require(
      shape.rank == axes.count + 2,
      "\(name) needs \(axes.count == 1 ? "signals [N, C, L]" : "images [N, C, H, W]"), and the shape "
        + "is \(shape)", file, line)
    require(
      shape.elementCount / max(1, shape[0] * shape[1]) <= Int(Int32.max),
      "\(name): planes of shape \(shape) have more than \(Int32.max) elements", file, line)
    let resolved = axes.enumerated().map { index, axis in
      let window = WindowAxis(
        name, axis: index, input: shape[2 + index], kernel: axis.kernel, stride: axis.stride,
        dilation: axis.dilation, padding: padding, file, line)
      require(
        !padsHalfAtMost || max(window.before, window.after) <= window.reach / 2,
        "\(name): padding by \(window.before) and \(window.after) is more than half of a window over "
          + "\(window.reach) elements of \(shape)", file, line)
      return window
    }
    let outputs = resolved.map { roundsUp ? $0.outputRoundedUp : $0.output }
    let rows = resolved.count == 2 ? resolved[0] : .single
    let columns = resolved[resolved.count - 1]
    planes = shape[0] * shape[1]
    inputShape = shape
    outputShape = Shape([shape[0], shape[1]] + outputs)
    kernel = sentio_window(
      height: rows.input, width: columns.input,
      out_height: outputs.count == 2 ? outputs[0] : 1, out_width: outputs[outputs.count - 1],
      kernel_height: rows.kernel, kernel_width: columns.kernel, stride_y: rows.stride,
      stride_x: columns.stride, dilation_y: rows.dilation, dilation_x: columns.dilation,
      top: rows.before, bottom: rows.after, left: columns.before, right: columns.after)
  }

  /// A grid of cells in place of a window: as many as the output has, of nearly one size.
  init(
    _ name: String, _ shape: Shape, cells: [Int], _ file: StaticString, _ line: UInt
  ) {
    require(
      shape.rank == cells.count + 2,
      "\(name) needs \(cells.count == 1 ? "signals [N, C, L]" : "images [N, C, H, W]"), and the shape "
        + "is \(shape)", file, line)
    let extents = shape.dropFirst(2)
    require(
      cells.allSatisfy { $0 >= 1 } && extents.allSatisfy { $0 >= 1 },
      "\(name): shape \(shape) cannot be divided into \(cells) cells", file, line)
    require(
      extents.reduce(1, *) <= Int(Int32.max),
      "\(name): planes of shape \(shape) have more than \(Int32.max) elements", file, line)
    planes = shape[0] * shape[1]
    inputShape = shape
    outputShape = Shape([shape[0], shape[1]] + cells)
    kernel = sentio_window()
    (kernel.height, kernel.width) = (shape.rank == 4 ? shape[2] : 1, shape[shape.rank - 1])
    (kernel.out_height, kernel.out_width) = (
      cells.count == 2 ? cells[0] : 1, cells[cells.count - 1]
    )
  }
}

extension WindowAxis {
  /// The number of windows where the last may reach over the padding, as long as it starts before its end.
  fileprivate var outputRoundedUp: Int {
    guard input > 0 else { return 0 }
    let room = input + before + after - reach
    let windows = (room + stride - 1) / stride + 1
    return (windows - 1) * stride >= input + before ? windows - 1 : windows
  }
}
