/// How much of a model's score a smaller one keeps: the ratio of their metrics on the same songs.
///
///     let retained = try RetainedShare(student: small, teacher: large, truth: rated)
///     retained.mean    // 0.932 [0.901, 0.961]
///
/// Songs are resampled for both models at once, so that what makes a song hard does not count twice.
public struct RetainedShare: Hashable, Sendable, Codable {
  /// The metric whose ratio it is.
  public let metric: RegressionMetric
  /// The number of songs.
  public let count: Int
  /// The ratio of valence.
  public let valence: ConfidenceInterval
  /// The ratio of arousal.
  public let arousal: ConfidenceInterval
  /// The ratio of the two means over the dimensions, as the report's table has it; not the mean of the ratios.
  public let mean: ConfidenceInterval

  /// Compares a student with its teacher.
  ///
  /// A resample in which the teacher's metric is not positive has no ratio and is left out; so is the whole where
  /// the teacher's own is not (all numbers are then NaN).
  ///
  /// - Parameters:
  ///   - student: what the small model says, at least 2 points with finite coordinates.
  ///   - teacher: what the large model says of the same songs.
  ///   - truth: what listeners said of them.
  ///   - metric: a metric of which higher values are better.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 songs, a coordinate that is not finite, or an
  ///   impossible option.
  public init(
    student: [ValenceArousal], teacher: [ValenceArousal], truth: [ValenceArousal],
    metric: RegressionMetric = .concordanceCorrelation, level: Double = 0.95,
    resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    guard metric.preference == .higher else {
      throw .invalidOption(
        name: "metric", found: metric.symbol, expected: "one of which higher values are better")
    }
    // The ratio has no unit; any common scale serves.
    let scale = EmotionScale.unit
    try checkEqualLengths("student", student.count, "truth", truth.count)
    try checkEqualLengths("teacher", teacher.count, "truth", truth.count)
    try checkCount(truth.count, minimum: 2, statistic: "retained share")
    let said = [
      try EmotionColumns(student, scale: scale, argument: "student"),
      try EmotionColumns(teacher, scale: scale, argument: "teacher"),
    ]
    let truths = try EmotionColumns(truth, scale: scale, argument: "truth")
    // Student's valence and arousal, then teacher's.
    let tables = said.flatMap { model in
      EmotionDimension.allCases.map { MomentTable(prediction: model[$0], truth: truths[$0]) }
    }
    let width = 3
    let replicates = resampling.bootstrap(sampleCount: truth.count, width: width) {
      indices, output in
      let ratios = Self.ratios(tables.map { $0.value(of: metric, indices) })
      for offset in 0..<width { output[offset] = ratios[offset] }
    }
    let estimates = Self.ratios(
      said.flatMap { model in
        EmotionDimension.allCases.map {
          metric.valueOfChecked(prediction: model[$0], truth: truths[$0])
        }
      })
    func interval(_ position: Int) throws(MetricsError) -> ConfidenceInterval {
      let estimate = estimates[position]
      return try BootstrapDistribution(
        estimate: estimate,
        replicates: (0..<resampling.count).map {
          estimate.isNaN ? .nan : replicates[$0 * width + position]
        }
      ).interval(level: level)
    }
    self.metric = metric
    count = truth.count
    valence = try interval(0)
    arousal = try interval(1)
    mean = try interval(2)
  }

  /// From the student's two values and the teacher's two to the three ratios.
  private static func ratios(_ values: [Double]) -> SIMD3<Double> {
    let student = SIMD3(values[0], values[1], values[0] + values[1])
    let teacher = SIMD3(values[2], values[3], values[2] + values[3])
    return (student / teacher).replacing(with: .nan, where: .!(teacher .> 0))
  }
}
