import Foundation
import SentioMetrics
import Testing

@Suite struct RegressionAccumulatorTests {
  static let momentMetrics = RegressionMetric.allCases.filter {
    $0 != .spearmanCorrelation && $0 != .kendallCorrelation
  }

  @Test(arguments: momentMetrics) func streamingEqualsWholeSet(metric: RegressionMetric) throws {
    let (x, y) = wavySeries(301)
    let whole = try metric.value(prediction: x, truth: y)
    var one = RegressionAccumulator()
    for index in x.indices { try one.add(prediction: x[index], truth: y[index]) }
    expectClose(try #require(one.value(of: metric)), whole, "one by one")

    // Parts of unequal and zero length, merged pairwise.
    var merged = RegressionAccumulator()
    for range in [0..<1, 1..<1, 1..<100, 100..<101, 101..<301] {
      merged.merge(try RegressionAccumulator(prediction: Array(x[range]), truth: Array(y[range])))
    }
    #expect(merged.count == 301)
    expectClose(try #require(merged.value(of: metric)), whole, "merged")
  }

  @Test func meanOfBatchesIsNotTheWhole() throws {
    // Why the concordance is taken over the whole set: within a batch of like songs it is low.
    let truth = (0..<100).map { Double($0 / 10) }
    let prediction = truth.enumerated().map { $1 + ($0 % 2 == 0 ? 0.3 : -0.3) }
    let whole = try concordanceCorrelation(prediction: prediction, truth: truth)
    let batches = try (0..<10).map {
      try concordanceCorrelation(
        prediction: Array(prediction[$0 * 10..<$0 * 10 + 10]),
        truth: Array(truth[$0 * 10..<$0 * 10 + 10]))
    }
    #expect(whole > 0.98)
    #expect(batches.reduce(0, +) / 10 < 0.01)
  }

  @Test func largeOffsetDoesNotCancel() throws {
    let (x, y) = wavySeries(100)
    let expected = try pearsonCorrelation(x, y)
    var accumulator = RegressionAccumulator()
    for index in x.indices {
      try accumulator.add(prediction: x[index] + 1e6, truth: y[index] + 1e6)
    }
    // 1e6 keeps about 1e-10 of each value; the sums of squares form would lose 1e12 times as much.
    expectClose(accumulator.pearsonCorrelation, expected, relative: 1e-8)
  }

  @Test func emptyAndSingle() throws {
    var accumulator = RegressionAccumulator()
    #expect(accumulator.meanSquaredError.isNaN && accumulator.concordanceCorrelation.isNaN)
    try accumulator.add(prediction: 1, truth: 3)
    #expect(accumulator.meanSquaredError == 4 && accumulator.meanError == -2)
    #expect(accumulator.pearsonCorrelation.isNaN && accumulator.coefficientOfDetermination.isNaN)
    #expect(throws: MetricsError.nonFiniteValue(argument: "truth", index: 1, value: "inf")) {
      try accumulator.add(prediction: 1, truth: .infinity)
    }
    #expect(accumulator.count == 1)
    #expect(accumulator.value(of: .kendallCorrelation) == nil)
  }

  @Test func survivesJSON() throws {
    let (x, y) = wavySeries(20)
    for accumulator in [
      RegressionAccumulator(), try RegressionAccumulator(prediction: x, truth: y),
    ] {
      let read = try JSONDecoder().decode(
        RegressionAccumulator.self, from: JSONEncoder().encode(accumulator))
      #expect(read == accumulator)
    }
  }
}
