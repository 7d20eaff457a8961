/// The concordance correlation coefficient (CCC) of a model's predictions, over the whole set.
///
///     CCC = 2 cov(p, t) / (var(p) + var(t) + (mean(p) - mean(t))²)
///
/// It is Pearson's correlation times a factor of at most 1 that falls with a difference in spread
/// or in mean: a model that ranks the songs perfectly but predicts everything too close to the
/// middle has a high correlation and a low CCC.
///
/// Variances and covariance are the **population** form (divided by n, not n - 1), because the
/// coefficient describes these n songs and the squared difference of means beside the variances
/// is not divided by n - 1 either; it is the form of Lin's estimate and of the report's formula.
/// With the sample form a biased model's coefficient is larger by a term of order 1/n. It is taken
/// over the **whole set** at once: the mean of the coefficients of batches or songs is another and
/// usually smaller number, since each batch's own means and variances enter. Use
/// ``RegressionAccumulator`` where the set does not fit in memory.
///
/// A constant prediction (or truth) gives 0: there is no agreement beyond the mean. Where both
/// are constant and equal the ratio is 0/0 and the result is NaN.
///
/// - Parameters:
///   - prediction: what the model says, at least 2 finite values, any unit.
///   - truth: what was observed, as many values in the same unit.
/// - Returns: a value in -1...1, or NaN as said above. It is symmetric in its arguments and does not
///   change when both are scaled and shifted alike, so it is the same on every ``EmotionScale``.
/// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, or a value that is not finite.
///
/// *Reference:* L. I.-K. Lin, "A concordance correlation coefficient to evaluate
/// reproducibility", Biometrics 45, 1989.
public func concordanceCorrelation(
  prediction: [Double], truth: [Double]
) throws(MetricsError) -> Double {
  try checkPaired(
    prediction: prediction, truth: truth, minimum: 2, statistic: "concordance correlation")
  return RegressionAccumulator(checkedPrediction: prediction, truth: truth).concordanceCorrelation
}
