extension RegressionAccumulator {
  /// The concordance correlation coefficient; see ``concordanceCorrelation(prediction:truth:)``.
  ///
  /// NaN for fewer than two pairs, and where both series are constant and equal.
  public var concordanceCorrelation: Double { moments.concordanceCorrelation }

  /// Pearson's correlation; see ``pearsonCorrelation(_:_:)``.
  ///
  /// NaN for fewer than two pairs, and where either series is constant.
  public var pearsonCorrelation: Double { moments.pearsonCorrelation }

  /// The coefficient of determination R²; see ``coefficientOfDetermination(prediction:truth:)``.
  ///
  /// NaN for fewer than two pairs; for a constant truth 1 if every prediction is exact, else 0.
  public var coefficientOfDetermination: Double { moments.coefficientOfDetermination }

  /// The mean of (prediction - truth)²; NaN before the first pair.
  public var meanSquaredError: Double { moments.meanSquaredError }

  /// The square root of ``meanSquaredError``; NaN before the first pair.
  public var rootMeanSquaredError: Double { moments.meanSquaredError.squareRoot() }

  /// The mean of |prediction - truth|; NaN before the first pair.
  public var meanAbsoluteError: Double { moments.meanAbsoluteError }

  /// The mean of prediction - truth, positive where the model predicts too high; NaN before the
  /// first pair.
  public var meanError: Double { moments.meanError }

  /// The slope of the predictions on the truths; see ``predictionSlope(prediction:truth:)``.
  ///
  /// NaN for fewer than two pairs or a constant truth; 0 for a constant prediction.
  public var predictionSlope: Double { moments.predictionSlope }

  /// The value of `metric`, where it follows from moments; nil for the rank correlations.
  public func value(of metric: RegressionMetric) -> Double? { moments.value(of: metric) }

  var moments: RegressionMoments {
    RegressionMoments(
      count: count, meanPrediction: meanPrediction, meanTruth: meanTruth,
      predictionSquares: predictionSquares, truthSquares: truthSquares, products: products,
      absoluteErrors: absoluteErrors, squaredErrors: squaredErrors,
      hasConstantPrediction: hasConstantPrediction, hasConstantTruth: hasConstantTruth)
  }
}
