import CSentioTensorKernels

/// Attention of a sequence to itself, straight from the one product that makes queries, keys and values.
///
/// The features of a token are `[Q₁ … Qₕ, K₁ … Kₕ, V₁ … Vₕ]`, D for each of h heads, as a linear layer of
/// 3·h·D outputs gives them; every head is read and written where it lies, without a copy. See
/// ``scaledDotProductAttention(_:_:_:mask:bias:isCausal:dropout:scale:file:line:)`` for the formula and for rows
/// without keys.
///
/// - Parameters:
///   - qkv: `[N, L, 3·h·D]`.
///   - heads: h, which divides the features.
///   - mask: which tokens count; pairs broadcast to `[N, h, L, L]`.
///   - bias: added to the scaled scores; broadcasts to `[N, h, L, L]`. Differentiable.
///   - isCausal: whether a token meets only those before it and itself.
///   - dropout: which weights are dropped; nil for none.
///   - scale: what scores are multiplied by; `1/√D` if nil.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: `[N, L, h·D]`.
public func multiHeadAttention(
  qkv: Tensor, heads: Int, mask: AttentionMask? = nil, bias: Tensor? = nil, isCausal: Bool = false,
  dropout: AttentionDropout? = nil, scale: Float? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  require(
    qkv.rank == 3 && heads > 0 && qkv.shape[2] % (3 * max(1, heads)) == 0,
    "attention: shape \(qkv.shape) does not hold queries, keys and values of \(heads) heads", file,
    line
  )
  let (sequences, tokens, features) = (qkv.shape[0], qkv.shape[1], qkv.shape[2] / 3)
  let depth = features / heads
  if Compute.engine != ComputeEngine.preferred {
    // [N, L, 3·h·D] -> [3, N, h, L, D]
    let parts = qkv.reshaped([sequences, tokens, 3, heads, depth] as Shape).permuted([
      2, 0, 3, 1, 4,
    ])
    let split = (0..<3).map {
      parts.sliced($0..<($0 + 1), axis: 0)
        .reshaped([sequences, heads, tokens, depth] as Shape)
    }
    return scaledDotProductAttention(
      split[0], split[1], split[2], mask: mask, bias: bias, isCausal: isCausal, dropout: dropout,
      scale: scale, file: file, line: line
    ).permuted([0, 2, 1, 3]).reshaped([sequences, tokens, features] as Shape)
  }
  let batch: Shape = [sequences, heads]
  let attention = FusedAttention(
    query: .init(qkv, offset: 0, row: 3 * features),
    key: .init(qkv, offset: features, row: 3 * features),
    value: .init(qkv, offset: 2 * features, row: 3 * features), batch: batch, queries: tokens,
    keys: tokens, depth: depth, valueDepth: depth, resultShape: [sequences, tokens, features],
    resultRow: features,
    places: placesOfHeads(
      sequences, heads, depth, tokens * 3 * features, tokens * 3 * features,
      tokens * features),
    mask: mask?.broadcastable(to: batch, keys: tokens, file, line), bias: bias, isCausal: isCausal,
    dropout: dropout, scale: scale ?? 1 / Float(depth).squareRoot(), file, line)
  return attention.result(of: [qkv], bias: bias) { [$0.query] }
}

/// Attention of one sequence to another (or to itself) in several heads that lie side by side.
///
/// Every head is read and written where it lies, without a copy. See
/// ``scaledDotProductAttention(_:_:_:mask:bias:isCausal:dropout:scale:file:line:)`` for the formula and for rows
/// without keys.
///
/// - Parameters:
///   - query: `[N, L, h·D]`.
///   - key: `[N, S, h·D]`.
///   - value: `[N, S, h·E]`.
///   - heads: h.
///   - mask: which keys count; pairs broadcast to `[N, h, L, S]`.
///   - bias: added to the scaled scores; broadcasts to `[N, h, L, S]`. Differentiable.
///   - isCausal: whether a query meets only the keys up to its own place.
///   - dropout: which weights are dropped; nil for none.
///   - scale: what scores are multiplied by; `1/√D` if nil.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: `[N, L, h·E]`.
public func multiHeadAttention(
  _ query: Tensor, _ key: Tensor, _ value: Tensor, heads: Int, mask: AttentionMask? = nil,
  bias: Tensor? = nil, isCausal: Bool = false, dropout: AttentionDropout? = nil,
  scale: Float? = nil, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireAttentionShapes(query, key, value, file, line)
  require(
    query.rank == 3 && heads > 0 && query.shape[2] % max(1, heads) == 0
      && value.shape[2] % max(1, heads) == 0,
    "attention: queries \(query.shape) and values \(value.shape) do not hold \(heads) heads", file,
    line
  )
  let (sequences, queries, keys) = (query.shape[0], query.shape[1], key.shape[1])
  let (features, valueFeatures) = (query.shape[2], value.shape[2])
  let (depth, valueDepth) = (features / heads, valueFeatures / heads)
  if Compute.engine != ComputeEngine.preferred {
    // [N, L, h·D] -> [N, h, L, D]
    let split = [query, key, value].map {
      $0.reshaped([$0.shape[0], $0.shape[1], heads, $0.shape[2] / heads] as Shape)
        .permuted([0, 2, 1, 3])
    }
    return scaledDotProductAttention(
      split[0], split[1], split[2], mask: mask, bias: bias, isCausal: isCausal, dropout: dropout,
      scale: scale, file: file, line: line
    ).permuted([0, 2, 1, 3]).reshaped([sequences, queries, valueFeatures] as Shape)
  }
  let batch: Shape = [sequences, heads]
  var places = placesOfHeads(
    sequences, heads, depth, queries * features, keys * features, queries * valueFeatures)
  for index in places.indices {
    let (sequence, head) = (index / heads, index % heads)
    places[index].value = sequence * keys * valueFeatures + head * valueDepth
    places[index].out = sequence * queries * valueFeatures + head * valueDepth
  }
  let attention = FusedAttention(
    query: .init(query, offset: 0, row: features), key: .init(key, offset: 0, row: features),
    value: .init(value, offset: 0, row: valueFeatures), batch: batch, queries: queries, keys: keys,
    depth: depth, valueDepth: valueDepth, resultShape: [sequences, queries, valueFeatures],
    resultRow: valueFeatures, places: places,
    mask: mask?.broadcastable(to: batch, keys: keys, file, line), bias: bias, isCausal: isCausal,
    dropout: dropout, scale: scale ?? 1 / Float(depth).squareRoot(), file, line)
  return attention.result(of: [query, key, value], bias: bias) { gradients in
    [gradients.query, gradients.key, gradients.value]
  }
}

/// Where the heads of sequences begin whose features lie side by side, `depth` a head.
func placesOfHeads(
  _ sequences: Int, _ heads: Int, _ depth: Int, _ querySequence: Int, _ keySequence: Int,
  _ outSequence: Int
) -> [sentio_attention_place] {
  (0..<sequences * heads).map { index in
    let (sequence, start) = (index / heads, index % heads * depth)
    return sentio_attention_place(
      query: sequence * querySequence + start, key: sequence * keySequence + start,
      value: sequence * keySequence + start, out: sequence * outSequence + start, mask: 0, bias: 0)
  }
}
