import SentioTensor

/// The last axis of every example brought to mean 0 and variance 1, then scaled and shifted.
///
/// `(x − mean) / √(variance + ε) · weight + bias` with the population's variance. Input and output `[…, D]`;
/// `weight` `[D]` starts as ones, `bias` `[D]` as zeros. Training and inference are the same.
///
/// *Reference:* `torch.nn.LayerNorm`, 2.x (ε 1e-5; Hugging Face's ViT and AST 1e-12; Keras 1e-3).
public struct LayerNorm: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The gain, `[D]`; none multiplies by 1.
  @Parameter public var weight: Tensor?
  /// The offset, `[D]`; none adds 0.
  @Parameter public var bias: Tensor?
  /// ε, which keeps the divisor from 0.
  public let epsilon: Float

  /// Creates a normalization.
  ///
  /// - Parameters:
  ///   - features: D.
  ///   - scale: whether there is a gain.
  ///   - center: whether there is an offset.
  ///   - epsilon: keeps the divisor from 0; 1e-5 in PyTorch, 1e-3 in Keras.
  public init(_ features: Int, scale: Bool = true, center: Bool = true, epsilon: Float = 1e-5) {
    self.epsilon = epsilon
    weight = scale ? .ones([features]) : nil
    bias = center ? .zeros([features]) : nil
  }

  /// Hands over gain and offset.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
  }

  /// The normalized rows.
  public func forward(_ x: Tensor) -> Tensor {
    x.layerNormalized(gain: weight, offset: bias, epsilon: epsilon)
  }

  /// The normalization as a fused operation reads it; nil without a gain or an offset.
  public var rows: RowNormalization? {
    guard let weight, let bias else { return nil }
    return RowNormalization(gain: weight, offset: bias, epsilon: epsilon)
  }

  /// Eight for each element: two for the mean and the variance each, four for the result.
  public func operationCount(input: Shape, output: Shape) -> Int { 8 * output.elementCount }
}
