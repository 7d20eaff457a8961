import SentioMetrics
import Testing

@Suite struct BootstrapTests {
  struct Golden: Decodable {
    struct Interval: Decodable {
      let estimate, level, standardError: Double
      let replicates, leaveOneOut, percentile, corrected: [Double]
    }
    struct Concordance: Decodable {
      let prediction, truth, limits: [Double]
      let mean, standardError: Double
    }
    let intervals: [Interval]
    let concordance: Concordance
  }

  @Test func intervalsEqualSciPy() throws {
    for item in try golden("bootstrap", as: Golden.self).intervals {
      let distribution = BootstrapDistribution(
        estimate: item.estimate, replicates: item.replicates, leaveOneOut: item.leaveOneOut)
      let plain = try distribution.interval(level: item.level, method: .percentile)
      expectClose([plain.lower, plain.upper], item.percentile, "percentile")
      let corrected = try distribution.interval(
        level: item.level, method: .biasCorrectedAccelerated)
      expectClose(
        [corrected.lower, corrected.upper], item.corrected, relative: probabilityTolerance,
        "BCa")
      expectClose(distribution.standardError, item.standardError, "standard error")
    }
  }

  @Test func concordanceAgreesWithNumPy() throws {
    let item = try golden("bootstrap", as: Golden.self).concordance
    let distribution = try BootstrapDistribution(
      of: .concordanceCorrelation, prediction: item.prediction, truth: item.truth,
      resampling: Resampling(count: 20_000, seed: 3))
    let interval = try distribution.interval()
    // A 2.5 % quantile of 20,000 draws has a standard deviation of about 0.02 standard errors.
    let noise = 0.1 * item.standardError
    expectClose([interval.lower, interval.upper], item.limits, relative: 0, absolute: noise)
    expectClose(distribution.standardError, item.standardError, relative: 0.03, absolute: 0)
    #expect(distribution.undefinedCount == 0)
  }

  /// The fast sums, and the general closure that scores each resample from its samples.
  @Test(arguments: RegressionMetric.allCases)
  func tablesEqualResampledSeries(metric: RegressionMetric) throws {
    let (x, y) = wavySeries(53)
    let resampling = Resampling(count: 200, seed: 11)
    let fast = try BootstrapDistribution(
      of: metric, prediction: x, truth: y, resampling: resampling)
    let general = try BootstrapDistribution(
      sampleCount: 53, resampling: resampling
    ) { indices in
      do {
        return try metric.value(
          prediction: indices.map { x[$0] }, truth: indices.map { y[$0] })
      } catch { return .infinity }
    }
    expectClose(fast.replicates, general.replicates, relative: 1e-11, metric.symbol)
    expectClose(fast.leaveOneOut, general.leaveOneOut, relative: 1e-11, metric.symbol)
    #expect(fast.estimate == general.estimate)
  }

  @Test(arguments: [1, 2, 3, 7, 64, nil])
  func threadsDoNotMatter(threads: Int?) throws {
    let (x, y) = wavySeries(174)
    let one = try BootstrapDistribution(
      of: .concordanceCorrelation, prediction: x, truth: y,
      resampling: Resampling(count: 3001, seed: 5, maximumThreads: 1))
    let other = try BootstrapDistribution(
      of: .concordanceCorrelation, prediction: x, truth: y,
      resampling: Resampling(count: 3001, seed: 5, maximumThreads: threads))
    #expect(one.replicates == other.replicates)
  }

  @Test func seedsAndCounts() throws {
    let (x, y) = wavySeries(40)
    func replicates(_ count: Int, _ seed: UInt64) throws -> [Double] {
      try BootstrapDistribution(
        of: .meanAbsoluteError, prediction: x, truth: y,
        resampling: Resampling(count: count, seed: seed)
      ).replicates
    }
    #expect(try replicates(500, 1) == replicates(500, 1))
    #expect(try replicates(500, 1) != replicates(500, 2))
    // More resamples continue the same sequence.
    #expect(try Array(replicates(900, 1).prefix(500)) == replicates(500, 1))
  }

  /// Four pairs, two of them equal: many resamples are constant, and all are known exactly.
  @Test func degenerateResamples() throws {
    let truth = [0.1, 0.1, 0.1, 0.7]
    let prediction = [0.1, 0.1, 0.1, 0.7]
    let distribution = try BootstrapDistribution(
      of: .concordanceCorrelation, prediction: prediction, truth: truth,
      resampling: Resampling(count: 4000, seed: 2))
    for value in distribution.replicates where !value.isNaN { expectClose(value, 1) }
    // Constant with probability (3/4)⁴ + (1/4)⁴ = 0.3203, standard deviation 0.0074.
    let share = Double(distribution.undefinedCount) / 4000
    #expect((share - 0.3203).magnitude < 0.03)
    let interval = try distribution.interval()
    expectClose([interval.lower, interval.upper], [1, 1])

    let flat = try BootstrapDistribution(
      of: .pearsonCorrelation, prediction: [1, 1, 1], truth: [1, 2, 3],
      resampling: Resampling(count: 50))
    #expect(flat.undefinedCount == 50 && flat.standardError.isNaN)
    for method in IntervalMethod.allCases {
      let undefined = try flat.interval(method: method)
      #expect(undefined.lower.isNaN && undefined.upper.isNaN && !undefined.contains(0))
    }
    #expect(flat.twoSidedProbability().isNaN)
  }

  @Test func twoSidedProbabilityCounts() {
    let distribution = BootstrapDistribution(
      estimate: 1, replicates: [-1, 1, 2, 3, 4, 5, 6, 7, 8])
    expectClose(distribution.twoSidedProbability(of: 0), 0.4)
    #expect(distribution.twoSidedProbability(of: 4) == 1)
    expectClose(distribution.twoSidedProbability(of: 100), 0.2)
  }

  @Test func faultsAreThrown() throws {
    let (x, y) = wavySeries(10)
    for resampling in [
      Resampling(count: 0), Resampling(count: 10_000_000_000),
      Resampling(count: 10, maximumThreads: 0),
    ] {
      #expect(throws: MetricsError.self) {
        try BootstrapDistribution(
          of: .meanSquaredError, prediction: x, truth: y, resampling: resampling)
      }
    }
    let distribution = BootstrapDistribution(estimate: 0, replicates: [1, 2])
    for level in [0, 1, 1.5, -0.1, .nan] {
      #expect(throws: MetricsError.self) { try distribution.interval(level: level) }
    }
    #expect(throws: MetricsError.self) {
      try BootstrapDistribution(sampleCount: 0) { _ in 0 }
    }
  }

  @Test func intervalPrints() {
    let interval = ConfidenceInterval(
      estimate: 0.74, lower: -0.0514, upper: 12.7706, level: 0.95, method: .percentile)
    #expect("\(interval)" == "0.740 [-0.051, 12.771]")
    #expect(interval.contains(0.5) && !interval.contains(13))
  }
}
