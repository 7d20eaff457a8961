import Foundation
import SentioMetrics
import Testing

@Suite struct ComparisonTests {
  let truth = (0..<60).map { sin(Double($0) * 1.1) }
  var good: [Double] { truth.enumerated().map { $1 + 0.2 * cos(Double($0 * $0)) } }
  var poor: [Double] { truth.enumerated().map { 0.5 * $1 + 0.6 * cos(Double($0 * $0 + 1)) } }

  @Test func betterModelIsFound() throws {
    let comparison = try RegressionComparison(
      first: good, second: poor, truth: truth, metrics: RegressionMetric.allCases,
      resampling: Resampling(count: 2000))
    for metric in RegressionMetric.allCases where metric.preference != nil {
      let entry = try #require(comparison[metric])
      #expect(entry.winner == .first, "\(metric)")
      #expect(entry.bootstrapProbability < 0.01, "\(metric)")
      #expect(entry.permutationProbability < 0.01, "\(metric)")
      #expect(!entry.difference.contains(0), "\(metric)")
      expectClose(entry.difference.estimate, entry.first - entry.second)
      expectClose(entry.first, try metric.value(prediction: good, truth: truth))
    }
  }

  @Test func exchangingTheModelsMirrors() throws {
    let resampling = Resampling(count: 999, seed: 4)
    let forth = try RegressionComparison(
      first: good, second: poor, truth: truth, resampling: resampling)
    let back = try RegressionComparison(
      first: poor, second: good, truth: truth, resampling: resampling)
    for (one, other) in zip(forth.metrics, back.metrics) {
      expectClose(one.difference.lower, -other.difference.upper)
      expectClose(one.difference.upper, -other.difference.lower)
      #expect(one.bootstrapProbability == other.bootstrapProbability)
      #expect(one.permutationProbability == other.permutationProbability)
      #expect(one.winner == .first && other.winner == .second)
    }
  }

  @Test func equalModelsDoNotDiffer() throws {
    let comparison = try RegressionComparison(
      first: good, second: good, truth: truth, method: .percentile,
      resampling: Resampling(count: 300))
    for entry in comparison.metrics {
      #expect(entry.difference.lower == 0 && entry.difference.upper == 0)
      #expect(entry.bootstrapProbability == 1 && entry.permutationProbability == 1)
      #expect(entry.winner == nil)
    }
  }

  /// All 2⁸ exchanges counted, beside the share of random ones.
  @Test func permutationEqualsEnumeration() throws {
    let truth = Array(truth.prefix(8))
    let first = truth.enumerated().map { $1 + 0.3 * cos(Double($0 * $0)) }
    let second = truth.enumerated().map { $1 + 0.45 * cos(Double($0 * $0 + 1)) }
    let observed =
      try meanSquaredError(prediction: first, truth: truth)
      - meanSquaredError(prediction: second, truth: truth)
    var asLarge = 0
    for mask in 0..<256 {
      let a = (0..<8).map { mask >> $0 & 1 == 1 ? second[$0] : first[$0] }
      let b = (0..<8).map { mask >> $0 & 1 == 1 ? first[$0] : second[$0] }
      let difference =
        try meanSquaredError(prediction: a, truth: truth)
        - meanSquaredError(prediction: b, truth: truth)
      if difference.magnitude >= observed.magnitude - 1e-12 { asLarge += 1 }
    }
    let comparison = try RegressionComparison(
      first: first, second: second, truth: truth, resampling: Resampling(count: 20_000))
    let entry = try #require(comparison[.meanSquaredError])
    // 20,000 draws: at most 0.0035 standard deviation.
    expectClose(
      entry.permutationProbability, Double(asLarge) / 256, relative: 0, absolute: 0.018)
  }

  @Test func pairingIsNarrowerThanTwoIntervals() throws {
    let resampling = Resampling(count: 2000)
    let near = good.map { $0 + 0.01 }
    let metric = RegressionMetric.meanSquaredError
    let paired = try #require(
      RegressionComparison(
        first: good, second: near, truth: truth, metrics: [metric], resampling: resampling)[
          metric])
    let alone = try BootstrapDistribution(
      of: metric, prediction: good, truth: truth, resampling: resampling
    ).interval()
    #expect(paired.difference.width < alone.width / 2)
  }

  func points(_ valence: [Double], _ arousal: [Double]) -> [ValenceArousal] {
    zip(valence, arousal).map { ValenceArousal(valence: $0, arousal: $1, scale: .unit) }
  }

  @Test func emotionsCompareByDimensionAndQuadrant() throws {
    let arousal = truth.map { -$0 }
    let rated = points(truth, arousal)
    let first = points(good, arousal)
    let second = points(poor, arousal)
    let comparison = try EmotionComparison(
      first: first, second: second, truth: rated, scale: .unit,
      resampling: Resampling(count: 500))
    #expect(comparison.arousal[0].difference.estimate == 0)
    expectClose(
      comparison.mean[0].difference.estimate, comparison.valence[0].difference.estimate / 2)
    expectClose(
      comparison.mean[1].difference.upper, comparison.valence[1].difference.upper / 2)
    let expected = try McNemarTest(
      firstCorrect: zip(first, rated).map { $0.quadrant == $1.quadrant },
      secondCorrect: zip(second, rated).map { $0.quadrant == $1.quadrant })
    #expect(comparison.quadrants == expected && expected.discordantCount > 0)
    let read = try JSONDecoder().decode(
      EmotionComparison.self, from: JSONEncoder().encode(comparison))
    #expect(read == comparison)
  }

  @Test func pairsAreCorrected() throws {
    let rated = points(truth, truth.map { -$0 })
    let models = [
      PairwiseComparison.Model(name: "good", prediction: points(good, good.map { -$0 })),
      .init(name: "poor", prediction: points(poor, poor.map { -$0 })),
      .init(
        name: "mean",
        prediction: try MeanPredictor(trainingTruth: rated, scale: .unit).predictions(count: 60)),
    ]
    let all = try PairwiseComparison(
      models: models, truth: rated, scale: .unit, resampling: Resampling(count: 500))
    #expect(
      all.pairs.map { "\($0.first)-\($0.second)" } == ["good-poor", "good-mean", "poor-mean"])
    for position in 0..<2 {
      let metric = all.pairs[0].comparison.mean[position].metric
      let raw = all.pairs.map { $0.comparison.mean[position].permutationProbability }
      expectClose(
        try all.pairs.map { try #require($0.correctedProbability(of: metric)) },
        try holmCorrection(raw), metric.symbol)
    }
    expectClose(
      all.pairs.map(\.correctedQuadrantProbability),
      try holmCorrection(all.pairs.map(\.comparison.quadrants.exactProbability)))
    #expect(all.pairs[0].correctedProbability(of: .pearsonCorrelation) == nil)
    #expect(throws: MetricsError.self) {
      try PairwiseComparison(models: [models[0]], truth: rated, scale: .unit)
    }
  }

  @Test func unequalLengthsAreNamed() {
    #expect(
      throws: MetricsError.unequalLengths(
        first: "second", firstCount: 2, second: "truth", secondCount: 3)
    ) { try RegressionComparison(first: [1, 2, 3], second: [1, 2], truth: [1, 2, 3]) }
  }
}
