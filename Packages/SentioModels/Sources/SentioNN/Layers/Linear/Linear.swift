import SentioTensor

/// Weighted sums of the last axis: `activation(x · weight' + bias)`; Keras's `Dense`.
///
/// Input `[…, I]`, output `[…, O]`. Parameters: `weight` `[O, I]` and `bias` `[O]`, which start as
/// ``WeightSettings`` say: by default uniform up to `1/√I`.
///
/// *Reference:* `torch.nn.Linear`, 2.x.
public struct Linear: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// `[O, I]`, one row for each output.
  @Parameter public var weight: Tensor
  /// `[O]`; none adds nothing.
  @Parameter public var bias: Tensor?
  /// What is applied to the sums, in the same pass over memory.
  public let activation: Activation
  /// The layer in 8-bit integers, where it was quantized; ``QuantizedNetwork`` does so.
  package internal(set) var quantized: QuantizedLinear?

  /// Creates a layer of known weights.
  ///
  /// - Parameters:
  ///   - weight: `[O, I]`.
  ///   - bias: `[O]`; none if nil.
  ///   - activation: what is applied to the sums.
  public init(weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity) {
    precondition(
      weight.rank == 2 && bias.map { $0.shape == [weight.shape[0]] } ?? true,
      "Linear: a weight of shape \(weight.shape) with a bias of \(bias?.shape.description ?? "none")"
    )
    self.activation = activation
    self.weight = weight
    self.bias = bias
  }

  /// Creates a layer of random weights.
  ///
  /// - Parameters:
  ///   - inputs: I, at least 1.
  ///   - outputs: O, at least 1.
  ///   - bias: whether there is one.
  ///   - activation: what is applied to the sums.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .identity,
    weights: WeightSettings = .pyTorch, from stream: inout RandomStream
  ) {
    let drawn = weights.draw([outputs, inputs], bias: bias ? outputs : nil, from: &stream)
    self.init(weight: drawn.weight, bias: drawn.bias, activation: activation)
    $weight.regularizer = weights.regularizer
    $bias.regularizer = weights.biasRegularizer
  }

  /// Hands over weight and bias.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
  }

  /// The activated sums.
  public func forward(_ x: Tensor) -> Tensor {
    quantized?(x) ?? x.linear(weight, bias: bias, activation: activation)
  }

  /// The activated sums, and a residual on them, without a pass of its own.
  ///
  /// - Parameters:
  ///   - x: the input, `[…, I]`.
  ///   - residual: what is added, `[…, O]`.
  /// - Returns: `[…, O]`.
  public func callAsFunction(_ x: Tensor, addedTo residual: Tensor) -> Tensor {
    if site.isObserved { return residual + self(x) }
    return quantized?(x, residual: residual)
      ?? x.linear(weight, bias: bias, activation: activation, residual: residual)
  }

  /// Two for each weight and row, and one for each bias.
  public func operationCount(input: Shape, output: Shape) -> Int {
    output.elementCount * (2 * weight.shape[1] + (bias == nil ? 0 : 1))
  }
}
