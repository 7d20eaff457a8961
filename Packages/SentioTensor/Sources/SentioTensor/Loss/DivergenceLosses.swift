/// Kullback and Leibler's divergence of a prediction from a target: `Σ p · (ln p − ln q)` a row.
///
/// Where p is 0 the term is 0, and no gradient flows to p. A q of 0 where p is not gives infinity.
///
/// ```swift
/// let loss = klDivergence(logProbabilities: (student / 4).logSoftmax(), (teacher / 4).softmax())
/// ```
///
/// - Parameters:
///   - logProbabilities: ln q, `[N, C]`, such as a log-softmax.
///   - targets: p, `[N, C]`, not below 0; rows that sum to 1.
///   - reduction: mean or sum over the rows.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: one number; NaN as the mean of no rows.
///
/// *Reference:* `torch.nn.functional.kl_div`, 2.x, with `reduction="batchmean"` or `"sum"`; its `"mean"`
/// divides by the number of elements.
public func klDivergence(
  logProbabilities: Tensor, _ targets: Tensor, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireEqualShapes(logProbabilities, targets, "klDivergence", file, line)
  require(
    logProbabilities.rank == 2,
    "klDivergence: rows are needed, and the shape is \(logProbabilities.shape)", file, line)
  // Where p is 0, both logarithms may be infinite; there 0 · (0 − 0) stands for them.
  let isZero = targets.detached() .== Tensor(0)
  let logTargets = Tensor.select(where: isZero, Tensor(1), else: targets).log()
  let logPredictions = Tensor.select(where: isZero, Tensor(0), else: logProbabilities)
  let terms = Tensor.select(
    where: isZero, Tensor(0), else: targets * (logTargets - logPredictions))
  return reduction(terms.sum(axes: 1))
}
