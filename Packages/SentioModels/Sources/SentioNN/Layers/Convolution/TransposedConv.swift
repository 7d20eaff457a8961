import SentioTensor

/// Transposed convolution of signals: what leads from a convolution's outputs back to the extent of its inputs.
///
/// Input `[N, C, L]`, output `[N, O, (L − 1)·stride + dilation·(K − 1) + 1 − cut + outputPadding]`. Parameters:
/// `weight` `[C, O / groups, K]` and `bias` `[O]`, which start as ``WeightSettings`` say, with
/// `O / groups · K` for the fan of the inputs, as PyTorch counts.
///
/// *Reference:* `torch.nn.ConvTranspose1d`, 2.x; `keras.layers.Conv1DTranspose`, 3.x.
public struct TransposedConv1D: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// `[C, O / groups, K]`.
  @Parameter public var weight: Tensor
  /// `[O]`; none adds nothing.
  @Parameter public var bias: Tensor?
  /// Elements from window to window: how much longer the signal gets.
  public let stride: Int
  /// Elements from tap to tap.
  public let dilation: Int
  /// How many parts the channels fall into, each by itself.
  public let groups: Int
  /// How many elements are cut off at the ends.
  public let padding: ConvolutionPadding
  /// How many elements the result is longer at its end.
  public let outputPadding: Int
  /// What is applied to the sums.
  public let activation: Activation

  /// Creates a transposed convolution of random weights.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - filters: O.
  ///   - kernel: K, the taps of a window.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - groups: how many parts the channels fall into; divides C and O.
  ///   - padding: how many elements are cut off at the ends, as the convolution would have added them.
  ///   - outputPadding: how many elements the result is longer at its end, below the stride or the dilation.
  ///   - bias: whether there is one.
  ///   - activation: what is applied to the sums.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
    groups: Int = 1, padding: ConvolutionPadding = .valid, outputPadding: Int = 0,
    bias: Bool = true, activation: Activation = .identity, weights: WeightSettings = .pyTorch,
    from stream: inout RandomStream
  ) {
    precondition(
      groups >= 1 && channels % groups == 0 && filters % groups == 0,
      "\(groups) groups do not divide \(channels) channels and \(filters) filters")
    self.stride = stride
    self.dilation = dilation
    self.groups = groups
    self.padding = padding
    self.outputPadding = outputPadding
    self.activation = activation
    (weight, self.bias) = weights.draw(
      [channels, filters / groups, kernel], bias: bias ? filters : nil, from: &stream)
    $weight.regularizer = weights.regularizer
    $bias.regularizer = weights.biasRegularizer
  }

  /// Hands over weight and bias.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
  }

  /// The longer signals.
  public func forward(_ x: Tensor) -> Tensor {
    activation(
      x.transposedConvolved1D(
        weight, bias: bias, stride: stride, dilation: dilation, groups: groups, padding: padding,
        outputPadding: outputPadding))
  }

  /// Two for each tap and input, and one for each bias.
  public func operationCount(input: Shape, output: Shape) -> Int {
    input.elementCount * 2 * weight.shape[1] * weight.shape[2]
      + (bias == nil ? 0 : output.elementCount)
  }
}

/// Transposed convolution of images: what leads from a convolution's outputs back to the extents of its inputs.
///
/// Input `[N, C, H, W]`, output `[N, O, H', W']`, each extent by the rule of ``TransposedConv1D``. Parameters:
/// `weight` `[C, O / groups, Kh, Kw]` and `bias` `[O]`.
///
/// *Reference:* `torch.nn.ConvTranspose2d`, 2.x; `keras.layers.Conv2DTranspose`, 3.x.
public struct TransposedConv2D: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// `[C, O / groups, Kh, Kw]`.
  @Parameter public var weight: Tensor
  /// `[O]`; none adds nothing.
  @Parameter public var bias: Tensor?
  /// Elements from window to window: how much larger the image gets.
  public let stride: HeightWidth
  /// Elements from tap to tap.
  public let dilation: HeightWidth
  /// How many parts the channels fall into, each by itself.
  public let groups: Int
  /// How many rows and columns are cut off at the edges.
  public let padding: ConvolutionPadding
  /// How many rows and columns the result has more at its end.
  public let outputPadding: HeightWidth
  /// What is applied to the sums.
  public let activation: Activation

  /// Creates a transposed convolution of random weights.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - filters: O.
  ///   - kernel: Kh and Kw, the taps of a window.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - groups: how many parts the channels fall into; divides C and O.
  ///   - padding: how many rows and columns are cut off at the edges, as the convolution would have added them.
  ///   - outputPadding: how many the result has more at its end, below the stride or the dilation.
  ///   - bias: whether there is one; a normalization behind makes it superfluous.
  ///   - activation: what is applied to the sums.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ channels: Int, _ filters: Int, kernel: HeightWidth, stride: HeightWidth = 1,
    dilation: HeightWidth = 1, groups: Int = 1, padding: ConvolutionPadding = .valid,
    outputPadding: HeightWidth = 0, bias: Bool = true, activation: Activation = .identity,
    weights: WeightSettings = .pyTorch, from stream: inout RandomStream
  ) {
    precondition(
      groups >= 1 && channels % groups == 0 && filters % groups == 0,
      "\(groups) groups do not divide \(channels) channels and \(filters) filters")
    self.stride = stride
    self.dilation = dilation
    self.groups = groups
    self.padding = padding
    self.outputPadding = outputPadding
    self.activation = activation
    (weight, self.bias) = weights.draw(
      [channels, filters / groups, kernel.height, kernel.width], bias: bias ? filters : nil,
      from: &stream)
    $weight.regularizer = weights.regularizer
    $bias.regularizer = weights.biasRegularizer
  }

  /// Hands over weight and bias.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
  }

  /// The larger images.
  public func forward(_ x: Tensor) -> Tensor {
    activation(
      x.transposedConvolved2D(
        weight, bias: bias, stride: stride, dilation: dilation, groups: groups, padding: padding,
        outputPadding: outputPadding))
  }

  /// Two for each tap and input, and one for each bias.
  public func operationCount(input: Shape, output: Shape) -> Int {
    input.elementCount * 2 * weight.shape.dropFirst().reduce(1, *)
      + (bias == nil ? 0 : output.elementCount)
  }
}
