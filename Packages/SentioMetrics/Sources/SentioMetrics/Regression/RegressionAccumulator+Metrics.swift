extension RegressionAccumulator {
  /// The concordance correlation coefficient; see ``concordanceCorrelation(prediction:truth:)``.
  ///
  /// NaN for fewer than two pairs, and where both series are constant and equal.
  public var concordanceCorrelation: Double {
    guard count >= 2 else { return .nan }
    let isConstant = hasConstantPrediction || hasConstantTruth
    let covariance = isConstant ? 0 : 2 * products
    let bias = meanPrediction - meanTruth
    let predictionPart = hasConstantPrediction ? 0 : predictionSquares
    let truthPart = hasConstantTruth ? 0 : truthSquares
    let denominator = predictionPart + truthPart + Double(count) * bias * bias
    if hasConstantPrediction && hasConstantTruth && squaredErrors == 0 { return .nan }
    return covariance / denominator
  }

  /// Pearson's correlation; see ``pearsonCorrelation(_:_:)``.
  ///
  /// NaN for fewer than two pairs, and where either series is constant.
  public var pearsonCorrelation: Double {
    guard count >= 2, !hasConstantPrediction, !hasConstantTruth else { return .nan }
    // Two roots, not the root of the product: the product overflows first.
    let ratio = products / predictionSquares.squareRoot() / truthSquares.squareRoot()
    return Swift.min(1, Swift.max(-1, ratio))
  }

  /// The coefficient of determination R²; see ``coefficientOfDetermination(prediction:truth:)``.
  ///
  /// NaN for fewer than two pairs; for a constant truth 1 if every prediction is exact, else 0.
  public var coefficientOfDetermination: Double {
    guard count >= 2 else { return .nan }
    if hasConstantTruth { return squaredErrors == 0 ? 1 : 0 }
    return 1 - squaredErrors / truthSquares
  }

  /// The mean of (prediction - truth)²; NaN before the first pair.
  public var meanSquaredError: Double { count > 0 ? squaredErrors / Double(count) : .nan }

  /// The square root of ``meanSquaredError``; NaN before the first pair.
  public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }

  /// The mean of |prediction - truth|; NaN before the first pair.
  public var meanAbsoluteError: Double { count > 0 ? absoluteErrors / Double(count) : .nan }

  /// The mean of prediction - truth, positive where the model predicts too high; NaN before the
  /// first pair.
  public var meanError: Double { count > 0 ? meanPrediction - meanTruth : .nan }

  /// The slope of the predictions on the truths; see ``predictionSlope(prediction:truth:)``.
  ///
  /// NaN for fewer than two pairs or a constant truth; 0 for a constant prediction.
  public var predictionSlope: Double {
    guard count >= 2, !hasConstantTruth else { return .nan }
    return hasConstantPrediction ? 0 : products / truthSquares
  }

  /// The value of `metric`, where it follows from moments; nil for the rank correlations.
  public func value(of metric: RegressionMetric) -> Double? {
    switch metric {
    case .concordanceCorrelation: concordanceCorrelation
    case .pearsonCorrelation: pearsonCorrelation
    case .spearmanCorrelation, .kendallCorrelation: nil
    case .coefficientOfDetermination: coefficientOfDetermination
    case .meanSquaredError: meanSquaredError
    case .rootMeanSquaredError: rootMeanSquaredError
    case .meanAbsoluteError: meanAbsoluteError
    case .meanError: meanError
    case .predictionSlope: predictionSlope
    }
  }
}
