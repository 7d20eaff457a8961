import SentioTensor

/// Convolution of signals: windows of weights that move along the last axis.
///
/// Input `[N, C, L]`, output `[N, O, L']`: `activation(bias + Σ weight · window)`. Parameters: `weight`
/// `[O, C / groups, K]` and `bias` `[O]`, which start as ``WeightSettings`` say.
///
/// | Keras | here |
/// |---|---|
/// | `filters`, `kernel_size`, `strides`, `dilation_rate`, `groups` | `filters`, `kernel`, `stride`, `dilation`, `groups` |
/// | `padding="valid"`, `"same"`, `"causal"` | `.valid`, `.same`, `.causal`; PyTorch's `padding=p` is `.symmetric(p)` |
/// | `activation="relu"` | `.relu`; what cannot be fused is an ``ActivationLayer`` behind it |
/// | `kernel_initializer`, `kernel_regularizer`, `bias_regularizer` | ``WeightSettings`` |
/// | `data_format="channels_last"` | a ``Permute`` before and behind |
///
/// *Reference:* `torch.nn.Conv1d`, 2.x; `keras.layers.Conv1D`, 3.x.
public struct Conv1D: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// `[O, C / groups, K]`.
  @Parameter public var weight: Tensor
  /// `[O]`; none adds nothing.
  @Parameter public var bias: Tensor?
  /// Elements from window to window.
  public let stride: Int
  /// Elements from tap to tap.
  public let dilation: Int
  /// How many parts the channels fall into, each convolved by itself.
  public let groups: Int
  /// The zeros beside the signal.
  public let padding: ConvolutionPadding
  /// What is applied to the sums, in the same pass over memory.
  public let activation: Activation

  /// Creates a convolution of known weights.
  ///
  /// - Parameters:
  ///   - weight: `[O, C / groups, K]`.
  ///   - bias: `[O]`; none if nil.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - groups: how many parts the channels fall into; divides C and O.
  ///   - padding: the zeros beside the signal.
  ///   - activation: what is applied to the sums.
  public init(
    weight: Tensor, bias: Tensor? = nil, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
    padding: ConvolutionPadding = .valid, activation: Activation = .identity
  ) {
    precondition(
      weight.rank == 3 && weight.shape[0] % groups == 0
        && bias.map { $0.shape == [weight.shape[0]] } ?? true,
      "Conv1D: a weight of shape \(weight.shape) in \(groups) groups with a bias of "
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
  ///   - kernel: K, the taps of a window.
  ///   - stride: elements from window to window.
  ///   - dilation: elements from tap to tap.
  ///   - groups: how many parts the channels fall into; divides C and O. With as many as channels it is a
  ///     depthwise convolution.
  ///   - padding: the zeros beside the signal.
  ///   - bias: whether there is one; a normalization behind makes it superfluous.
  ///   - activation: what is applied to the sums.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
    groups: Int = 1, padding: ConvolutionPadding = .valid, bias: Bool = true,
    activation: Activation = .identity, weights: WeightSettings = .pyTorch,
    from stream: inout RandomStream
  ) {
    precondition(
      groups >= 1 && channels % groups == 0 && filters % groups == 0,
      "\(groups) groups do not divide \(channels) channels and \(filters) filters")
    let drawn = weights.draw(
      [filters, channels / groups, kernel], bias: bias ? filters : nil, from: &stream)
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

  /// The filtered signals.
  public func forward(_ x: Tensor) -> Tensor {
    if groups > 1 && weight.shape[1] == 1 {
      // Filters of single channels have loops of their own: as products they would be too small.
      return activation(
        x.depthwiseConvolved1D(
          weight, bias: bias, stride: stride, dilation: dilation, padding: padding))
    }
    return x.convolved1D(
      weight, bias: bias, stride: stride, dilation: dilation, groups: groups, padding: padding,
      activation: activation)
  }

  /// Two for each tap and output, and one for each bias.
  public func operationCount(input: Shape, output: Shape) -> Int {
    output.elementCount * (2 * weight.shape[1] * weight.shape[2] + (bias == nil ? 0 : 1))
  }
}
