import Foundation
import SentioMetrics
import Testing

/// The golden points of `diagnostics.json`, made by NumPy and SciPy.
struct Diagnostics: Decodable {
  struct Ellipse: Decodable {
    let bias, covariance0, covariance1, deviations: [Double]
    let angle, factor, inside: Double

    enum CodingKeys: String, CodingKey { case bias, covariance, deviations, angle, factor, inside }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      bias = try values.decode([Double].self, forKey: .bias)
      let covariance = try values.decode([[Double]].self, forKey: .covariance)
      (covariance0, covariance1) = (covariance[0], covariance[1])
      deviations = try values.decode([Double].self, forKey: .deviations)
      angle = try values.decode(Double.self, forKey: .angle)
      factor = try values.decode(Double.self, forKey: .factor)
      inside = try values.decode(Double.self, forKey: .inside)
    }
  }

  struct Caution: Decodable {
    let slopes, spreads, reaches: [Double]
    let errors: [[Double]]
  }

  let truth, prediction: [[Double]]
  let ellipse: Ellipse
  let conservatism: Caution

  var truths: [ValenceArousal] { truth.map { unit($0[0], $0[1]) } }
  var predictions: [ValenceArousal] { prediction.map { unit($0[0], $0[1]) } }
}

func unit(_ valence: Double, _ arousal: Double) -> ValenceArousal {
  ValenceArousal(valence: valence, arousal: arousal, scale: .unit)
}

@Suite struct ConservatismTests {
  @Test func figuresEqualPeers() throws {
    let golden = try golden("diagnostics", as: Diagnostics.self)
    let found = try Conservatism(
      prediction: golden.predictions, truth: golden.truths, scale: .unit,
      resampling: Resampling(count: 500))
    let parts = [found.valence, found.arousal]
    expectClose(parts.map(\.slope.estimate), golden.conservatism.slopes)
    expectClose(parts.map(\.spread.estimate), golden.conservatism.spreads)
    let extremes = parts.map(\.extremes) + [found.extremes]
    expectClose(extremes.map(\.reach.estimate), golden.conservatism.reaches)
    expectClose(extremes.map(\.meanAbsoluteError), golden.conservatism.errors.map { $0[0] })
    expectClose(extremes.map(\.otherMeanAbsoluteError), golden.conservatism.errors.map { $0[1] })
    for interval in parts.flatMap({ [$0.slope, $0.spread, $0.extremes.reach] }) {
      #expect(interval.lower < interval.estimate && interval.estimate < interval.upper)
    }
    // The slope is the model's own: it halved the truths' distances, more or less.
    #expect(
      found.valence.slope.contains(0.6) && found.extremes.count > found.valence.extremes.count)
  }

  @Test func scaleChangesErrorsOnly() throws {
    let golden = try golden("diagnostics", as: Diagnostics.self)
    let resampling = Resampling(count: 100)
    let one = try Conservatism(
      prediction: golden.predictions, truth: golden.truths, scale: .unit, resampling: resampling)
    let other = try Conservatism(
      prediction: golden.predictions, truth: golden.truths, scale: .deam1to9,
      resampling: resampling)
    expectClose(other.valence.slope.upper, one.valence.slope.upper)
    expectClose(other.extremes.reach.lower, one.extremes.reach.lower)
    expectClose(other.extremes.meanAbsoluteError, 4 * one.extremes.meanAbsoluteError)
  }

  @Test func closedForms() throws {
    let truth = (0..<20).map { unit(cos(Double($0)), sin(Double($0))) }
    let half = truth.map { unit($0.valence / 2, $0.arousal / 2) }
    let found = try Conservatism(
      prediction: half, truth: truth, scale: .unit, resampling: Resampling(count: 50))
    for interval in [found.valence.slope, found.arousal.spread, found.extremes.reach] {
      expectClose([interval.estimate, interval.lower, interval.upper], [0.5, 0.5, 0.5])
    }
    expectClose(found.arousal.extremes.shrinkage, 0.5)
    // Nobody is extreme: no reach, and no error of extremes.
    let calm = try Conservatism(
      prediction: truth, truth: half, scale: .unit, resampling: Resampling(count: 50))
    #expect(calm.extremes.count == 0 && calm.extremes.reach.estimate.isNaN)
    #expect(calm.extremes.meanAbsoluteError.isNaN)
    let read = try JSONDecoder().decode(Conservatism.self, from: JSONEncoder().encode(calm))
    #expect(read.valence.slope == calm.valence.slope && read.extremes.reach.lower.isNaN)
    #expect(throws: MetricsError.self) {
      try Conservatism(prediction: half, truth: truth, scale: .unit, threshold: 1)
    }
  }
}

