/// The mean squared error, the mean of (prediction - truth)².
///
/// Its unit is the square of the values' unit: the error on ``EmotionScale/deam1to9`` is 16 times
/// that on ``EmotionScale/unit``, so quote the scale with it.
///
/// - Parameters:
///   - prediction: what the model says, at least 1 finite value.
///   - truth: what was observed, as many values in the same unit.
/// - Returns: a value of at least 0.
/// - Throws: ``MetricsError`` for unequal lengths, no sample, or a value that is not finite.
///
/// *Reference:* `sklearn.metrics.mean_squared_error` 1.9.
public func meanSquaredError(
  prediction: [Double], truth: [Double]
) throws(MetricsError) -> Double {
  try moments(prediction, truth, minimum: 1, "mean squared error").meanSquaredError
}

/// The square root of the mean squared error, in the unit of the values.
///
/// - Parameters:
///   - prediction: what the model says, at least 1 finite value.
///   - truth: what was observed, as many values in the same unit.
/// - Returns: a value of at least 0.
/// - Throws: ``MetricsError`` for unequal lengths, no sample, or a value that is not finite.
///
/// *Reference:* `sklearn.metrics.root_mean_squared_error` 1.9.
public func rootMeanSquaredError(
  prediction: [Double], truth: [Double]
) throws(MetricsError) -> Double {
  try moments(prediction, truth, minimum: 1, "root mean squared error").rootMeanSquaredError
}

/// The mean absolute error, the mean of |prediction - truth|, in the unit of the values.
///
/// - Parameters:
///   - prediction: what the model says, at least 1 finite value.
///   - truth: what was observed, as many values in the same unit.
/// - Returns: a value of at least 0.
/// - Throws: ``MetricsError`` for unequal lengths, no sample, or a value that is not finite.
///
/// *Reference:* `sklearn.metrics.mean_absolute_error` 1.9.
public func meanAbsoluteError(
  prediction: [Double], truth: [Double]
) throws(MetricsError) -> Double {
  try moments(prediction, truth, minimum: 1, "mean absolute error").meanAbsoluteError
}

/// The coefficient of determination, R² = 1 - Σ(prediction - truth)² / Σ(truth - mean(truth))².
///
/// It is the share of the truth's variance that the prediction removes. Predicting the mean of
/// this very set scores 0; a worse model is negative, without bound. It is *not* the square of the
/// correlation, and not the concordance correlation: it punishes a wrong mean or spread more.
///
/// A constant truth leaves nothing to explain: the result is then 1 if every prediction is exact
/// and 0 otherwise, as in scikit-learn.
///
/// - Parameters:
///   - prediction: what the model says, at least 2 finite values.
///   - truth: what was observed, as many values in the same unit.
/// - Returns: a value of at most 1.
/// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, or a value that is not finite.
///
/// *Reference:* `sklearn.metrics.r2_score` 1.9 with `force_finite=True`.
public func coefficientOfDetermination(
  prediction: [Double], truth: [Double]
) throws(MetricsError) -> Double {
  try moments(prediction, truth, minimum: 2, "coefficient of determination")
    .coefficientOfDetermination
}

/// The least-squares slope of the predictions on the truths, cov(p, t) / var(t).
///
/// It measures how conservative a model is: 1 follows the truth's full range, 0.5 answers a song
/// two points above the mean with one point, 0 always answers the same. Models trained on a
/// squared error shrink towards the mean and stay well below 1; a high correlation with a low
/// slope is what the concordance correlation punishes.
///
/// A constant truth has no slope: NaN. A constant prediction gives 0.
///
/// - Parameters:
///   - prediction: what the model says, at least 2 finite values.
///   - truth: what was observed, as many values in the same unit.
/// - Returns: any finite value, or NaN as said above.
/// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, or a value that is not finite.
///
/// *Reference:* `scipy.stats.linregress(truth, prediction).slope` 1.17.
public func predictionSlope(
  prediction: [Double], truth: [Double]
) throws(MetricsError) -> Double {
  try moments(prediction, truth, minimum: 2, "prediction slope").predictionSlope
}

private func moments(
  _ prediction: [Double], _ truth: [Double], minimum: Int, _ statistic: String
) throws(MetricsError) -> RegressionAccumulator {
  try checkPaired(
    prediction: prediction, truth: truth, minimum: minimum, statistic: statistic)
  return RegressionAccumulator(checkedPrediction: prediction, truth: truth)
}
