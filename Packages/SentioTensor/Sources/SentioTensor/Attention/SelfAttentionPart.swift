/// The weights of the attention part of a transformer's block: a normalization, queries, keys and values from the
/// normalized tokens, and a layer that brings what the heads found back among the features.
public struct SelfAttentionPart: Sendable {
  /// A layer of weighted sums.
  public struct Layer: Sendable {
    /// `[O, I]`.
    public var weight: Tensor
    /// `[O]`; zeros if nil.
    public var bias: Tensor?

    /// Creates a layer.
    ///
    /// - Parameters:
    ///   - weight: `[O, I]`.
    ///   - bias: `[O]`; zeros if nil.
    public init(_ weight: Tensor, _ bias: Tensor? = nil) {
      self.weight = weight
      self.bias = bias
    }
  }

  /// What the tokens are read through.
  public var normalization: RowNormalization
  /// Queries, keys and values, each `[D, D]`.
  public var (query, key, value): (Layer, Layer, Layer)
  /// `[D, D]`, of what the heads found.
  public var projection: Layer
  /// The number of heads, which divides D.
  public var heads: Int

  /// Creates a part.
  ///
  /// - Parameters:
  ///   - normalization: what the tokens are read through.
  ///   - query: `[D, D]`.
  ///   - key: `[D, D]`.
  ///   - value: `[D, D]`.
  ///   - projection: `[D, D]`, of what the heads found.
  ///   - heads: the number of heads, which divides D.
  public init(
    normalization: RowNormalization, query: Layer, key: Layer, value: Layer, projection: Layer,
    heads: Int
  ) {
    self.normalization = normalization
    (self.query, self.key, self.value) = (query, key, value)
    self.projection = projection
    self.heads = heads
  }

  /// Queries, keys, values, and the projection of what was found.
  var layers: [Layer] { [query, key, value, projection] }
}

extension Tensor {
  /// The attention part of a transformer's block, added to what it is given:
  /// `x + projection(attention(query(norm(x)), key(norm(x)), value(norm(x))))`.
  ///
  /// In a scope of ``ComputePrecision/bfloat16`` the normalized tokens, queries, keys, values and what the heads
  /// found are in bfloat16 only, there and back; x and the result are in single precision.
  ///
  /// - Parameters:
  ///   - part: the weights.
  ///   - dropout: which of the attention's weights are dropped; nil for none.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, L, D]` for this `[N, L, D]`.
  public func addingSelfAttention(
    _ part: SelfAttentionPart, dropout: AttentionDropout? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let features = rank == 3 ? shape[2] : 0
    part.normalization.requireFit(shape, file, line)
    require(
      rank == 3 && part.heads > 0 && features % Swift.max(1, part.heads) == 0
        && part.layers.allSatisfy {
          $0.weight.shape == [features, features]
            && $0.bias.map { $0.shape == [features] } != false
        },
      "addingSelfAttention: \(part.heads) heads or weights of shapes \(part.layers.map(\.weight.shape)) do not "
        + "fit \(shape)", file, line)
    #if OneDNN
      if count > 0 && Compute.multipliesInBFloat16 && BFloat16Attention.isAvailable {
        return bfloat16SelfAttention(part, dropout)
      }
    #endif
    let normalized = normalized(by: part.normalization, file, line)
    let parts = part.layers.prefix(3).map { normalized.linear($0.weight, bias: $0.bias) }
    return multiHeadAttention(
      parts[0], parts[1], parts[2], heads: part.heads, dropout: dropout, file: file, line: line
    ).linear(
      part.projection.weight, bias: part.projection.bias, residual: self, file: file, line: line)
  }
}
