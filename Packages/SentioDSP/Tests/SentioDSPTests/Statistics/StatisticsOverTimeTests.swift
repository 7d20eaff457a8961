import Foundation
import SentioDSP
import Testing

@Suite struct StatisticsOverTimeTests {
  /// The peer computes in Double, as here; the results are rounded to Float.
  static let relativeTolerance: Float = 2e-6
  /// Skewness and slope may be near zero, where only the size of their terms says what is exact.
  static let absoluteTolerance: Float = 2e-6

  static let all: [TemporalStatistic] = [
    .mean, .standardDeviation, .minimum, .maximum, .quantile(0), .quantile(0.1), .quantile(0.25),
    .quantile(0.5), .quantile(0.9), .quantile(1), .skewness, .kurtosis, .slope,
  ]

  struct Parameters: Decodable, Sendable {
    let rows: Int
    let frames: Int
    let offset: Float
    let rate: Double
  }

  @Test func statisticsEqualNumpyAndScipy() throws {
    for golden in try goldenCases("Statistics/rows", of: Parameters.self) {
      let parameters = golden.parameters
      let values = DeltaTests.rows(parameters.rows, frames: parameters.frames)
        .map { $0 + parameters.offset }
      let matrix = FrameMatrix(rowMajor: values, rowCount: parameters.rows)
      let found = matrix.statistics(Self.all, frameRate: parameters.rate)
      expectClose(
        found, golden.values, relative: Self.relativeTolerance, absolute: Self.absoluteTolerance,
        "\(parameters)")
      let rowMajor = FrameMatrix.statistics(
        ofRowMajor: values, rowCount: parameters.rows, Self.all, frameRate: parameters.rate)
      #expect(rowMajor == found)
    }
  }

  @Test func closedForms() {
    // 0 … 4 and its squares, at 10 frames a second.
    let matrix = FrameMatrix(rowMajor: [0, 1, 2, 3, 4, 0, 1, 4, 9, 16], rowCount: 2)
    let found = matrix.statistics(
      [
        .mean, .standardDeviation, .minimum, .maximum, .quantile(0.5), .skewness, .kurtosis, .slope,
      ],
      frameRate: 10)
    let expected: [Float] = [
      2, Float(2.0.squareRoot()), 0, 4, 2, 0, -1.3, 10,
      6, Float(34.8.squareRoot()), 0, 16, 4, Float(135.6 / pow(34.8, 1.5)),
      Float(2403.6 / (34.8 * 34.8) - 3), 40,
    ]
    expectClose(found, expected, relative: 1e-6, absolute: 1e-6)
  }

  @Test func changeIsTheDeviationOfTheDifferences() {
    // Differences 1, 1, 1 and 1, 3, 5; a single frame has none.
    let matrix = FrameMatrix(rowMajor: [0, 1, 2, 3, 0, 1, 4, 9], rowCount: 2)
    expectClose(
      matrix.statistics([.changeDeviation]), [0, Float((8.0 / 3).squareRoot())], relative: 1e-6)
    #expect(matrix.frames(0..<1).statistics([.changeDeviation]) == [0, 0])
    #expect(TemporalStatistic.changeDeviation.suffix == "change")
  }

  @Test func constantRowsHaveNoSpread() {
    for value in [Float(0), 0.1, -3.7e12, 1e-30] {
      let matrix = FrameMatrix(repeating: value, frameCount: 1293, rowCount: 2)
      let found = matrix.statistics([.mean, .standardDeviation, .skewness, .kurtosis, .slope])
      #expect(found == [value, 0, 0, 0, 0, value, 0, 0, 0, 0])
    }
  }

  @Test func smallVariationOnALargeLevelKeepsItsDigits() {
    // 2²⁰ ± 1/8, the least step of Float there: sums of squares in Float would lose it.
    let values = (0..<1000).map { Float(1 << 20) + ($0 % 2 == 0 ? 0.125 : -0.125) }
    let found = FrameMatrix(frameMajor: values, rowCount: 1).statistics([.mean, .standardDeviation])
    #expect(found == [Float(1 << 20), 0.125])
  }

  @Test func oneFrameNoFrameAndNaN() {
    let one = FrameMatrix(frameMajor: [3, -4], rowCount: 2)
    #expect(
      one.statistics([.mean, .standardDeviation, .quantile(0.3), .skewness, .kurtosis, .slope])
        == [3, 0, 3, 0, 0, 0, -4, 0, -4, 0, 0, 0])
    let none = FrameMatrix(frameMajor: [], rowCount: 2).statistics(Self.all)
    #expect(none.count == 2 * Self.all.count && none.allSatisfy { $0.isNaN })

    let spoiled = FrameMatrix(rowMajor: [1, .nan, 3, 4, 5, 6], rowCount: 2)
    let found = spoiled.statistics(Self.all)
    #expect(found.prefix(Self.all.count).allSatisfy { $0.isNaN })
    #expect(found.dropFirst(Self.all.count).allSatisfy { !$0.isNaN })
  }

  @Test func quantilesOrderSignsZerosAndInfinities() {
    let values: [Float] = [
      3, -0.0, -7.5, 0, .infinity, -0x1p-140, 2, -.infinity, 0x1p-140, -7.25, 1e30,
    ]
    let matrix = FrameMatrix(frameMajor: values, rowCount: 1)
    let ranks = values.indices.map {
      TemporalStatistic.quantile(Double($0) / Double(values.count - 1))
    }
    // Infinities of both signs leave no mean, and by rule no quantile; one sign does.
    #expect(matrix.statistics(ranks).allSatisfy { $0.isNaN })
    let finite = values.filter(\.isFinite)
    let finiteRanks = finite.indices.map {
      TemporalStatistic.quantile(Double($0) / Double(finite.count - 1))
    }
    #expect(
      FrameMatrix(frameMajor: finite, rowCount: 1).statistics(finiteRanks) == finite.sorted())
    let noise = SyntheticSignals.noise(count: 5000, seed: 9)
    let median = FrameMatrix(frameMajor: noise, rowCount: 1).statistics([.quantile(0.5)])
    let sorted = noise.sorted()
    expectClose(median, [(sorted[2499] + sorted[2500]) / 2], relative: 1e-6)
  }

  @Test func columnsAreNamedRowByRow() {
    #expect(
      TemporalStatistic.columnNames(
        rows: ["mfcc1", "mfcc2"],
        statistics: [.mean, .standardDeviation, .quantile(0.25), .quantile(0.125)]) == [
          "mfcc1_mean", "mfcc1_std", "mfcc1_q25", "mfcc1_q12.5",
          "mfcc2_mean", "mfcc2_std", "mfcc2_q25", "mfcc2_q12.5",
        ])
    #expect(TemporalStatistic.quantile(0.07).suffix == "q7")
    #expect(
      [TemporalStatistic.minimum, .maximum, .skewness, .kurtosis, .slope].map(\.suffix) == [
        "min", "max", "skew", "kurtosis", "slope",
      ])
  }
}
