/// What several trainings of one model reach on the same songs: of one recipe, with other seeds.
///
///     let with = try RepeatedTrainings(predictions: mixed, truth: rated, scale: .unit)
///     with.mean             // 0.61 [0.49, 0.70]: the mean of the trainings' scores, over songs
///     with.overTrainings    // 0.61 ± 0.04: the same, over seeds
///
/// Two things are uncertain and are said apart: which songs were in the test set (all trainings are resampled together,
/// song by song), and which seed a training had (Student's interval over the trainings' own scores).
public struct RepeatedTrainings: Sendable {
  /// The metric.
  public let metric: RegressionMetric
  /// The number of songs.
  public let count: Int
  /// The mean over trainings of the metric of valence, with the bootstrap interval over songs.
  public let valence: ConfidenceInterval
  /// The mean over trainings of the metric of arousal.
  public let arousal: ConfidenceInterval
  /// The mean over trainings of the mean of both dimensions.
  public let mean: ConfidenceInterval
  /// The mean of both dimensions of each training.
  public let scores: [Double]
  /// The mean of ``scores``, with Student's interval over trainings.
  public let overTrainings: MeanInterval

  private let predictions: [EmotionColumns]
  private let truth: EmotionColumns

  /// Scores trainings.
  ///
  /// - Parameters:
  ///   - predictions: one list a training, at least one; each has at least 2 points with finite coordinates.
  ///   - truth: what listeners said, as many points.
  ///   - scale: the scale on which errors are expressed.
  ///   - metric: the metric.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples, from which seed.
  /// - Throws: ``MetricsError`` for no training, unequal lengths, fewer than 2 songs, a coordinate that is not finite, or
  ///   an impossible option.
  public init(
    predictions: [[ValenceArousal]], truth: [ValenceArousal], scale: EmotionScale,
    metric: RegressionMetric = .concordanceCorrelation, level: Double = 0.95,
    resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    try checkScale(scale)
    try checkCount(predictions.count, minimum: 1, statistic: "repeated trainings (trainings)")
    try checkCount(truth.count, minimum: 2, statistic: "repeated trainings")
    let said = try EmotionColumns(truth, scale: scale, argument: "truth")
    var columns: [EmotionColumns] = []
    for (index, prediction) in predictions.enumerated() {
      try checkEqualLengths("predictions[\(index)]", prediction.count, "truth", truth.count)
      columns.append(
        try EmotionColumns(prediction, scale: scale, argument: "predictions[\(index)]"))
    }
    func interval(_ dimensions: [EmotionDimension]) throws(MetricsError) -> ConfidenceInterval {
      let joint = JointBootstrap(
        columns: columns.flatMap { training in
          dimensions.map { (training[$0], said[$0]) }
        }, metrics: [metric], method: .percentile, resampling: resampling)
      guard let distribution = joint.distributions.last?[metric] else {
        preconditionFailure("a bootstrap of \(metric) without \(metric)")
      }
      return try distribution.interval(level: level)
    }
    self.metric = metric
    self.predictions = columns
    self.truth = said
    count = truth.count
    valence = try interval([.valence])
    arousal = try interval([.arousal])
    mean = try interval(EmotionDimension.allCases)
    scores = columns.map { training in
      EmotionDimension.allCases.reduce(0) {
        $0 + metric.valueOfChecked(prediction: training[$1], truth: said[$1])
      } / Double(EmotionDimension.allCases.count)
    }
    overTrainings = try MeanInterval(of: scores, level: level)
  }

  /// How these trainings differ from those of another recipe on the same songs.
  public struct Difference: Hashable, Sendable {
    /// The difference of the means, of both dimensions together, with the paired bootstrap's limits over songs.
    public let songs: ConfidenceInterval
    /// The two-sided probability of a difference at least as large if it did not matter which recipe made which
    /// prediction, by exchanging all trainings of both song by song; NaN where undefined.
    public let permutationProbability: Double
    /// The mean of the differences seed by seed, with Student's interval.
    public let overTrainings: MeanInterval
  }

  /// Subtracts another recipe's trainings, the first from the first and so on: give both the seeds in one order.
  ///
  /// - Parameters:
  ///   - other: as many trainings, on the same songs.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples and exchanges.
  /// - Returns: these less the others.
  /// - Throws: ``MetricsError`` for another number of trainings or songs, or an impossible option.
  public func less(
    _ other: RepeatedTrainings, level: Double = 0.95, resampling: Resampling = Resampling()
  ) throws(MetricsError) -> Difference {
    try resampling.check()
    try checkEqualLengths("trainings", predictions.count, "others", other.predictions.count)
    try checkEqualLengths("songs", count, "others' songs", other.count)
    let pairing = ModelPairing(
      columns: zip(predictions, other.predictions).flatMap { own, others in
        EmotionDimension.allCases.map {
          ModelPairing.Column(first: own[$0], second: others[$0], truth: truth[$0])
        }
      }, metrics: [metric])
    let all = try pairing.comparisons(level: level, method: .percentile, resampling: resampling)
    guard let together = all.last?.first else {
      preconditionFailure("a comparison of \(metric) without \(metric)")
    }
    return Difference(
      songs: together.difference, permutationProbability: together.permutationProbability,
      overTrainings: try MeanInterval(of: zip(scores, other.scores).map { $0 - $1 }, level: level))
  }
}
