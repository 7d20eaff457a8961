import Foundation
import SentioMetrics
import Testing

@Suite struct RegressionMetricTests {
  let truth = [1.0, 2, 3, 4, 5]

  @Test func perfectPredictionScoresOne() throws {
    let metrics = try RegressionMetrics(prediction: truth, truth: truth)
    for metric in RegressionMetric.allCases {
      let expected: Double =
        switch metric {
        case .meanSquaredError, .rootMeanSquaredError, .meanAbsoluteError, .meanError: 0
        default: 1
        }
      expectClose(metrics[metric], expected, metric.symbol)
    }
  }

  @Test func shiftLowersConcordanceNotCorrelation() throws {
    // var = 2, shift 2: CCC = 2·2 / (2 + 2 + 4) = 1/2.
    let shifted = truth.map { $0 + 2 }
    expectClose(try concordanceCorrelation(prediction: shifted, truth: truth), 0.5)
    expectClose(try pearsonCorrelation(shifted, truth), 1)
    expectClose(try meanSquaredError(prediction: shifted, truth: truth), 4)
    expectClose(try rootMeanSquaredError(prediction: shifted, truth: truth), 2)
    expectClose(try coefficientOfDetermination(prediction: shifted, truth: truth), -1)
    expectClose(try RegressionMetrics(prediction: shifted, truth: truth).meanError, 2)
  }

  @Test func halvedSpreadIsConservative() throws {
    // cov = 1, var(p) = 0.5, var(t) = 2: CCC = 2 / 2.5.
    let shrunk = truth.map { 3 + 0.5 * ($0 - 3) }
    expectClose(try concordanceCorrelation(prediction: shrunk, truth: truth), 0.8)
    expectClose(try predictionSlope(prediction: shrunk, truth: truth), 0.5)
    expectClose(try predictionSlope(prediction: truth, truth: shrunk), 2)
  }

  @Test func concordanceUsesPopulationMoments() throws {
    // Sample moments would give 2·2.5 / (2.5 + 2.5 + 4) = 0.556 for the shift by 2.
    let value = try concordanceCorrelation(prediction: truth.map { $0 + 2 }, truth: truth)
    #expect((value - 5.0 / 9).magnitude > 0.05)
  }

  @Test func concordanceIsSymmetricAndScaleFree() throws {
    let (x, y) = wavySeries(174)
    let value = try concordanceCorrelation(prediction: x, truth: y)
    expectClose(try concordanceCorrelation(prediction: y, truth: x), value)
    let mapped = try concordanceCorrelation(
      prediction: x.map { 5 + 4 * $0 }, truth: y.map { 5 + 4 * $0 })
    expectClose(mapped, value)
    #expect(value.magnitude <= (try pearsonCorrelation(x, y)).magnitude)
  }

  @Test(arguments: [0.1, 3.0, -7.25]) func constantSeries(constant: Double) throws {
    // 0.1 ten times over has a mean that is not 0.1: the check must not rest on the variance.
    let flat = [Double](repeating: constant, count: 10)
    let rising = (0..<10).map { Double($0) }
    #expect(try concordanceCorrelation(prediction: flat, truth: rising) == 0)
    #expect(try concordanceCorrelation(prediction: rising, truth: flat) == 0)
    #expect(try concordanceCorrelation(prediction: flat, truth: flat).isNaN)
    #expect(try concordanceCorrelation(prediction: flat, truth: flat.map { $0 + 1 }) == 0)
    #expect(try pearsonCorrelation(flat, rising).isNaN)
    #expect(try spearmanCorrelation(rising, flat).isNaN)
    #expect(try kendallCorrelation(flat, rising).isNaN)
    #expect(try coefficientOfDetermination(prediction: rising, truth: flat) == 0)
    #expect(try coefficientOfDetermination(prediction: flat, truth: flat) == 1)
    #expect(try predictionSlope(prediction: flat, truth: rising) == 0)
    #expect(try predictionSlope(prediction: rising, truth: flat).isNaN)
  }

  @Test func faultyInputIsNamed() throws {
    #expect(
      throws: MetricsError.unequalLengths(
        first: "prediction", firstCount: 2, second: "truth", secondCount: 3)
    ) { try concordanceCorrelation(prediction: [1, 2], truth: [1, 2, 3]) }
    #expect(
      throws: MetricsError.tooFewSamples(
        statistic: "concordance correlation", found: 1, needed: 2)
    ) { try concordanceCorrelation(prediction: [1], truth: [1]) }
    #expect(throws: MetricsError.nonFiniteValue(argument: "truth", index: 1, value: "nan")) {
      try meanSquaredError(prediction: [1, 2, 3], truth: [1, .nan, 3])
    }
    #expect(
      throws: MetricsError.nonFiniteValue(argument: "prediction", index: 2, value: "-inf")
    ) { try meanAbsoluteError(prediction: [1, 2, -.infinity], truth: [1, 2, 3]) }
    #expect(
      throws: MetricsError.tooFewSamples(statistic: "mean absolute error", found: 0, needed: 1)
    ) { try meanAbsoluteError(prediction: [], truth: []) }
  }

  @Test func ranksShareTies() throws {
    #expect(try averageRanks([20, 10, 20, 30]) == [2.5, 1, 2.5, 4])
    #expect(try averageRanks([]) == [])
    #expect(try averageRanks([7, 7, 7]) == [2, 2, 2])
  }

  @Test func rankCorrelationsSeeOnlyOrder() throws {
    let (x, y) = wavySeries(60)
    let bent = x.map { $0 * $0 * $0 }
    #expect(try spearmanCorrelation(bent, y) == spearmanCorrelation(x, y))
    #expect(try kendallCorrelation(bent, y) == kendallCorrelation(x, y))
    expectClose(try spearmanCorrelation(x, x.map { -$0 }), -1)
    expectClose(try kendallCorrelation(x, x.map { -$0 }), -1)
  }

  @Test(arguments: [2, 3, 7, 64, 65]) func kendallEqualsPairCount(count: Int) throws {
    // Few distinct values make every kind of tie.
    let x = (0..<count).map { Double(($0 * 7) % 5) }
    let y = (0..<count).map { Double(($0 * $0 + 3) % 4) }
    var (score, untiedX, untiedY) = (0.0, 0.0, 0.0)
    for i in 0..<count {
      for j in 0..<i {
        let (dx, dy) = (x[i] - x[j], y[i] - y[j])
        score += (dx * dy == 0) ? 0 : (dx * dy > 0 ? 1 : -1)
        untiedX += dx == 0 ? 0 : 1
        untiedY += dy == 0 ? 0 : 1
      }
    }
    let expected =
      untiedX == 0 || untiedY == 0 ? .nan : score / (untiedX * untiedY).squareRoot()
    expectClose(try kendallCorrelation(x, y), expected)
  }

  @Test func undefinedValuesSurviveJSON() throws {
    let metrics = try RegressionMetrics(prediction: [1, 2, 3], truth: [2, 2, 2])
    let read = try JSONDecoder().decode(
      RegressionMetrics.self, from: JSONEncoder().encode(metrics))
    #expect(read.pearsonCorrelation.isNaN && read.concordanceCorrelation == 0)
    #expect(read.meanAbsoluteError == metrics.meanAbsoluteError)
  }
}

/// Two series with a moderate correlation and pairwise distinct values.
func wavySeries(_ count: Int) -> ([Double], [Double]) {
  let x = (0..<count).map { sin(Double($0) * 0.7) + 0.01 * Double($0) }
  let y = x.enumerated().map { 0.6 * $1 + 0.5 * cos(Double($0) * 1.9) + 0.2 }
  return (x, y)
}
