/// The metrics of valence, of arousal and of their mean, each with its confidence interval.
///
///     let intervals = try EmotionIntervals(prediction: predicted, truth: rated, scale: .unit)
///     if let ccc = intervals.mean[.concordanceCorrelation] { print(ccc) }    // 0.740 [0.710, 0.770]
public struct EmotionIntervals: Hashable, Sendable, Codable {
  /// The scale on which the errors are expressed.
  public let scale: EmotionScale
  /// The intervals of valence.
  public let valence: RegressionIntervals
  /// The intervals of arousal.
  public let arousal: RegressionIntervals
  /// The intervals of the mean of the two dimensions, from resamples that draw both together.
  public let mean: RegressionIntervals

  /// Scores and resamples a set of songs.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 2 points with finite coordinates.
  ///   - truth: what listeners said, as many points.
  ///   - scale: the scale on which errors are expressed.
  ///   - metrics: the metrics wanted; the two rank correlations take most of the time.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - method: how the limits follow from the replicates.
  ///   - resampling: how many resamples, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 songs, a coordinate that is not
  ///   finite, or an impossible option.
  public init(
    prediction: [ValenceArousal], truth: [ValenceArousal], scale: EmotionScale,
    metrics: [RegressionMetric] = RegressionMetric.allCases, level: Double = 0.95,
    method: IntervalMethod = .percentile, resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    let pairs = try EmotionPairs(
      prediction: prediction, truth: truth, scale: scale, minimum: 2,
      statistic: "emotion intervals")
    let joint = JointBootstrap(
      columns: EmotionDimension.allCases.map { (pairs.prediction[$0], pairs.truth[$0]) },
      metrics: metrics, method: method, resampling: resampling
    ).distributions
    self.scale = scale
    valence = try RegressionIntervals(
      count: pairs.count, joint[0], level: level, method: method)
    arousal = try RegressionIntervals(
      count: pairs.count, joint[1], level: level, method: method)
    mean = try RegressionIntervals(count: pairs.count, joint[2], level: level, method: method)
  }

  init(
    scale: EmotionScale, valence: RegressionIntervals, arousal: RegressionIntervals,
    mean: RegressionIntervals
  ) {
    self.scale = scale
    self.valence = valence
    self.arousal = arousal
    self.mean = mean
  }

  /// The same intervals with the errors expressed on another scale.
  public func on(_ other: EmotionScale) -> EmotionIntervals {
    EmotionIntervals(
      scale: other, valence: valence.converted(from: scale, to: other),
      arousal: arousal.converted(from: scale, to: other),
      mean: mean.converted(from: scale, to: other))
  }
}
