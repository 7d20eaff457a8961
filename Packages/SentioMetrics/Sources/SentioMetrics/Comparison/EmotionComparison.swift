/// Two models compared on the same songs: every metric of both dimensions, and the quadrants.
public struct EmotionComparison: Hashable, Sendable, Codable {
  /// The scale on which differences of errors are expressed.
  public let scale: EmotionScale
  /// The number of songs.
  public let count: Int
  /// The comparisons on valence, one per metric.
  public let valence: [MetricComparison]
  /// The comparisons on arousal.
  public let arousal: [MetricComparison]
  /// The comparisons of the mean of both dimensions.
  public let mean: [MetricComparison]
  /// McNemar's test of which songs are predicted in their true quadrant.
  public let quadrants: McNemarTest

  /// Compares two models' predictions of the same songs.
  ///
  /// - Parameters:
  ///   - first: the first model's predictions, at least 2 points with finite coordinates.
  ///   - second: the second model's predictions, as many points.
  ///   - truth: what listeners said, as many points.
  ///   - scale: the scale on which errors are expressed.
  ///   - metrics: what to compare by, without repetition.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - method: how the limits follow from the replicates.
  ///   - resampling: how many resamples and how many exchanges, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 songs, a coordinate that is not
  ///   finite, or an impossible option.
  public init(
    first: [ValenceArousal], second: [ValenceArousal], truth: [ValenceArousal],
    scale: EmotionScale,
    metrics: [RegressionMetric] = [.concordanceCorrelation, .meanSquaredError],
    level: Double = 0.95, method: IntervalMethod = .percentile,
    resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    try checkScale(scale)
    try checkEqualLengths("first", first.count, "truth", truth.count)
    try checkEqualLengths("second", second.count, "truth", truth.count)
    try checkCount(truth.count, minimum: 2, statistic: "model comparison")
    let firstColumns = try EmotionColumns(first, scale: scale, argument: "first")
    let secondColumns = try EmotionColumns(second, scale: scale, argument: "second")
    let truthColumns = try EmotionColumns(truth, scale: scale, argument: "truth")
    let pairing = ModelPairing(
      columns: EmotionDimension.allCases.map {
        .init(first: firstColumns[$0], second: secondColumns[$0], truth: truthColumns[$0])
      }, metrics: metrics)
    let parts = try pairing.comparisons(level: level, method: method, resampling: resampling)
    self.scale = scale
    count = truth.count
    valence = parts[0]
    arousal = parts[1]
    mean = parts[2]
    quadrants = try McNemarTest(
      firstCorrect: zip(first, truth).map { $0.quadrant == $1.quadrant },
      secondCorrect: zip(second, truth).map { $0.quadrant == $1.quadrant })
  }
}