@Suite struct ErrorShapeTests {
  @Test func ellipseEqualsPeers() throws {
    let golden = try golden("diagnostics", as: Diagnostics.self)
    let found = try ErrorEllipse(
      prediction: golden.predictions, truth: golden.truths, scale: .unit)
    expectClose([found.valenceBias, found.arousalBias], golden.ellipse.bias)
    expectClose([found.valenceVariance, found.covariance], golden.ellipse.covariance0)
    expectClose([found.covariance, found.arousalVariance], golden.ellipse.covariance1)
    expectClose([found.majorDeviation, found.minorDeviation], golden.ellipse.deviations)
    expectClose(found.angle, golden.ellipse.angle)
    expectClose(try ErrorEllipse.factor(coverage: 0.8), golden.ellipse.factor)
    expectClose(try found.share(inside: 0.8), golden.ellipse.inside)
    let read = try JSONDecoder().decode(ErrorEllipse.self, from: JSONEncoder().encode(found))
    #expect(read.angle == found.angle)
    #expect(try read.share(inside: 0.5).isNaN)
  }

  @Test func outlineIsAnEllipse() throws {
    // Errors along the diagonal only: a line of no width.
    let truth = (0..<9).map { unit(Double($0) / 20, 0) }
    let prediction = truth.enumerated().map {
      unit($1.valence + Double($0 - 4) / 10, $1.arousal + Double($0 - 4) / 10)
    }
    let line = try ErrorEllipse(prediction: prediction, truth: truth, scale: .unit)
    expectClose(line.angle, .pi / 4)
    expectClose(line.minorDeviation, 0, absolute: 1e-8)
    #expect(try line.share(inside: 0.5).isNaN)
    let golden = try golden("diagnostics", as: Diagnostics.self)
    let found = try ErrorEllipse(
      prediction: golden.predictions, truth: golden.truths, scale: .deam1to9)
    let curve = try found.outline(coverage: 0.5, around: unit(0.5, 0.25), corners: 12)
    #expect(curve.count == 12 && curve.allSatisfy { $0.scale == .deam1to9 })
    let (a, b, c) = (found.valenceVariance, found.covariance, found.arousalVariance)
    let factor = try ErrorEllipse.factor(coverage: 0.5)
    for corner in curve {
      // 0.5 is 7 on DEAM's scale, 0.25 is 6.
      let (x, y) = (corner.valence - 7 - found.valenceBias, corner.arousal - 6 - found.arousalBias)
      expectClose(
        (x * x * c - 2 * x * y * b + y * y * a) / (a * c - b * b), factor * factor, relative: 1e-10)
    }
    #expect(throws: MetricsError.self) { try ErrorEllipse.factor(coverage: 1) }
    #expect(throws: MetricsError.self) {
      try ErrorEllipse(prediction: [unit(0, 0)], truth: [unit(0, 0)], scale: .unit)
    }
  }

  @Test func largestErrorsAreNamed() throws {
    // The report's three outliers among songs that are right.
    let truth = [
      unit(0.3, 0.3), unit(-0.25, -0.78), unit(0.45, 0.15), unit(0.20, 0.35), unit(0, 0),
    ]
    let said = [
      unit(0.3, 0.3), unit(0.09, -0.25), unit(0.10, -0.07), unit(0.20, -0.01), unit(0, 0),
    ]
    let ids = ["7", "1118", "1000", "503", "9"]
    let found = try LargestErrors(
      ids: ids, prediction: said, truth: truth, scale: .unit, count: 3)
    #expect(found.songs.map(\.id) == ["1118", "1000", "503"])
    expectClose(found.songs[0].valenceError, 0.34)
    expectClose(found.songs[0].arousalError, 0.53)
    expectClose(found.songs[2].distance, 0.36)
    #expect(found.songs.map(\.rank) == [1, 0.75, 0.5])
    let valence = try LargestErrors(
      ids: ids, prediction: said, truth: truth, scale: .deam1to9, count: 9, order: .valence)
    // Equal errors keep their order.
    #expect(valence.songs.map(\.id) == ["1000", "1118", "7", "503", "9"])
    expectClose(valence.songs[0].valenceError, 1.4)
    #expect(throws: MetricsError.self) {
      try LargestErrors(ids: [], prediction: said, truth: truth, scale: .unit)
    }
  }

  @Test func groupsHaveIntervals() throws {
    let golden = try golden("diagnostics", as: Diagnostics.self)
    let groups = (0..<60).map { $0 < 40 ? "pop" : $0 < 55 ? "jazz" : "folk" }
    let found = try GroupBreakdown(
      prediction: golden.predictions, truth: golden.truths, groups: groups, scale: .unit,
      intervals: [.concordanceCorrelation], resampling: Resampling(count: 300))
    #expect(found.rows.map { $0.intervals == nil } == [false, false, true])
    let pop = try #require(found["pop"]?.intervals?.mean[.concordanceCorrelation])
    expectClose(pop.estimate, try #require(found["pop"]?.metrics?.mean.concordanceCorrelation))
    let alone = try EmotionIntervals(
      prediction: Array(golden.predictions[..<40]), truth: Array(golden.truths[..<40]),
      scale: .unit, metrics: [.concordanceCorrelation], resampling: Resampling(count: 300))
    #expect(pop == alone.mean[.concordanceCorrelation])
    let read = try JSONDecoder().decode(GroupBreakdown.self, from: JSONEncoder().encode(found))
    #expect(read == found)
  }
}
