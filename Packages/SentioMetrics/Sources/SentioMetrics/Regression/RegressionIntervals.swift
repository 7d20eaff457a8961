/// Several regression metrics of one dimension, each with its confidence interval.
///
/// All metrics see the same resamples, so one pass over them serves for all.
public struct RegressionIntervals: Hashable, Sendable, Codable {
  /// The number of songs.
  public let count: Int
  private let intervals: [RegressionMetric: ConfidenceInterval]

  /// Scores and resamples a set.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 2 finite values.
  ///   - truth: what was observed, as many values in the same unit.
  ///   - metrics: the metrics wanted; the two rank correlations take most of the time.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - method: how the limits follow from the replicates.
  ///   - resampling: how many resamples, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, a value that is not
  ///   finite, or an impossible option.
  public init(
    prediction: [Double], truth: [Double],
    metrics: [RegressionMetric] = RegressionMetric.allCases, level: Double = 0.95,
    method: IntervalMethod = .percentile, resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    try checkPaired(
      prediction: prediction, truth: truth, minimum: 2, statistic: "regression intervals")
    let distributions = JointBootstrap(
      columns: [(prediction, truth)], metrics: metrics, method: method, resampling: resampling
    ).distributions[0]
    try self.init(count: truth.count, distributions, level: level, method: method)
  }

  init(
    count: Int, _ distributions: [RegressionMetric: BootstrapDistribution], level: Double,
    method: IntervalMethod
  ) throws(MetricsError) {
    var intervals: [RegressionMetric: ConfidenceInterval] = [:]
    for (metric, distribution) in distributions {
      intervals[metric] = try distribution.interval(level: level, method: method)
    }
    self.count = count
    self.intervals = intervals
  }

  /// The metrics that were asked for, in the order of `RegressionMetric.allCases`.
  public var metrics: [RegressionMetric] {
    RegressionMetric.allCases.filter { intervals[$0] != nil }
  }

  /// The interval of a metric; nil for one that was not asked for.
  public subscript(metric: RegressionMetric) -> ConfidenceInterval? { intervals[metric] }

  /// The same intervals for series expressed on another scale.
  func converted(from scale: EmotionScale, to other: EmotionScale) -> RegressionIntervals {
    var converted = intervals
    for (metric, interval) in intervals {
      converted[metric] = ConfidenceInterval(
        estimate: metric.convert(interval.estimate, from: scale, to: other),
        lower: metric.convert(interval.lower, from: scale, to: other),
        upper: metric.convert(interval.upper, from: scale, to: other),
        level: interval.level, method: interval.method)
    }
    return RegressionIntervals(count: count, intervals: converted)
  }

  private init(count: Int, intervals: [RegressionMetric: ConfidenceInterval]) {
    self.count = count
    self.intervals = intervals
  }
}

// As keys of a dictionary the metrics are written as their names.
extension RegressionMetric: CodingKeyRepresentable {}
