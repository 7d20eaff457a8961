/// Every pair of several models compared on the same songs, corrected for the number of pairs.
public struct PairwiseComparison: Hashable, Sendable, Codable {
  /// The pairs, in the order first-second, first-third, …, second-third, ….
  public let pairs: [Pair]

  /// One model's predictions under a name.
  public struct Model: Hashable, Sendable {
    /// The model's name.
    public var name: String
    /// Its predictions, in the order of the truths.
    public var prediction: [ValenceArousal]

    /// Names a model's predictions.
    public init(name: String, prediction: [ValenceArousal]) {
      self.name = name
      self.prediction = prediction
    }
  }

  /// Two models and their comparison.
  public struct Pair: Hashable, Sendable, Codable {
    /// The first model's name.
    public let first: String
    /// The second model's name.
    public let second: String
    /// The comparison, with probabilities as if it were the only one.
    public let comparison: EmotionComparison
    /// For each metric of ``EmotionComparison/mean``, its permutation probability after Holm's
    /// correction over the pairs; NaN where undefined.
    public let correctedProbabilities: [RegressionMetric: UndefinedAsNull]
    /// McNemar's exact probability after Holm's correction over the pairs.
    public let correctedQuadrantProbability: Double

    /// The corrected permutation probability of a metric; nil for one that was not asked for.
    public func correctedProbability(of metric: RegressionMetric) -> Double? {
      correctedProbabilities[metric]?.wrappedValue
    }
  }

  /// Compares every pair.
  ///
  /// A metric that is undefined for a pair takes no part in that metric's correction.
  ///
  /// - Parameters:
  ///   - models: at least 2 models; see ``EmotionComparison`` for their predictions.
  ///   - truth: what listeners said, at least 2 points with finite coordinates.
  ///   - scale: the scale on which errors are expressed.
  ///   - metrics: what to compare by, without repetition.
  ///   - level: the level of confidence of each interval, more than 0 and less than 1; the
  ///     intervals are not corrected.
  ///   - method: how the limits follow from the replicates.
  ///   - resampling: how many resamples and exchanges; every pair sees the same draws.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 models or songs, a coordinate
  ///   that is not finite, or an impossible option.
  public init(
    models: [Model], truth: [ValenceArousal], scale: EmotionScale,
    metrics: [RegressionMetric] = [.concordanceCorrelation, .meanSquaredError],
    level: Double = 0.95, method: IntervalMethod = .percentile,
    resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try checkCount(models.count, minimum: 2, statistic: "comparison of models (models)")
    var names: [(String, String)] = []
    var comparisons: [EmotionComparison] = []
    for (index, first) in models.enumerated() {
      for second in models[(index + 1)...] {
        names.append((first.name, second.name))
        comparisons.append(
          try EmotionComparison(
            first: first.prediction, second: second.prediction, truth: truth, scale: scale,
            metrics: metrics, level: level, method: method, resampling: resampling))
      }
    }
    let quadrants = try holmCorrection(comparisons.map(\.quadrants.exactProbability))
    var corrected: [[RegressionMetric: UndefinedAsNull]] = Array(
      repeating: [:], count: comparisons.count)
    for (position, metric) in metrics.enumerated() {
      let raw = comparisons.map { $0.mean[position].permutationProbability }
      let defined = raw.indices.filter { !raw[$0].isNaN }
      let values = try holmCorrection(defined.map { raw[$0] })
      for index in raw.indices { corrected[index][metric] = UndefinedAsNull(wrappedValue: .nan) }
      for (index, value) in zip(defined, values) {
        corrected[index][metric] = UndefinedAsNull(wrappedValue: value)
      }
    }
    pairs = comparisons.indices.map {
      Pair(
        first: names[$0].0, second: names[$0].1, comparison: comparisons[$0],
        correctedProbabilities: corrected[$0], correctedQuadrantProbability: quadrants[$0])
    }
  }
}
