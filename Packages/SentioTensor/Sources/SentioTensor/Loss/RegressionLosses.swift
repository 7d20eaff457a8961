// Losses are tensors of one element. Their gradients flow to predictions and to targets.

/// The squared differences: `(p − t)²`; NaN and infinities go through, forwards and backwards.
///
/// - Parameters:
///   - predictions: any shape.
///   - targets: the same shape.
///   - reduction: mean or sum over all elements.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: one number; NaN as the mean of no elements.
///
/// *Reference:* `torch.nn.functional.mse_loss`, 2.x.
public func meanSquaredError(
  _ predictions: Tensor, _ targets: Tensor, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireEqualShapes(predictions, targets, "meanSquaredError", file, line)
  return reduction((predictions - targets).squared())
}

/// The absolute differences: `|p − t|`; where they are 0, so is the gradient.
///
/// NaN and infinities go through. A NaN's gradient is NaN; in PyTorch it is 0.
///
/// - Parameters:
///   - predictions: any shape.
///   - targets: the same shape.
///   - reduction: mean or sum over all elements.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: one number; NaN as the mean of no elements.
///
/// *Reference:* `torch.nn.functional.l1_loss`, 2.x.
public func meanAbsoluteError(
  _ predictions: Tensor, _ targets: Tensor, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireEqualShapes(predictions, targets, "meanAbsoluteError", file, line)
  return reduction((predictions - targets).absolute())
}

/// Huber's loss: `d²/2` for `|d| ≤ δ` and `δ·(|d| − δ/2)` beyond, with `d = p − t`.
///
/// NaN and infinities go through; an infinite difference's gradient is ±δ.
///
/// - Parameters:
///   - predictions: any shape.
///   - targets: the same shape.
///   - delta: δ, above 0: the distance from which on the loss grows linearly.
///   - reduction: mean or sum over all elements.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: one number; NaN as the mean of no elements.
///
/// *Reference:* `torch.nn.functional.huber_loss`, 2.x.
public func huberLoss(
  _ predictions: Tensor, _ targets: Tensor, delta: Float = 1, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireEqualShapes(predictions, targets, "huberLoss", file, line)
  require(delta > 0, "huberLoss: delta must be above 0, and is \(delta)", file, line)
  let difference = predictions - targets
  // With c = d clamped to ±δ: c·(d − c/2) is both pieces, and its derivative by d is c.
  let clamped = difference.detached().clamped(to: -delta...delta)
  return reduction(clamped * difference - clamped * clamped * 0.5)
}

/// One minus Lin's coefficient of concordance, one for each column: `1 − 2·cov / (var p + var t + (mean p − mean t)²)`.
///
/// Moments are the population's, over all rows. Perfect agreement gives 0, none 1, and 2 the reverse.
/// Two constant columns have no coefficient: epsilon makes its loss 1. A NaN or an infinity anywhere makes
/// the loss NaN, and the gradients of its column.
///
/// - Parameters:
///   - predictions: `[N]` or `[N, C]`: a song a row, a dimension a column.
///   - targets: the same shape.
///   - epsilon: added to the divisor.
///   - file: the caller's file.
///   - line: the caller's line.
/// - Returns: one number, the mean over the columns.
///
/// *Reference:* Lin, "A concordance correlation coefficient to evaluate reproducibility" (1989).
public func concordanceLoss(
  _ predictions: Tensor, _ targets: Tensor, epsilon: Float = 1e-8,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  requireEqualShapes(predictions, targets, "concordanceLoss", file, line)
  require(
    (1...2).contains(predictions.rank),
    "concordanceLoss: one or two axes are needed, and the shape is \(predictions.shape)", file, line
  )
  let meanP = predictions.mean(axes: 0, keepingAxes: true)
  let meanT = targets.mean(axes: 0, keepingAxes: true)
  let (p, t) = (predictions - meanP, targets - meanT)
  let covariance = (p * t).mean(axes: 0, keepingAxes: true)
  let variances = (p.squared() + t.squared()).mean(axes: 0, keepingAxes: true)
  let divisor = variances + (meanP - meanT).squared() + epsilon
  return 1 - (2 * covariance / divisor).mean()
}
