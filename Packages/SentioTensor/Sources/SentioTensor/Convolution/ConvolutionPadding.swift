/// What stands beside a signal or an image where a convolution's window reaches over its edges: zeros, this many.
public enum ConvolutionPadding: Sendable, Hashable {
  /// None: the window stays inside. PyTorch's `0`, Keras's `valid`.
  case valid
  /// As many as give `⌈input / stride⌉` outputs, half on each side, the odd one after the end.
  ///
  /// This is Keras's and TensorFlow's rule; PyTorch's `"same"` is the case of stride 1 of it.
  case same
  /// All of the window's reach before the first element, so that no output sees a later input.
  ///
  /// For signals, `⌈input / stride⌉` outputs. On an image it applies to both axes.
  case causal
  /// This many on each side of every axis; PyTorch's number.
  case symmetric(Int)
  /// As many as it says, axis by axis: one entry for a signal; height, then width, for an image.
  case explicit([Sides])

  /// Zeros before and after one axis.
  public struct Sides: Sendable, Hashable {
    /// Zeros before the first element, at least 0.
    public var before: Int
    /// Zeros after the last element, at least 0.
    public var after: Int

    /// Creates the padding of one axis.
    ///
    /// - Parameters:
    ///   - before: zeros before the first element.
    ///   - after: zeros after the last one.
    public init(before: Int, after: Int) {
      (self.before, self.after) = (before, after)
    }
  }

  /// The zeros beside one axis.
  ///
  /// - Parameters:
  ///   - axis: which of the spatial axes; only ``explicit(_:)`` looks at it.
  ///   - input: the extent of the input.
  ///   - reach: the extent of the window, `dilation · (kernel − 1) + 1`.
  ///   - stride: elements from window to window.
  /// - Returns: the sides; nil where ``explicit(_:)`` says nothing of this axis.
  public func sides(axis: Int, input: Int, reach: Int, stride: Int) -> Sides? {
    switch self {
    case .valid: return Sides(before: 0, after: 0)
    case .same:
      let outputs = (input + stride - 1) / stride
      let total = max(0, (outputs - 1) * stride + reach - input)
      return outputs == 0
        ? Sides(before: 0, after: 0) : Sides(before: total / 2, after: total - total / 2)
    case .causal: return Sides(before: reach - 1, after: 0)
    case .symmetric(let count): return Sides(before: count, after: count)
    case .explicit(let sides): return sides.indices.contains(axis) ? sides[axis] : nil
    }
  }
}

/// A number for each axis of an image, such as the step of a window.
///
/// A literal stands for both: `stride: 2` is `stride: HeightWidth(height: 2, width: 2)`.
public struct HeightWidth: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral {
  /// The number for the rows' axis.
  public var height: Int
  /// The number for the columns' axis.
  public var width: Int

  /// Creates a pair of numbers.
  ///
  /// - Parameters:
  ///   - height: the number for the rows' axis.
  ///   - width: the number for the columns' axis.
  public init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
  }

  /// Creates a pair of one number twice.
  ///
  /// - Parameter both: the number for either axis.
  public init(_ both: Int) { self.init(height: both, width: both) }

  /// Creates a pair of one literal twice.
  public init(integerLiteral both: Int) { self.init(both) }
}
