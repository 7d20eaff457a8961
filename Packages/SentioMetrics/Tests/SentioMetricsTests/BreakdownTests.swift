import Foundation
import SentioMetrics
import Testing

@Suite struct BreakdownTests {
  func point(_ valence: Double, _ arousal: Double) -> ValenceArousal {
    ValenceArousal(valence: valence, arousal: arousal, scale: .unit)
  }

  @Test func quadrantsAreCountedByTruth() throws {
    let truth = [point(0.5, 0.5), point(0.5, 0.25), point(-0.5, 0.5), point(0.5, -0.5)]
    let prediction = [point(0.5, 0.25), point(-0.25, 0.25), point(-0.25, 0.25), point(-0.5, 0.5)]
    let found = try QuadrantBreakdown(prediction: prediction, truth: truth, scale: .unit)
    #expect(found.rows.map(\.quadrant) == [.happy, .tense, .sad, .calm])
    #expect(found.rows.map(\.count) == [2, 1, 0, 1])
    #expect(found.rows.map(\.correctCount) == [1, 1, 0, 0])
    #expect(found.rows.map(\.commonestConfusion) == [.tense, nil, nil, .tense])
    expectClose(found.rows.map(\.valenceMeanAbsoluteError), [0.375, 0.25, .nan, 1])
    expectClose(found.rows.map(\.arousalMeanAbsoluteError), [0.125, 0.25, .nan, 1])
    #expect(found.accuracy == 0.5)
    #expect(found[.calm].count == 1)
    let deam = try QuadrantBreakdown(prediction: prediction, truth: truth, scale: .deam1to9)
    #expect(deam.confusion == found.confusion)
    expectClose(deam[.calm].valenceMeanAbsoluteError, 4)
    let read = try JSONDecoder().decode(
      QuadrantBreakdown.self, from: JSONEncoder().encode(found))
    #expect(read.confusion == found.confusion && read[.sad].valenceMeanAbsoluteError.isNaN)
  }

  @Test func groupsSayWhyTheyHaveNoNumber() throws {
    let names = (0..<40).map { $0 < 20 ? "pop" : ($0 < 32 ? "jazz" : ($0 < 35 ? "folk" : "flat")) }
    let truth = (0..<40).map { index in
      point(names[index] == "flat" ? 0.5 : sin(Double(index)), cos(Double(index)))
    }
    let prediction = truth.map { point(0.8 * $0.valence, $0.arousal) }
    let found = try GroupBreakdown(
      prediction: prediction, truth: truth, groups: names, scale: .unit, minimumCount: 5)
    #expect(found.rows.map(\.name) == ["pop", "jazz", "flat", "folk"])
    #expect(found.rows.map(\.count) == [20, 12, 5, 3])
    #expect(found["folk"]?.metrics == nil)
    #expect(found["folk"]?.unscoredReason == .tooFewSongs(minimum: 5))
    #expect(found["flat"]?.unscoredReason == .constantTruth(.valence))
    #expect(found["rock"] == nil)
    let jazz = try #require(found["jazz"]?.metrics)
    let expected = try EmotionMetrics(
      prediction: Array(prediction[20..<32]), truth: Array(truth[20..<32]), scale: .unit)
    #expect(jazz == expected && found["jazz"]?.unscoredReason == nil)
    #expect(throws: MetricsError.self) {
      try GroupBreakdown(prediction: prediction, truth: truth, groups: [], scale: .unit)
    }
  }

  @Test func meanPredictorScoresNothing() throws {
    let truth = (0..<30).map { point(sin(Double($0)), cos(Double($0) * 1.7)) }
    let baseline = try MeanPredictor(trainingTruth: truth, scale: .deam1to9)
    let metrics = try EmotionMetrics(
      prediction: baseline.predictions(count: 30), truth: truth, scale: .unit)
    #expect(metrics.valence.concordanceCorrelation == 0)
    expectClose(metrics.mean.coefficientOfDetermination, 0)
    #expect(metrics.mean.pearsonCorrelation.isNaN)
    #expect(throws: MetricsError.self) { try MeanPredictor(trainingTruth: [], scale: .unit) }
  }

  @Test func shuffledLabelsScoreNothing() throws {
    let (x, y) = wavySeries(80)
    let test = try LabelPermutationTest(
      of: .concordanceCorrelation, prediction: x, truth: y, resampling: Resampling(count: 999))
    #expect(test.probability == 0.001)
    #expect(test.chanceMean.magnitude < 0.02)
    let errors = try LabelPermutationTest(
      of: .meanSquaredError, prediction: x, truth: y, resampling: Resampling(count: 999))
    #expect(errors.probability == 0.001 && errors.observed < errors.chanceMean)
    // Reversed, the pairing is as bad as it can be.
    let worst = try LabelPermutationTest(
      of: .pearsonCorrelation, prediction: y.map { -$0 }, truth: y,
      resampling: Resampling(count: 99))
    #expect(worst.probability == 1)
    #expect(throws: MetricsError.self) {
      try LabelPermutationTest(of: .meanError, prediction: x, truth: y)
    }
  }

  @Test(arguments: [1, 3]) func permutationsIgnoreThreads(threads: Int) throws {
    let (x, y) = wavySeries(50)
    let expected = try LabelPermutationTest(
      of: .meanSquaredError, prediction: x, truth: y, resampling: Resampling(count: 500))
    let found = try LabelPermutationTest(
      of: .meanSquaredError, prediction: x, truth: y,
      resampling: Resampling(count: 500, maximumThreads: threads))
    #expect(found == expected)
  }
}
