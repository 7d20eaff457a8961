import Foundation
import SentioMetrics
import Testing

@Suite struct EmotionMetricsTests {
  func points(_ count: Int, phase: Double) -> [ValenceArousal] {
    (0..<count).map {
      ValenceArousal(
        valence: sin(Double($0) + phase), arousal: cos(Double($0) * 1.3 + phase), scale: .unit)
    }
  }

  @Test func scalesDifferBySixteen() throws {
    let (prediction, truth) = (points(50, phase: 0.3), points(50, phase: 0))
    let unit = try EmotionMetrics(prediction: prediction, truth: truth, scale: .unit)
    let deam = try EmotionMetrics(prediction: prediction, truth: truth, scale: .deam1to9)
    expectClose(deam.mean.meanSquaredError, 16 * unit.mean.meanSquaredError)
    for metric in RegressionMetric.allCases {
      expectClose(unit.on(.deam1to9).valence[metric], deam.valence[metric], metric.symbol)
      expectClose(deam.on(.unit).mean[metric], unit.mean[metric], metric.symbol)
      if metric.unitPower == 0 { expectClose(deam.mean[metric], unit.mean[metric]) }
    }
  }

  @Test func scalesMayBeMixed() throws {
    let (prediction, truth) = (points(20, phase: 0.3), points(20, phase: 0))
    let mixed = prediction.enumerated().map { $0 % 2 == 0 ? $1 : $1.on(.deam1to9) }
    let expected = try EmotionMetrics(prediction: prediction, truth: truth, scale: .unit)
    let found = try EmotionMetrics(prediction: mixed, truth: truth, scale: .unit)
    for metric in RegressionMetric.allCases {
      expectClose(found.mean[metric], expected.mean[metric], metric.symbol)
    }
  }

  @Test func dimensionsAreNotSwapped() throws {
    let truth = points(30, phase: 0)
    let prediction = truth.map {
      ValenceArousal(valence: $0.valence, arousal: $0.arousal + 0.5, scale: .unit)
    }
    let metrics = try EmotionMetrics(prediction: prediction, truth: truth, scale: .unit)
    #expect(metrics.valence.meanAbsoluteError == 0)
    expectClose(metrics.arousal.meanAbsoluteError, 0.5)
    expectClose(metrics.mean.meanAbsoluteError, 0.25)
  }

  @Test func faultsAreNamed() throws {
    let truth = points(3, phase: 0)
    var bad = truth
    bad[1].arousal = .nan
    #expect(
      throws: MetricsError.nonFiniteValue(argument: "prediction.arousal", index: 1, value: "nan")
    ) { try EmotionMetrics(prediction: bad, truth: truth, scale: .unit) }
    #expect(throws: MetricsError.self) {
      try EmotionMetrics(
        prediction: truth, truth: truth, scale: .interval(lower: 1, upper: 1))
    }
  }

  @Test(arguments: [EmotionScale.unit, .deam1to9, .interval(lower: -10, upper: 10)])
  func scaleSurvivesJSON(scale: EmotionScale) throws {
    let data = try JSONEncoder().encode([scale])
    #expect(try JSONDecoder().decode([EmotionScale].self, from: data) == [scale])
    if scale == .unit { #expect(String(decoding: data, as: UTF8.self) == "[\"unit\"]") }
  }

  @Test func quadrantsFollowTheMidpoint() {
    let expected: [(Double, Double, Quadrant)] = [
      (6, 6, .happy), (4, 6, .tense), (4, 4, .sad), (6, 4, .calm), (5, 5, .happy),
    ]
    for (valence, arousal, quadrant) in expected {
      let point = ValenceArousal(valence: valence, arousal: arousal, scale: .deam1to9)
      #expect(point.quadrant == quadrant && point.on(.unit).quadrant == quadrant)
    }
  }
}
