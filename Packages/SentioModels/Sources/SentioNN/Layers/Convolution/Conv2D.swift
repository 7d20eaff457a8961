import SentioTensor

/// Convolution of images: windows of weights that move along the last two axes.
///
/// Input `[N, C, H, W]`, output `[N, O, H', W']`: `activation(bias + Σ weight · window)`. Parameters: `weight`
/// `[O, C / groups, Kh, Kw]` and `bias` `[O]`, which start as ``WeightSettings`` say. How Keras's parameters
/// are called here says ``Conv1D``.
///
/// *Reference:* `torch.nn.Conv2d`, 2.x; `keras.layers.Conv2D`, 3.x.
public struct Conv2D: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// `[O, C / groups, Kh, Kw]`.
  @Parameter public var weight: Tensor
  /// `[O]`; none adds nothing.
  @Parameter public var bias: Tensor?
  /// Elements from window to window.
  public let stride: HeightWidth
  /// Elements from tap to tap.
  public let dilation: HeightWidth
  /// How many parts the channels fall into, each convolved by itself.
  public let groups: Int
  /// The zeros beside the image.
  public let padding: ConvolutionPadding
  /// What is applied to the sums, in the same pass over memory.
  public let activation: Activation

  /// Creates a convolution of known weights.
  ///
  /// - Parameters:
  ///   - weight: `[O, C / groups, Kh, Kw]`.
  ///   - bias: `[O]`; none if nil.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - groups: how many parts the channels fall into; divides C and O.
  ///   - padding: the zeros beside the image.
  ///   - activation: what is applied to the sums.
  public init(
    weight: Tensor, bias: Tensor? = nil, stride: HeightWidth = 1, dilation: HeightWidth = 1,
    groups: Int = 1, padding: ConvolutionPadding = .valid, activation: Activation = .identity
  ) {
    precondition(
      weight.rank == 4 && weight.shape[0] % groups == 0
        && bias.map { $0.shape == [weight.shape[0]] } ?? true,
      "Conv2D: a weight of shape \(weight.shape) in \(groups) groups with a bias of "
        + "\(bias?.shape.description ?? "none")")
    self.stride = stride
    self.dilation = dilation
    self.groups = groups
    self.padding = padding
    self.activation = activation
    self.weight = weight
    self.bias = bias
  }

  /// Creates a convolution of random weights.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - filters: O.
  ///   - kernel: Kh and Kw, the taps of a window.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - groups: how many parts the channels fall into; divides C and O. With as many as channels it is a
  ///     depthwise convolution.
  ///   - padding: the zeros beside the image.
  ///   - bias: whether there is one; a normalization behind makes it superfluous.
  ///   - activation: what is applied to the sums.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ channels: Int, _ filters: Int, kernel: HeightWidth, stride: HeightWidth = 1,
    dilation: HeightWidth = 1, groups: Int = 1, padding: ConvolutionPadding = .valid,
    bias: Bool = true, activation: Activation = .identity, weights: WeightSettings = .pyTorch,
    from stream: inout RandomStream
  ) {
    precondition(
      groups >= 1 && channels % groups == 0 && filters % groups == 0,
      "\(groups) groups do not divide \(channels) channels and \(filters) filters")
    let drawn = weights.draw(
      [filters, channels / groups, kernel.height, kernel.width], bias: bias ? filters : nil,
      from: &stream)
    self.init(
      weight: drawn.weight, bias: drawn.bias, stride: stride, dilation: dilation, groups: groups,
      padding: padding, activation: activation)
    $weight.regularizer = weights.regularizer
    $bias.regularizer = weights.biasRegularizer
  }

  /// Hands over weight and bias.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
  }

  /// The filtered images.
  public func forward(_ x: Tensor) -> Tensor {
    if groups > 1 && weight.shape[1] == 1 {
      // Filters of single channels have loops of their own: as products they would be too small.
      return activation(
        x.depthwiseConvolved2D(
          weight, bias: bias, stride: stride, dilation: dilation, padding: padding))
    }
    return x.convolved2D(
      weight, bias: bias, stride: stride, dilation: dilation, groups: groups, padding: padding,
      activation: activation)
  }

  /// Two for each tap and output, and one for each bias.
  public func operationCount(input: Shape, output: Shape) -> Int {
    let taps = weight.shape.dropFirst().reduce(1, *)
    return output.elementCount * (2 * taps + (bias == nil ? 0 : 1))
  }
}
