import SentioTensor

/// Attention in several heads: every place of a sequence takes what it needs from others.
///
/// With D = E / heads, each head computes `softmax(Q · K' / √D) · V`; their outputs, side by side, go through a
/// last projection. Queries `[N, L, E]`, keys and values `[N, S, E]`, output `[N, L, E]`. Parameters:
/// `in_proj_weight` `[3E, E]` and `in_proj_bias` `[3E]` for queries, keys and values one below the other,
/// `out_proj.weight` `[E, E]` and `out_proj.bias` `[E]`. The first starts Glorot uniform, the biases as zeros, the
/// last uniform up to 1/√E.
///
/// *Reference:* `torch.nn.MultiheadAttention` with `batch_first`, 2.x; Vaswani et al., "Attention is all you need",
/// 2017.
public struct MultiHeadAttention: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// `[3E, E]`: the projections of queries, keys and values.
  @Parameter("in_proj_weight") public var weight: Tensor
  /// `[3E]`; none adds nothing.
  @Parameter("in_proj_bias") public var bias: Tensor?
  /// The projection of the heads' outputs.
  @Child("out_proj") public var projection: Linear
  /// How many heads there are.
  public let heads: Int
  /// Whether a query meets only the keys up to its own place.
  public let isCausal: Bool
  /// The probability of a weight to be dropped in training, from 0 and below 1.
  public var dropout: Float

  /// Creates an attention of random weights.
  ///
  /// - Parameters:
  ///   - features: E.
  ///   - heads: how many heads there are; divides E.
  ///   - bias: whether projections have one.
  ///   - isCausal: whether a query meets only the keys up to its own place.
  ///   - dropout: the probability of a weight to be dropped in training, from 0 and below 1.
  ///   - stream: the stream to draw from.
  public init(
    _ features: Int, heads: Int, bias: Bool = true, isCausal: Bool = false, dropout: Float = 0,
    from stream: inout RandomStream
  ) {
    precondition(
      heads >= 1 && features % heads == 0, "\(heads) heads do not divide \(features) features")
    precondition((0..<1).contains(dropout), "weights cannot be dropped with probability \(dropout)")
    self.heads = heads
    self.isCausal = isCausal
    self.dropout = dropout
    weight = Initializer.glorot().tensor([3 * features, features], from: &stream)
    self.bias = bias ? .zeros([3 * features]) : nil
    let settings = WeightSettings(initializer: WeightSettings.pyTorch.initializer)
    projection = Linear(features, features, bias: bias, weights: settings, from: &stream)
  }

  /// Hands over the projections.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
    visit(&_projection)
  }

  /// Attention of a sequence to itself.
  public func forward(_ x: Tensor) -> Tensor { attend(x, mask: nil) }

  /// Attention of a sequence to itself, some of whose places do not count.
  ///
  /// - Parameters:
  ///   - x: `[N, L, E]`.
  ///   - mask: which places count; all if nil.
  /// - Returns: `[N, L, E]`.
  public func callAsFunction(_ x: Tensor, mask: AttentionMask?) -> Tensor {
    let y = attend(x, mask: mask)
    report([x], y)
    return y
  }

  /// Attention of one sequence to another.
  ///
  /// - Parameters:
  ///   - query: `[N, L, E]`.
  ///   - key: `[N, S, E]`.
  ///   - value: `[N, S, E]`.
  ///   - mask: which keys count for which queries; all if nil.
  /// - Returns: `[N, L, E]`.
  public func callAsFunction(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: AttentionMask? = nil
  ) -> Tensor {
    let (q, k, v) = (project(query, 0), project(key, 1), project(value, 2))
    let y = projection(
      multiHeadAttention(
        q, k, v, heads: heads, mask: mask, isCausal: isCausal, dropout: drawnDropout()))
    report([query, key, value], y)
    return y
  }

  /// What every query takes from every key: the map that explanations draw.
  ///
  /// - Parameters:
  ///   - query: `[N, L, E]`.
  ///   - key: `[N, S, E]`; the queries' own sequence if nil.
  ///   - mask: which keys count for which queries; all if nil.
  /// - Returns: `[N, heads, L, S]`, rows that sum to 1 or, without any key, are zeros.
  public func map(_ query: Tensor, _ key: Tensor? = nil, mask: AttentionMask? = nil) -> Tensor {
    attentionWeights(
      divided(project(query, 0)), divided(project(key ?? query, 1)), mask: mask, isCausal: isCausal)
  }

  private func attend(_ x: Tensor, mask: AttentionMask?) -> Tensor {
    projection(
      multiHeadAttention(
        qkv: x.linear(weight, bias: bias), heads: heads, mask: mask, isCausal: isCausal,
        dropout: drawnDropout()))
  }

  /// The queries, keys or values of a sequence.
  private func project(_ x: Tensor, _ part: Int) -> Tensor {
    let features = weight.shape[1]
    let rows = part * features..<(part + 1) * features
    return x.linear(weight[rows], bias: bias?[rows])
  }

  /// The heads' features one behind the other: [N, L, E] -> [N, heads, L, D].
  private func divided(_ x: Tensor) -> Tensor {
    x.reshaped([x.shape[0], x.shape[1], heads, -1]).permuted([0, 2, 1, 3])
  }

  private func drawnDropout() -> AttentionDropout? {
    guard let pass = site.training, dropout > 0 else { return nil }
    return pass.draw(for: site) { AttentionDropout(dropout, from: &$0) }
  }

  /// The three projections, the scores and the weighted sums; the last projection counts its own.
  public func operationCount(input: Shape, output: Shape) -> Int {
    guard input.rank == 3 else { return 0 }
    let (batch, length, features) = (input[0], input[1], input[2])
    return batch * length * (6 * features * features + 4 * length * features)
  }
}
