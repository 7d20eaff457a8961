import SentioMetrics
import Testing

/// SciPy, scikit-learn and NumPy's population moments.
@Suite struct GoldenRegressionTests {
  struct Case: Decodable {
    let name: String
    let prediction: [Double]
    let truth: [Double]
    let metrics: [String: Double]
    let pearsonProbability: Double
    let spearmanProbability: Double
    let predictionRanks: [Double]
  }

  /// Series at 1000 keep three digits fewer of their deviations.
  static let offsetTolerance = 1e-9

  @Test func metricsEqualPeers() throws {
    let cases = try golden("regression", as: [Case].self)
    #expect(cases.count == 7)
    for item in cases {
      let tolerance = item.name == "offset" ? Self.offsetTolerance : peerTolerance
      let found = try RegressionMetrics(prediction: item.prediction, truth: item.truth)
      #expect(item.metrics.count == RegressionMetric.allCases.count)
      for metric in RegressionMetric.allCases {
        let expected = try #require(item.metrics[metric.rawValue])
        expectClose(
          found[metric], expected, relative: tolerance, absolute: tolerance,
          "\(item.name) \(metric.symbol)")
        let alone = try metric.value(prediction: item.prediction, truth: item.truth)
        #expect(alone == found[metric], "\(item.name) \(metric.symbol)")
      }
      #expect(try averageRanks(item.prediction) == item.predictionRanks)
    }
  }

  @Test func probabilitiesEqualPeers() throws {
    for item in try golden("regression", as: [Case].self) {
      let count = item.truth.count
      let pearson = try pearsonCorrelation(item.prediction, item.truth)
      // 1 - r² of a correlation near 1 magnifies the round-off of r.
      let tolerance = item.name == "strong" || item.name == "offset" ? 1e-6 : probabilityTolerance
      expectClose(
        try correlationProbability(pearson, count: count), item.pearsonProbability,
        relative: tolerance, absolute: 0, "\(item.name) Pearson")
      let spearman = try spearmanCorrelation(item.prediction, item.truth)
      expectClose(
        try correlationProbability(spearman, count: count), item.spearmanProbability,
        relative: tolerance, absolute: 0, "\(item.name) Spearman")
    }
  }

  @Test func probabilityAtTheEdges() throws {
    #expect(try correlationProbability(0, count: 10) == 1)
    #expect(try correlationProbability(1, count: 10) == 0)
    #expect(try correlationProbability(-1, count: 2) == 1)
    #expect(try correlationProbability(.nan, count: 10).isNaN)
    #expect(throws: MetricsError.self) { try correlationProbability(1.1, count: 10) }
    // One degree of freedom is Cauchy's distribution: p = 1 - 2 atan(t) / π, here t = 1.
    expectClose(try correlationProbability(0.5.squareRoot(), count: 3), 0.5)
  }
}
