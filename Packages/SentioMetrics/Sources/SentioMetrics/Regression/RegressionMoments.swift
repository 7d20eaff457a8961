/// The centred moments of paired series, from which the metrics are computed.
struct RegressionMoments {
  var count: Int
  var meanPrediction: Double
  var meanTruth: Double
  // Sums of centred squares and products, and of the errors.
  var predictionSquares: Double
  var truthSquares: Double
  var products: Double
  var absoluteErrors: Double
  var squaredErrors: Double
  // Kept apart from the sums of squares: the mean of equal values is often an ulp off the value,
  // which leaves a tiny variance and a meaningless ratio.
  var hasConstantPrediction: Bool
  var hasConstantTruth: Bool

  var concordanceCorrelation: Double {
    guard count >= 2 else { return .nan }
    if hasConstantPrediction || hasConstantTruth {
      let agree = hasConstantPrediction && hasConstantTruth && squaredErrors == 0
      return agree ? .nan : 0
    }
    let bias = meanPrediction - meanTruth
    return 2 * products / (predictionSquares + truthSquares + Double(count) * bias * bias)
  }

  var pearsonCorrelation: Double {
    guard count >= 2, !hasConstantPrediction, !hasConstantTruth else { return .nan }
    // Two roots, not the root of the product: the product overflows first.
    let ratio = products / predictionSquares.squareRoot() / truthSquares.squareRoot()
    return Swift.min(1, Swift.max(-1, ratio))
  }

  var coefficientOfDetermination: Double {
    guard count >= 2 else { return .nan }
    if hasConstantTruth { return squaredErrors == 0 ? 1 : 0 }
    return 1 - squaredErrors / truthSquares
  }

  var meanSquaredError: Double { count > 0 ? squaredErrors / Double(count) : .nan }

  var meanAbsoluteError: Double { count > 0 ? absoluteErrors / Double(count) : .nan }

  var meanError: Double { count > 0 ? meanPrediction - meanTruth : .nan }

  var predictionSlope: Double {
    guard count >= 2, !hasConstantTruth else { return .nan }
    return hasConstantPrediction ? 0 : products / truthSquares
  }

  func value(of metric: RegressionMetric) -> Double? {
    switch metric {
    case .concordanceCorrelation: concordanceCorrelation
    case .pearsonCorrelation: pearsonCorrelation
    case .spearmanCorrelation, .kendallCorrelation: nil
    case .coefficientOfDetermination: coefficientOfDetermination
    case .meanSquaredError: meanSquaredError
    case .rootMeanSquaredError: meanSquaredError.squareRoot()
    case .meanAbsoluteError: meanAbsoluteError
    case .meanError: meanError
    case .predictionSlope: predictionSlope
    }
  }
}

extension RegressionMetric {
  /// Whether the metric needs the order of the samples and not only their moments.
  var isRankMetric: Bool { self == .spearmanCorrelation || self == .kendallCorrelation }
}
