import SentioNN
import SentioTensor

/// One block of a transformer's encoder: attention of all tokens to all, then a feed-forward part.
///
/// `y = x + A(norm(x))`, `z = y + F(norm(y))`: each part is added to what it was given, and normalizes first.
/// Input and output `[N, L, D]`. Weights start truncated normal with deviation 0.02, biases as zeros.
///
/// *Reference:* Dosovitskiy et al., "An image is worth 16×16 words", 2021; `ViTLayer` and `ASTLayer` of Hugging
/// Face's transformers, 5.x, whose names the members have.
public struct TransformerBlock: Layer {
  /// Where the block stands.
  public var site = Site()
  /// The normalization before the attention.
  @Child("layernorm_before") public var attentionNorm: LayerNorm
  /// Queries from tokens.
  @Child("attention.attention.query") public var query: Linear
  /// Keys from tokens.
  @Child("attention.attention.key") public var key: Linear
  /// Values from tokens.
  @Child("attention.attention.value") public var value: Linear
  /// What the heads found, as a token.
  @Child("attention.output.dense") public var projection: Linear
  /// The normalization before the feed-forward part.
  @Child("layernorm_after") public var feedForwardNorm: LayerNorm
  /// The first layer of the feed-forward part, with its activation.
  @Child("intermediate.dense") public var inner: Linear
  /// The second layer of the feed-forward part.
  @Child("output.dense") public var outer: Linear
  /// The number of heads.
  public let heads: Int
  /// The probability of a feature to be dropped from what a part adds, in training.
  public var dropout: Float
  /// The probability of an attention's weight to be dropped, in training.
  public var attentionDropout: Float

  /// Creates a block of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: TransformerSettings, from stream: inout RandomStream) {
    let features = settings.features
    let bias = settings.hasAttentionBias
    heads = settings.heads
    dropout = settings.dropout
    attentionDropout = settings.attentionDropout
    attentionNorm = LayerNorm(features, epsilon: settings.epsilon)
    query = Linear(features, features, bias: bias, weights: .transformer, from: &stream)
    key = Linear(features, features, bias: bias, weights: .transformer, from: &stream)
    value = Linear(features, features, bias: bias, weights: .transformer, from: &stream)
    projection = Linear(features, features, weights: .transformer, from: &stream)
    feedForwardNorm = LayerNorm(features, epsilon: settings.epsilon)
    inner = Linear(
      features, settings.innerFeatures, activation: settings.activation.activation,
      weights: .transformer, from: &stream)
    outer = Linear(settings.innerFeatures, features, weights: .transformer, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_attentionNorm)
    visit(&_query)
    visit(&_key)
    visit(&_value)
    visit(&_projection)
    visit(&_feedForwardNorm)
    visit(&_inner)
    visit(&_outer)
  }

  /// The tokens after the block.
  public func forward(_ x: Tensor) -> Tensor {
    let drops = self.drops
    if drops || site.isObserved || !isFloat || attentionNorm.rows == nil {
      let normalized = attentionNorm(x)
      let found = multiHeadAttention(
        query(normalized), key(normalized), value(normalized), heads: heads,
        dropout: drawAttentionDropout())
      let y = drops ? x + dropped(projection(found), "attention") : projection(found, addedTo: x)
      return feedForward(y)
    }
    return feedForward(
      x.addingSelfAttention(
        SelfAttentionPart(
          normalization: attentionNorm.rows!, query: .init(query.weight, query.bias),
          key: .init(key.weight, key.bias), value: .init(value.weight, value.bias),
          projection: .init(projection.weight, projection.bias), heads: heads),
        dropout: drawAttentionDropout()))
  }

  /// The first tokens after the block, of which alone queries are made: where nobody reads the others, the rest of
  /// their way would be computed for nothing.
  ///
  /// - Parameters:
  ///   - count: the number of tokens that are wanted, at least 1.
  ///   - x: the tokens, `[N, L, D]`.
  /// - Returns: `[N, count, D]`, what the whole block has there.
  public func first(_ count: Int, of x: Tensor) -> Tensor {
    if count >= x.shape[1] || site.isObserved { return self(x).sliced(..<count, axis: 1) }
    let normalized = attentionNorm(x)
    let found = multiHeadAttention(
      query(normalized.sliced(..<count, axis: 1)), key(normalized), value(normalized),
      heads: heads, dropout: drawAttentionDropout())
    let kept = x.sliced(..<count, axis: 1)
    return feedForward(
      drops
        ? kept + dropped(projection(found), "attention") : projection(found, addedTo: kept))
  }

  /// Whether none of the attention's layers computes in integers.
  private var isFloat: Bool {
    [query, key, value, projection].allSatisfy { $0.quantized == nil }
  }

  /// The tokens after the block, and the weights with which they met each other.
  ///
  /// - Parameter x: the tokens, `[N, L, D]`.
  /// - Returns: `[N, L, D]`, and the weights of all heads, `[N, heads, L, L]`, rows that sum to 1.
  public func withAttention(_ x: Tensor) -> (output: Tensor, weights: Tensor) {
    let normalized = attentionNorm(x)
    let weights = attentionWeights(split(query(normalized)), split(key(normalized)))
    // [N, h, L, D/h] -> [N, L, D]
    let found = weights.matmul(split(value(normalized))).permuted([0, 2, 1, 3])
      .reshaped(Array(x.shape))
    let y = x + dropped(projection(found), "attention")
    return (feedForward(y), weights)
  }

  private func feedForward(_ y: Tensor) -> Tensor {
    if drops || site.isObserved {
      return y + dropped(outer(inner(feedForwardNorm(y))), "output")
    }
    switch (inner.quantized, outer.quantized, feedForwardNorm.rows) {
    case (let first?, let second?, _):
      return first.followed(by: second, feedForwardNorm(y), residual: y)
    case (nil, nil, let normalization?):
      return y.addingFeedForward(
        normalization, inner: inner.weight, innerBias: inner.bias, activation: inner.activation,
        outer: outer.weight, outerBias: outer.bias)
    default: return outer(inner(feedForwardNorm(y)), addedTo: y)
    }
  }

  /// Whether features are dropped from what a part adds.
  private var drops: Bool { site.training != nil && dropout > 0 }

  // [N, L, D] -> [N, h, L, D/h]
  private func split(_ x: Tensor) -> Tensor {
    x.reshaped([x.shape[0], x.shape[1], heads, x.shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  private func dropped(_ x: Tensor, _ purpose: String) -> Tensor {
    guard let pass = site.training, dropout > 0 else { return x }
    return pass.draw(for: site, purpose) { x.dropout(dropout, from: &$0) }
  }

  private func drawAttentionDropout() -> AttentionDropout? {
    guard let pass = site.training, attentionDropout > 0 else { return nil }
    return pass.draw(for: site, "attention.weights") {
      AttentionDropout(attentionDropout, from: &$0)
    }
  }

  /// Two products of all tokens with all, and five for each of the weights' shares.
  public func operationCount(input: Shape, output: Shape) -> Int {
    let pairs = input[0] * heads * input[1] * input[1]
    return pairs * (4 * input[2] / heads + 5)
  }
}

extension WeightSettings {
  /// Truncated normal with deviation 0.02, biases 0: how transformers start.
  public static let transformer = WeightSettings(
    initializer: .truncatedNormal(standardDeviation: 0.02))
}
