import SentioTensor

/// A filter for each channel by itself, then sums over the channels: a convolution of signals with fewer weights.
///
/// Input `[N, C, L]`, output `[N, O, L']`. Children: `depthwise`, `[C·M, 1, K]` without a bias, and `pointwise`,
/// `[O, C·M, 1]`, M being the channel multiplier.
///
/// *Reference:* `keras.layers.SeparableConv1D`, 3.x; in PyTorch two `Conv1d` in a row.
public struct SeparableConv1D: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// A filter, or M of them, for each channel.
  @Child public var depthwise: Conv1D
  /// The sums over the filtered channels.
  @Child public var pointwise: Conv1D

  /// Creates a convolution of random weights.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - filters: O.
  ///   - kernel: K, the taps of a filter.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - multiplier: M, filters for each channel.
  ///   - padding: the zeros beside the signal.
  ///   - bias: whether the sums over the channels have one.
  ///   - activation: what is applied to those sums.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
    multiplier: Int = 1, padding: ConvolutionPadding = .valid, bias: Bool = true,
    activation: Activation = .identity, weights: WeightSettings = .pyTorch,
    from stream: inout RandomStream
  ) {
    depthwise = Conv1D(
      channels, channels * multiplier, kernel: kernel, stride: stride, dilation: dilation,
      groups: channels, padding: padding, bias: false, weights: weights, from: &stream)
    pointwise = Conv1D(
      channels * multiplier, filters, kernel: 1, bias: bias, activation: activation,
      weights: weights, from: &stream)
  }

  /// Hands over both convolutions.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_depthwise)
    visit(&_pointwise)
  }

  /// The filtered signals.
  public func forward(_ x: Tensor) -> Tensor { pointwise(depthwise(x)) }
}

/// A filter for each channel by itself, then sums over the channels: a convolution of images with fewer weights.
///
/// Input `[N, C, H, W]`, output `[N, O, H', W']`. Children: `depthwise`, `[C·M, 1, Kh, Kw]` without a bias, and
/// `pointwise`, `[O, C·M, 1, 1]`, M being the channel multiplier.
///
/// *Reference:* `keras.layers.SeparableConv2D`, 3.x; in PyTorch two `Conv2d` in a row.
public struct SeparableConv2D: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// A filter, or M of them, for each channel.
  @Child public var depthwise: Conv2D
  /// The sums over the filtered channels.
  @Child public var pointwise: Conv2D

  /// Creates a convolution of random weights.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - filters: O.
  ///   - kernel: Kh and Kw, the taps of a filter.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - multiplier: M, filters for each channel.
  ///   - padding: the zeros beside the image.
  ///   - bias: whether the sums over the channels have one.
  ///   - activation: what is applied to those sums.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ channels: Int, _ filters: Int, kernel: HeightWidth, stride: HeightWidth = 1,
    dilation: HeightWidth = 1, multiplier: Int = 1, padding: ConvolutionPadding = .valid,
    bias: Bool = true, activation: Activation = .identity, weights: WeightSettings = .pyTorch,
    from stream: inout RandomStream
  ) {
    depthwise = Conv2D(
      channels, channels * multiplier, kernel: kernel, stride: stride, dilation: dilation,
      groups: channels, padding: padding, bias: false, weights: weights, from: &stream)
    pointwise = Conv2D(
      channels * multiplier, filters, kernel: 1, bias: bias, activation: activation,
      weights: weights, from: &stream)
  }

  /// Hands over both convolutions.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_depthwise)
    visit(&_pointwise)
  }

  /// The filtered images.
  public func forward(_ x: Tensor) -> Tensor { pointwise(depthwise(x)) }
}
