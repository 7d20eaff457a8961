/// The values of a statistic over bootstrap resamples, and the intervals that follow from them.
///
///     let distribution = try BootstrapDistribution(
///       of: .concordanceCorrelation, prediction: predicted, truth: rated)
///     let interval = try distribution.interval(level: 0.95, method: .percentile)
///
/// Songs are resampled with replacement, prediction and truth together. A resample for which the
/// statistic is undefined (a constant series, say) is left out of every figure and counted in
/// ``undefinedCount``.
public struct BootstrapDistribution: Sendable {
  /// The statistic of the set itself.
  public let estimate: Double
  /// The statistic of each resample, in the order of the draws; NaN where undefined.
  public let replicates: [Double]
  /// The statistic of the set without each of its samples in turn, which
  /// ``IntervalMethod/biasCorrectedAccelerated`` needs; empty if it was not computed.
  public let leaveOneOut: [Double]

  /// Wraps values that were computed elsewhere.
  ///
  /// - Parameters:
  ///   - estimate: the statistic of the set itself.
  ///   - replicates: the statistic of each resample.
  ///   - leaveOneOut: the statistic of the set without each sample in turn; may be empty.
  public init(estimate: Double, replicates: [Double], leaveOneOut: [Double] = []) {
    self.estimate = estimate
    self.replicates = replicates
    self.leaveOneOut = leaveOneOut
  }

  /// Resamples a regression metric.
  ///
  /// - Parameters:
  ///   - metric: the metric.
  ///   - prediction: what the model says, at least 2 finite values.
  ///   - truth: what was observed, as many values in the same unit.
  ///   - resampling: how many resamples, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, a value that is not
  ///   finite, or an impossible `resampling`.
  public init(
    of metric: RegressionMetric, prediction: [Double], truth: [Double],
    resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    try checkPaired(
      prediction: prediction, truth: truth, minimum: 2, statistic: "bootstrap of \(metric.symbol)")
    let count = truth.count
    if metric == .concordanceCorrelation {
      let table = ConcordanceTable(prediction: prediction, truth: truth)
      replicates = resampling.bootstrap(sampleCount: count, width: 1) { indices, output in
        output.pointee = table.value(indices)
      }
    } else {
      let table = MomentTable(prediction: prediction, truth: truth)
      replicates = resampling.bootstrap(sampleCount: count, width: 1) { indices, output in
        output.pointee = table.value(of: metric, indices)
      }
    }
    estimate = metric.valueOfChecked(prediction: prediction, truth: truth)
    leaveOneOut = RegressionJackknife(prediction: prediction, truth: truth).values(of: metric)
  }

  /// Resamples any statistic of samples that are known by their indices.
  ///
  /// - Parameters:
  ///   - sampleCount: the number of samples, 1 or more.
  ///   - resampling: how many resamples, from which seed.
  ///   - statistic: computes the statistic of the samples with the given indices, some of which
  ///     occur more than once; it is called from several threads at once, and returns NaN where
  ///     the statistic is undefined.
  /// - Throws: ``MetricsError`` if there is no sample or `resampling` is impossible.
  public init(
    sampleCount: Int, resampling: Resampling = Resampling(),
    statistic: @Sendable ([Int]) -> Double
  ) throws(MetricsError) {
    try resampling.check()
    try checkCount(sampleCount, minimum: 1, statistic: "bootstrap")
    guard sampleCount <= UInt32.max else {
      throw .invalidOption(
        name: "sampleCount", found: "\(sampleCount)", expected: "at most \(UInt32.max)")
    }
    replicates = resampling.bootstrap(sampleCount: sampleCount, width: 1) { indices, output in
      output.pointee = statistic(indices.map(Int.init))
    }
    estimate = statistic(Array(0..<sampleCount))
    leaveOneOut = (0..<sampleCount).map { left in
      statistic((0..<sampleCount).filter { $0 != left })
    }
  }

  /// The number of resamples for which the statistic is undefined.
  public var undefinedCount: Int { replicates.count { $0.isNaN } }

  /// The standard deviation of the defined replicates (divided by their number minus 1); NaN for
  /// fewer than two.
  public var standardError: Double {
    let defined = replicates.filter { !$0.isNaN }
    guard defined.count >= 2 else { return .nan }
    let mean = defined.reduce(0, +) / Double(defined.count)
    let squares = defined.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(defined.count - 1)).squareRoot()
  }
}
