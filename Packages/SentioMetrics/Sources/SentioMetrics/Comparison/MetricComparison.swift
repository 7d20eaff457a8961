/// Two models' values of one metric on the same songs, and how sure their difference is.
public struct MetricComparison: Hashable, Sendable, Codable {
  /// The metric.
  public let metric: RegressionMetric
  /// The first model's value.
  @UndefinedAsNull public private(set) var first: Double
  /// The second model's value.
  @UndefinedAsNull public private(set) var second: Double
  /// First minus second, with the limits of the paired bootstrap.
  public let difference: ConfidenceInterval
  /// The two-sided probability of the difference being on the other side of 0, by the paired
  /// bootstrap; NaN where the metric is undefined.
  @UndefinedAsNull public private(set) var bootstrapProbability: Double
  /// The two-sided probability of a difference at least as large if it did not matter which
  /// model made which prediction, by exchanging the models song by song; NaN where undefined.
  @UndefinedAsNull public private(set) var permutationProbability: Double

  /// Which of two models is better.
  public enum Winner: String, Hashable, Sendable, Codable {
    /// The first.
    case first
    /// The second.
    case second
  }

  /// The better model by the point values, sure or not; nil if they are equal or undefined, or
  /// the metric has no better direction.
  public var winner: Winner? {
    guard let preference = metric.preference, first != second, !first.isNaN, !second.isNaN
    else { return nil }
    return (first > second) == (preference == .higher) ? .first : .second
  }
}

/// Compares two models on one dimension, metric by metric.
///
/// The models are resampled **together**, song by song. That is what makes a small difference
/// visible: songs that are hard for one model are hard for the other, and the paired difference
/// does not contain that shared part. Two separate intervals that overlap say little.
public struct RegressionComparison: Hashable, Sendable, Codable {
  /// The number of songs.
  public let count: Int
  /// One entry per metric, in the order asked for.
  public let metrics: [MetricComparison]

  /// Compares two models' predictions of the same songs.
  ///
  /// - Parameters:
  ///   - first: the first model's predictions, at least 2 finite values.
  ///   - second: the second model's predictions, as many.
  ///   - truth: what was observed, as many values in the same unit.
  ///   - metrics: what to compare by, without repetition.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - method: how the limits follow from the replicates.
  ///   - resampling: how many resamples and how many exchanges, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, a value that is not
  ///   finite, or an impossible option.
  public init(
    first: [Double], second: [Double], truth: [Double],
    metrics: [RegressionMetric] = [.concordanceCorrelation, .meanSquaredError],
    level: Double = 0.95, method: IntervalMethod = .percentile,
    resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    try checkEqualLengths("first", first.count, "truth", truth.count)
    try checkEqualLengths("second", second.count, "truth", truth.count)
    try checkCount(truth.count, minimum: 2, statistic: "model comparison")
    try checkFinite(first, argument: "first")
    try checkFinite(second, argument: "second")
    try checkFinite(truth, argument: "truth")
    let pairing = ModelPairing(
      columns: [.init(first: first, second: second, truth: truth)], metrics: metrics)
    count = truth.count
    self.metrics = try pairing.comparisons(
      level: level, method: method, resampling: resampling)[0]
  }

  /// The comparison by one metric; nil for one that was not asked for.
  public subscript(metric: RegressionMetric) -> MetricComparison? {
    metrics.first { $0.metric == metric }
  }
}
