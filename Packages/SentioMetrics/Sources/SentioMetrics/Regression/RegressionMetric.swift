/// The measures of a prediction of one number per song.
///
/// The cases name what a table's column holds, what a bootstrap resamples and what two models are
/// compared by.
public enum RegressionMetric: String, CaseIterable, Hashable, Sendable, Codable {
  /// Agreement in rank, mean and spread; see ``concordanceCorrelation(prediction:truth:)``.
  case concordanceCorrelation
  /// Linear correlation; see ``pearsonCorrelation(_:_:)``.
  case pearsonCorrelation
  /// Correlation of ranks; see ``spearmanCorrelation(_:_:)``.
  case spearmanCorrelation
  /// Agreement of the order of pairs; see ``kendallCorrelation(_:_:)``.
  case kendallCorrelation
  /// R²; see ``coefficientOfDetermination(prediction:truth:)``.
  case coefficientOfDetermination
  /// See ``meanSquaredError(prediction:truth:)``.
  case meanSquaredError
  /// See ``rootMeanSquaredError(prediction:truth:)``.
  case rootMeanSquaredError
  /// See ``meanAbsoluteError(prediction:truth:)``.
  case meanAbsoluteError
  /// The bias, mean of prediction - truth.
  case meanError
  /// How conservative the model is; see ``predictionSlope(prediction:truth:)``.
  case predictionSlope

  /// The usual short name, such as `"CCC"`, for a table's head.
  public var symbol: String {
    switch self {
    case .concordanceCorrelation: "CCC"
    case .pearsonCorrelation: "Pearson r"
    case .spearmanCorrelation: "Spearman ρ"
    case .kendallCorrelation: "Kendall τ"
    case .coefficientOfDetermination: "R²"
    case .meanSquaredError: "MSE"
    case .rootMeanSquaredError: "RMSE"
    case .meanAbsoluteError: "MAE"
    case .meanError: "bias"
    case .predictionSlope: "slope"
    }
  }

  /// Which direction is better; nil for the bias (best at 0) and the slope (best at 1).
  public var preference: Preference? {
    switch self {
    case .concordanceCorrelation, .pearsonCorrelation, .spearmanCorrelation, .kendallCorrelation,
      .coefficientOfDetermination:
      .higher
    case .meanSquaredError, .rootMeanSquaredError, .meanAbsoluteError: .lower
    case .meanError, .predictionSlope: nil
    }
  }

  /// A direction in which a measure improves.
  public enum Preference: String, Hashable, Sendable, Codable {
    /// Larger values are better.
    case higher
    /// Smaller values are better.
    case lower
  }

  /// The power of the unit of the values in the metric's unit: 2 for the mean squared error, 1
  /// for the other errors, 0 for what has no unit.
  public var unitPower: Int {
    switch self {
    case .meanSquaredError: 2
    case .rootMeanSquaredError, .meanAbsoluteError, .meanError: 1
    default: 0
    }
  }

  /// The value of this metric.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 2 finite values.
  ///   - truth: what was observed, as many values in the same unit.
  /// - Returns: the value; NaN where the metric's own documentation says so.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, or a value that is not finite.
  public func value(prediction: [Double], truth: [Double]) throws(MetricsError) -> Double {
    try checkPaired(prediction: prediction, truth: truth, minimum: 2, statistic: symbol)
    return valueOfChecked(prediction: prediction, truth: truth)
  }

  func valueOfChecked(prediction: [Double], truth: [Double]) -> Double {
    switch self {
    case .spearmanCorrelation: return spearmanOfChecked(prediction, truth)
    case .kendallCorrelation: return kendallOfChecked(prediction, truth)
    default:
      let moments = RegressionAccumulator(checkedPrediction: prediction, truth: truth)
      return moments.value(of: self) ?? .nan
    }
  }

  /// Converts a value of this metric between scales; dimensionless metrics do not change.
  ///
  /// - Parameters:
  ///   - value: the metric's value for series on `scale`.
  ///   - scale: the scale of the series that were scored.
  ///   - other: the scale on which the value is wanted.
  /// - Returns: `value` times the ratio of the scales' widths to the power ``unitPower``.
  public func convert(
    _ value: Double, from scale: EmotionScale, to other: EmotionScale
  ) -> Double {
    let ratio = (other.upper - other.lower) / (scale.upper - scale.lower)
    switch unitPower {
    case 2: return value * ratio * ratio
    case 1: return value * ratio
    default: return value
    }
  }
}
