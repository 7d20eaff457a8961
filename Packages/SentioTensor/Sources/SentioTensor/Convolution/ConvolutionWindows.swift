/// Convolutions whose windows lie side by side, such as a patch embedding and any of one tap: every input belongs
/// to one window, and with a window's elements as channels the convolution is a product.
extension ConvolutionGeometry {
  /// The convolution of one tap that this is once ``windows(of:)`` has moved the input; nil where windows overlap.
  ///
  /// Its weights are these weights, as they lie.
  var pointwise: ConvolutionGeometry? {
    guard height.isTiling && width.isTiling else { return nil }
    return ConvolutionGeometry(
      batch: batch, inputChannels: inputChannels * taps, outputChannels: outputChannels,
      groups: groups, height: .single,
      width: WindowAxis(input: height.output * width.output, kernel: 1))
  }

  /// The strides of `[N, C, Kh, Kw, H', W']` in the input.
  private var windowStrides: [Int] {
    let (rows, columns) = (height.input, width.input)
    return [
      inputChannels * rows * columns, rows * columns, columns, 1, height.kernel * columns,
      width.kernel,
    ]
  }

  private var windowExtents: [Int] {
    [batch, inputChannels, height.kernel, width.kernel, height.output, width.output]
  }

  /// The input with each window's elements as channels.
  ///
  /// - Parameter x: `[N, C, H, W]`.
  /// - Returns: `[N, C·Kh·Kw, H'·W']`; rows and columns that fill no window are left out.
  func windows(of x: Tensor) -> Tensor {
    let shape: Shape = [batch, inputChannels * taps, height.output * width.output]
    guard taps > 1 else { return x.detached().reshaped(shape) }
    let result = Tensor(uninitialized: shape)
    guard result.count > 0 else { return result }
    copyStrided(
      from: x.storage.pointer, windowStrides, to: result.storage.pointer,
      Shape(windowExtents).strides, extents: windowExtents)
    return result
  }

  /// The way back of ``windows(of:)``: zeros where no window was.
  ///
  /// - Parameters:
  ///   - windows: `[N, C·Kh·Kw, H'·W']`.
  ///   - shape: the input's.
  /// - Returns: `[N, C, H, W]`, in the input's shape.
  func placed(_ windows: Tensor, in shape: Shape) -> Tensor {
    guard taps > 1 else { return windows.reshaped(shape) }
    let isWhole = windows.count == shape.elementCount
    let result = isWhole ? Tensor(uninitialized: shape) : Tensor(repeating: 0, shape)
    guard windows.count > 0 else { return result }
    // [N, C, Kh, H', W', Kw]: the result's neighbours last.
    func reordered(_ numbers: [Int]) -> [Int] { [0, 1, 2, 4, 5, 3].map { numbers[$0] } }
    copyStrided(
      from: windows.storage.pointer, reordered(Shape(windowExtents).strides),
      to: result.storage.pointer, reordered(windowStrides), extents: reordered(windowExtents))
    return result
  }
}
