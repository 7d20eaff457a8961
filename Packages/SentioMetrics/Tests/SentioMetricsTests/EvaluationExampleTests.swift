import Foundation
import SentioMetrics
import Testing

/// The code of the README, run.
@Suite struct EvaluationExampleTests {
  @Test func aModelIsScoredAndCompared() throws {
    let rated = (0..<90).map {
      ValenceArousal(
        valence: 5 + 3 * sin(Double($0) * 0.9), arousal: 5 + 3 * cos(Double($0) * 1.7),
        scale: .deam1to9)
    }
    let predicted = rated.enumerated().map { index, point in
      let wobble = 0.15 * sin(Double(index * index))
      let unit = point.on(.unit)
      return ValenceArousal(
        valence: 0.8 * unit.valence + wobble, arousal: 0.8 * unit.arousal - wobble, scale: .unit)
    }
    let genres = (0..<90).map { ["rock", "jazz", "folk"][$0 % 3] }

    let metrics = try EmotionMetrics(prediction: predicted, truth: rated, scale: .unit)
    expectClose(
      metrics.on(.deam1to9).mean.meanSquaredError, 16 * metrics.mean[.meanSquaredError])

    let intervals = try EmotionIntervals(
      prediction: predicted, truth: rated, scale: .unit,
      resampling: Resampling(count: 300, seed: 7))
    for metric in intervals.mean.metrics {
      let interval = try #require(intervals.mean[metric])
      #expect(interval.contains(metrics.mean[metric]), "\(metric.symbol) \(interval)")
    }

    let quadrants = try QuadrantBreakdown(prediction: predicted, truth: rated, scale: .unit)
    #expect(quadrants.rows.map(\.count).reduce(0, +) == 90)
    let groups = try GroupBreakdown(
      prediction: predicted, truth: rated, groups: genres, scale: .unit)
    #expect(groups.rows.map(\.name) == ["folk", "jazz", "rock"])
    #expect(groups.rows.allSatisfy { $0.metrics?.count == 30 })

    let mean = try MeanPredictor(trainingTruth: rated, scale: .unit).predictions(count: 90)
    let all = try PairwiseComparison(
      models: [.init(name: "model", prediction: predicted), .init(name: "mean", prediction: mean)],
      truth: rated, scale: .unit, resampling: Resampling(count: 300, seed: 7))
    let pair = try #require(all.pairs.first)
    #expect(try #require(pair.correctedProbability(of: .concordanceCorrelation)) < 0.01)
    #expect(pair.comparison.mean[0].winner == .first)
    #expect(pair.correctedQuadrantProbability < 0.01)
  }
}
