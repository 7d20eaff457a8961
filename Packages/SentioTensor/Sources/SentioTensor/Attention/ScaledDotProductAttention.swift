/// Attention: for each query the mean of the values, weighed by how well their keys fit.
///
/// `softmax(Q · K' · scale + bias) · V` over the keys that mask and order allow. Scores and weights are never
/// written out: memory is linear in L and S, on the way back too (where the weights are computed again), but for
/// the gradient of a bias. Letters: L queries, S keys, D features of queries and keys, E of values.
///
/// A query that no key is allowed for gets zeros, and hands none of its gradient on. A key whose weight is
/// exactly 0 (taken out, dropped, or e^-88 from the best) adds nothing, even where its value is not finite. A
/// score that is NaN or +infinity makes the whole row NaN; one of -infinity does not count.
///
/// Under ``ComputePrecision/bfloat16`` both products take factors rounded to bfloat16, the softmax stays in
/// single precision; on a chip without the instructions everything does.
///
/// - Parameters:
///   - query: `[…, L, D]`, usually `[N, heads, L, D]`.
///   - key: `[…, S, D]` with the same leading axes.
///   - value: `[…, S, E]` with the same leading axes.
///   - mask: which keys count for which queries; nil for all.
///   - bias: added to the scaled scores; broadcasts to `[…, L, S]`. Differentiable.
///   - isCausal: whether a query meets only the keys up to its own place, counted from the first of both.
///   - dropout: which weights are dropped; nil for none.
///   - scale: what scores are multiplied by; `1/√D` if nil.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: `[…, L, E]`.
///
/// *Reference:* `torch.nn.functional.scaled_dot_product_attention`, 2.x.
/// *Differs from:* PyTorch gives NaN, in some versions zeros, for a query without keys.
public func scaledDotProductAttention(
  _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: AttentionMask? = nil, bias: Tensor? = nil,
  isCausal: Bool = false, dropout: AttentionDropout? = nil, scale: Float? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireAttentionShapes(query, key, value, file, line)
  if Compute.engine != ComputeEngine.preferred {
    let weights = attentionWeights(
      query, key, mask: mask, bias: bias, isCausal: isCausal, scale: scale, file: file, line: line)
    let kept = dropout.map { weights * $0.factors(weights.shape) } ?? weights
    return kept.matmul(value)
  }
  let rank = query.rank
  let batch = Shape(query.shape.dropLast(2))
  let (queries, keys) = (query.shape[rank - 2], key.shape[rank - 2])
  let (depth, valueDepth) = (query.shape[rank - 1], value.shape[rank - 1])
  let attention = FusedAttention(
    query: .init(query, offset: 0, row: depth), key: .init(key, offset: 0, row: depth),
    value: .init(value, offset: 0, row: valueDepth), batch: batch, queries: queries, keys: keys,
    depth: depth, valueDepth: valueDepth,
    resultShape: query.shape.replacing(rank - 1, with: valueDepth), resultRow: valueDepth,
    places: (0..<batch.elementCount).map {
      .init(
        query: $0 * queries * depth, key: $0 * keys * depth, value: $0 * keys * valueDepth,
        out: $0 * queries * valueDepth, mask: 0, bias: 0)
    },
    mask: mask?.broadcastable(to: batch, keys: keys, file, line), bias: bias, isCausal: isCausal,
    dropout: dropout, scale: scale ?? 1 / Float(depth).squareRoot(), file, line)
  return attention.result(of: [query, key, value], bias: bias) { gradients in
    [gradients.query, gradients.key, gradients.value]
  }
}

/// The weights of an attention: `softmax(Q · K' · scale + bias)` over the keys that mask and order allow.
///
/// For looking at them, or for losses on them; the memory is that of all pairs. Rows without any key are zeros.
///
/// - Parameters:
///   - query: `[…, L, D]`.
///   - key: `[…, S, D]` with the same leading axes.
///   - mask: which keys count for which queries; nil for all.
///   - bias: added to the scaled scores; broadcasts to `[…, L, S]`.
///   - isCausal: whether a query meets only the keys up to its own place.
///   - scale: what scores are multiplied by; `1/√D` if nil.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: `[…, L, S]`, rows that sum to 1 or are zeros.
public func attentionWeights(
  _ query: Tensor, _ key: Tensor, mask: AttentionMask? = nil, bias: Tensor? = nil,
  isCausal: Bool = false, scale: Float? = nil, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireAttentionShapes(query, key, key, file, line)
  let rank = query.rank
  let batch = Shape(query.shape.dropLast(2))
  let (queries, keys) = (query.shape[rank - 2], key.shape[rank - 2])
  let factor = scale ?? 1 / Float(query.shape[rank - 1]).squareRoot()
  var scores = (query * factor).matmul(key, transposeB: true)
  if let bias {
    requireBroadcast(bias, to: scores.shape, "bias", file, line)
    scores = scores + bias
  }
  // Numbers, so that they multiply: what every condition allows is 1.
  var allowed = scores.detached() .!= Tensor(-Float.infinity)
  if let mask = mask?.broadcastable(to: batch, keys: keys, file, line) {
    requireBroadcast(mask, to: scores.shape, "mask", file, line)
    allowed = allowed * (mask .!= Tensor(0))
  }
  if isCausal {
    let rows = Tensor((0..<queries).map(Float.init), shape: [queries, 1])
    allowed = allowed * (Tensor((0..<keys).map(Float.init), shape: [1, keys]) .<= rows)
  }
  // A finite number far below any score, so that a row of nothing else has a softmax, and no NaN's gradient.
  let present = Tensor.select(where: allowed, scores, else: Tensor(-1e30))
  return Tensor.select(where: allowed, present.softmax(), else: Tensor(0))
}

/// Stops the program where queries, keys and values do not belong together.
func requireAttentionShapes(
  _ query: Tensor, _ key: Tensor, _ value: Tensor, _ file: StaticString, _ line: UInt
) {
  let rank = query.rank
  let batch = query.shape.dropLast(2)
  require(
    rank >= 2 && key.rank == rank && value.rank == rank
      && key.shape.dropLast(2).elementsEqual(batch)
      && value.shape.dropLast(2).elementsEqual(batch)
      && key.shape[rank - 1] == query.shape[rank - 1]
      && key.shape[rank - 2] == value.shape[rank - 2],
    "attention: queries \(query.shape), keys \(key.shape) and values \(value.shape) do not fit",
    file,
    line)
}

/// Stops the program where a mask or a bias does not fit the scores.
func requireBroadcast(
  _ tensor: Tensor, to shape: Shape, _ name: String, _ file: StaticString, _ line: UInt
) {
  require(
    tensor.shape.broadcast(with: shape) == shape,
    "attention: a \(name) of shape \(tensor.shape) does not broadcast to \(shape)", file, line)
}
