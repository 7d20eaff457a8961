/// Every regression metric of one dimension.
///
///     let metrics = try RegressionMetrics(prediction: predicted, truth: rated)
///     print(metrics[.concordanceCorrelation], metrics.count)
///
/// Values that are undefined for the data (see each metric) are NaN, and `null` when encoded.
public struct RegressionMetrics: Hashable, Sendable, Codable {
  /// The number of songs.
  public var count: Int
  /// See ``concordanceCorrelation(prediction:truth:)``.
  @UndefinedAsNull public var concordanceCorrelation: Double
  /// See ``pearsonCorrelation(_:_:)``.
  @UndefinedAsNull public var pearsonCorrelation: Double
  /// See ``spearmanCorrelation(_:_:)``.
  @UndefinedAsNull public var spearmanCorrelation: Double
  /// See ``kendallCorrelation(_:_:)``.
  @UndefinedAsNull public var kendallCorrelation: Double
  /// See ``coefficientOfDetermination(prediction:truth:)``.
  @UndefinedAsNull public var coefficientOfDetermination: Double
  /// See ``meanSquaredError(prediction:truth:)``.
  @UndefinedAsNull public var meanSquaredError: Double
  /// See ``rootMeanSquaredError(prediction:truth:)``.
  @UndefinedAsNull public var rootMeanSquaredError: Double
  /// See ``meanAbsoluteError(prediction:truth:)``.
  @UndefinedAsNull public var meanAbsoluteError: Double
  /// The bias, mean of prediction - truth.
  @UndefinedAsNull public var meanError: Double
  /// See ``predictionSlope(prediction:truth:)``.
  @UndefinedAsNull public var predictionSlope: Double

  /// Scores a whole set.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 2 finite values.
  ///   - truth: what was observed, as many values in the same unit.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, or a value that is not finite.
  public init(prediction: [Double], truth: [Double]) throws(MetricsError) {
    try checkPaired(
      prediction: prediction, truth: truth, minimum: 2, statistic: "regression metrics")
    self.init(checkedPrediction: prediction, truth: truth)
  }

  init(checkedPrediction prediction: [Double], truth: [Double]) {
    let moments = RegressionAccumulator(checkedPrediction: prediction, truth: truth)
    self.init(count: prediction.count) { metric in
      moments.value(of: metric) ?? metric.valueOfChecked(prediction: prediction, truth: truth)
    }
  }

  init(count: Int, _ value: (RegressionMetric) -> Double) {
    self.count = count
    concordanceCorrelation = value(.concordanceCorrelation)
    pearsonCorrelation = value(.pearsonCorrelation)
    spearmanCorrelation = value(.spearmanCorrelation)
    kendallCorrelation = value(.kendallCorrelation)
    coefficientOfDetermination = value(.coefficientOfDetermination)
    meanSquaredError = value(.meanSquaredError)
    rootMeanSquaredError = value(.rootMeanSquaredError)
    meanAbsoluteError = value(.meanAbsoluteError)
    meanError = value(.meanError)
    predictionSlope = value(.predictionSlope)
  }

  /// The value of one metric.
  public subscript(metric: RegressionMetric) -> Double {
    switch metric {
    case .concordanceCorrelation: concordanceCorrelation
    case .pearsonCorrelation: pearsonCorrelation
    case .spearmanCorrelation: spearmanCorrelation
    case .kendallCorrelation: kendallCorrelation
    case .coefficientOfDetermination: coefficientOfDetermination
    case .meanSquaredError: meanSquaredError
    case .rootMeanSquaredError: rootMeanSquaredError
    case .meanAbsoluteError: meanAbsoluteError
    case .meanError: meanError
    case .predictionSlope: predictionSlope
    }
  }

  /// The same measures for series expressed on another scale.
  ///
  /// - Parameters:
  ///   - scale: the scale of the series that were scored.
  ///   - other: the scale on which the measures are wanted.
  /// - Returns: the errors multiplied by the ratio of the widths (squared for the mean squared
  ///   error); everything else unchanged.
  public func converted(
    from scale: EmotionScale, to other: EmotionScale
  ) -> RegressionMetrics {
    RegressionMetrics(count: count) { $0.convert(self[$0], from: scale, to: other) }
  }
}
