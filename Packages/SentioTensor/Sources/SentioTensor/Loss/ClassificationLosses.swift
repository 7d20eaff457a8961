import CSentioTensorKernels

/// Binary cross-entropy of logits: `max(z, 0) − z·t + ln(1 + e^−|z|)`, which is `−t·ln σ(z) − (1−t)·ln(1−σ(z))`.
///
/// An infinite logit gives infinity, and NaN for the target that it is the logit of; a NaN gives NaN.
///
/// - Parameters:
///   - logits: z, any shape.
///   - targets: t, the same shape, from 0 to 1; smoothed labels are fine.
///   - reduction: mean or sum over all elements.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: one number; NaN as the mean of no elements.
///
/// *Reference:* `torch.nn.functional.binary_cross_entropy_with_logits`, 2.x.
public func binaryCrossEntropy(
  logits: Tensor, _ targets: Tensor, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireEqualShapes(logits, targets, "binaryCrossEntropy", file, line)
  let (z, t) = (logits.detached(), targets.detached())
  // z · (1 − t) above 0 and −z · t below: one product, which an infinite z does not make a NaN.
  let terms = ((z .> Tensor(0)) - t) * z + (-z.absolute()).softplus()
  return reduction(
    terms.derived(from: logits, { $0 * (z.sigmoid() - t) }, targets, { -($0 * z) }))
}

/// Cross-entropy of logits with class numbers: `−Σ q · ln softmax(z)` a row.
///
/// q is `1 − s + s/C` for the row's class and `s/C` for the others, where s is the smoothing. A logit of
/// -infinity masks a class out: without smoothing it costs nothing, and infinity where it is the row's.
/// A NaN or +infinity makes NaN of its row.
///
/// - Parameters:
///   - logits: z, `[N, C]`.
///   - labels: N class numbers below C.
///   - smoothing: s, from 0 to 1.
///   - reduction: mean or sum over the rows.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: one number; NaN as the mean of no rows.
///
/// *Reference:* `torch.nn.functional.cross_entropy`, 2.x.
public func crossEntropy(
  logits: Tensor, _ labels: [Int], smoothing: Float = 0, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  require(
    logits.rank == 2 && logits.shape[0] == labels.count,
    "crossEntropy: \(labels.count) labels do not fit logits of shape \(logits.shape)", file, line)
  require(
    (0...1).contains(smoothing), "a smoothing cannot be \(smoothing)", file, line)
  let classes = logits.shape[1]
  var targets = Tensor.oneHot(labels, depth: classes, file: file, line: line)
  if smoothing > 0 { targets = targets * (1 - smoothing) + smoothing / Float(classes) }
  return crossEntropy(
    logits: logits, probabilities: targets, reduction: reduction, file: file, line: line)
}

/// Cross-entropy of logits with probabilities: `−Σ q · ln softmax(z)` a row.
///
/// Where q is 0 the term is 0, whatever the logit, and no gradient flows to q.
///
/// - Parameters:
///   - logits: z, `[N, C]`.
///   - probabilities: q, `[N, C]`, rows that sum to 1.
///   - reduction: mean or sum over the rows.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: one number; NaN as the mean of no rows.
///
/// *Reference:* `torch.nn.functional.cross_entropy` with class probabilities, 2.x.
public func crossEntropy(
  logits: Tensor, probabilities: Tensor, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireEqualShapes(logits, probabilities, "crossEntropy", file, line)
  require(
    logits.rank == 2, "crossEntropy: rows of logits are needed, and the shape is \(logits.shape)",
    file, line)
  // A class of probability 0 counts nothing, though its logarithm be infinite: it may be masked out.
  let terms = Tensor.select(
    where: probabilities.detached() .== Tensor(0), Tensor(0),
    else: logits.logSoftmax() * probabilities)
  return reduction(-terms.sum(axes: 1))
}
