import SentioTensor

/// How windows of a pooling move, and what they take of an input.
public enum PoolingKind: Sendable, Hashable {
  /// The largest element; padding counts as −∞.
  case maximum
  /// The mean; PyTorch lets zeros beside the input count by default, Keras never.
  case average(countsPadding: Bool = true)
}

/// The largest element, or the mean, under windows that move along signals.
///
/// Input `[N, C, L]`, output `[N, C, L']`, which shortens it about stride times.
///
/// *Reference:* `torch.nn.MaxPool1d` and `AvgPool1d`, 2.x; `keras.layers.MaxPooling1D` and `AveragePooling1D`, 3.x,
/// whose default window is 2.
public struct Pool1D: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// What is taken of a window.
  public let kind: PoolingKind
  /// Elements under a window.
  public let kernel: Int
  /// Elements from window to window.
  public let stride: Int
  /// What stands beside the signal.
  public let padding: ConvolutionPadding
  /// Whether elements at the end that fill no window make a smaller last one.
  public let roundsUp: Bool

  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kind: what is taken of a window.
  ///   - kernel: elements under a window.
  ///   - stride: elements from window to window; the window's extent if nil.
  ///   - padding: what stands beside the signal, at most half of a window.
  ///   - roundsUp: whether elements at the end that fill no window make a smaller last one.
  public init(
    _ kind: PoolingKind, kernel: Int = 2, stride: Int? = nil, padding: ConvolutionPadding = .valid,
    roundsUp: Bool = false
  ) {
    self.kind = kind
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.roundsUp = roundsUp
  }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// What was taken of the windows.
  public func forward(_ x: Tensor) -> Tensor {
    switch kind {
    case .maximum:
      x.maxPooled1D(kernel, stride: stride, padding: padding, roundsUp: roundsUp)
    case .average(let countsPadding):
      x.averagePooled1D(
        kernel, stride: stride, padding: padding, countsPadding: countsPadding, roundsUp: roundsUp)
    }
  }

  /// One for each element under a window.
  public func operationCount(input: Shape, output: Shape) -> Int { output.elementCount * kernel }
}

/// The largest element, or the mean, under windows that move along images.
///
/// Input `[N, C, H, W]`, output `[N, C, H', W']`.
///
/// *Reference:* `torch.nn.MaxPool2d` and `AvgPool2d`, 2.x; `keras.layers.MaxPooling2D` and `AveragePooling2D`, 3.x,
/// whose default window is 2.
public struct Pool2D: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// What is taken of a window.
  public let kind: PoolingKind
  /// Rows and columns under a window.
  public let kernel: HeightWidth
  /// Rows and columns from window to window.
  public let stride: HeightWidth
  /// What stands beside the image.
  public let padding: ConvolutionPadding
  /// Whether rows and columns at the end that fill no window make a smaller last one.
  public let roundsUp: Bool

  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kind: what is taken of a window.
  ///   - kernel: rows and columns under a window.
  ///   - stride: rows and columns from window to window; the window's extents if nil.
  ///   - padding: what stands beside the image, at most half of a window.
  ///   - roundsUp: whether rows and columns at the end that fill no window make a smaller last one.
  public init(
    _ kind: PoolingKind, kernel: HeightWidth = 2, stride: HeightWidth? = nil,
    padding: ConvolutionPadding = .valid, roundsUp: Bool = false
  ) {
    self.kind = kind
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.roundsUp = roundsUp
  }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// What was taken of the windows.
  public func forward(_ x: Tensor) -> Tensor {
    switch kind {
    case .maximum:
      x.maxPooled2D(kernel, stride: stride, padding: padding, roundsUp: roundsUp)
    case .average(let countsPadding):
      x.averagePooled2D(
        kernel, stride: stride, padding: padding, countsPadding: countsPadding, roundsUp: roundsUp)
    }
  }

  /// One for each element under a window.
  public func operationCount(input: Shape, output: Shape) -> Int {
    output.elementCount * kernel.height * kernel.width
  }
}
