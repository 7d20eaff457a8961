import SentioMetrics
import Testing

@Suite struct HypothesisTestTests {
  struct Golden: Decodable {
    struct Table: Decodable {
      let counts: [Int]
      let exact, corrected, correctedStatistic, plain, plainStatistic: Double
    }
    struct Holm: Decodable { let raw, corrected: [Double] }
    struct Two: Decodable {
      let first, second: [Double]
      let statistic, exact, limit: Double
    }
    struct One: Decodable {
      let sample: [Double]
      let statistic, probability: Double
    }
    let mcnemar: [Table]
    let holm: [Holm]
    let kolmogorovTwo: [Two]
    let kolmogorovOne: [One]
  }

  func outcomes(_ counts: [Int]) -> (first: [Bool], second: [Bool]) {
    let pairs = zip([(true, true), (true, false), (false, true), (false, false)], counts)
      .flatMap { Array(repeating: $0, count: $1) }
    return (pairs.map(\.0), pairs.map(\.1))
  }

  @Test func mcNemarEqualsStatsmodels() throws {
    let tables = try golden("hypothesis_tests", as: Golden.self).mcnemar
    #expect(tables.count == 6)
    for table in tables {
      let (first, second) = outcomes(table.counts)
      let test = try McNemarTest(firstCorrect: first, secondCorrect: second)
      #expect(
        [
          test.bothCorrect, test.onlyFirstCorrect, test.onlySecondCorrect, test.neitherCorrect,
        ] == table.counts)
      func close(_ found: Double, _ expected: Double, _ what: String) {
        expectClose(
          found, expected, relative: probabilityTolerance, absolute: 0,
          "\(table.counts) \(what)")
      }
      close(test.exactProbability, table.exact, "exact")
      close(test.asymptoticProbability(), table.corrected, "corrected")
      close(test.chiSquared(), table.correctedStatistic, "corrected statistic")
      close(test.asymptoticProbability(continuityCorrected: false), table.plain, "plain")
      close(test.chiSquared(continuityCorrected: false), table.plainStatistic, "plain statistic")
    }
  }

  @Test func mcNemarWithoutDifference() throws {
    let same = try McNemarTest(firstCorrect: [true, false], secondCorrect: [true, false])
    #expect(same.exactProbability == 1 && same.asymptoticProbability() == 1)
    let even = try McNemarTest(firstCorrect: [true, false], secondCorrect: [false, true])
    #expect(even.exactProbability == 1 && even.chiSquared() == 0)
    // One-sided 2⁻⁵, doubled.
    let clear = try McNemarTest(
      firstCorrect: Array(repeating: true, count: 5),
      secondCorrect: Array(repeating: false, count: 5))
    expectClose(clear.exactProbability, 1.0 / 16)
    #expect(throws: MetricsError.self) { try McNemarTest(firstCorrect: [], secondCorrect: []) }
    #expect(throws: MetricsError.self) {
      try McNemarTest(firstCorrect: [true], secondCorrect: [true, false])
    }
  }

  @Test func holmEqualsStatsmodels() throws {
    for item in try golden("hypothesis_tests", as: Golden.self).holm {
      expectClose(try holmCorrection(item.raw), item.corrected, "Holm")
    }
    #expect(try holmCorrection([]) == [])
    #expect(try holmCorrection([0.3]) == [0.3])
    #expect(throws: MetricsError.self) { try holmCorrection([0.1, .nan]) }
    #expect(throws: MetricsError.self) { try holmCorrection([0.1, 1.5]) }
  }

  @Test func kolmogorovSmirnovEqualsSciPy() throws {
    let items = try golden("hypothesis_tests", as: Golden.self)
    #expect(items.kolmogorovTwo.count == 7 && items.kolmogorovOne.count == 3)
    for item in items.kolmogorovTwo {
      let exact = try KolmogorovSmirnovTest(
        first: item.first, second: item.second, method: .exact)
      let limit = try KolmogorovSmirnovTest(
        first: item.first, second: item.second, method: .asymptotic)
      let size = "\(item.first.count) × \(item.second.count)"
      expectClose(exact.statistic, item.statistic, "\(size) D")
      expectClose(
        exact.probability, item.exact, relative: probabilityTolerance, absolute: 0,
        "\(size) exact")
      expectClose(
        limit.probability, item.limit, relative: probabilityTolerance, absolute: 0,
        "\(size) limit")
    }
    for item in items.kolmogorovOne {
      let test = try KolmogorovSmirnovTest(sample: item.sample) { min(1, max(0, $0)) }
      expectClose(test.statistic, item.statistic, "one sample D")
      expectClose(
        test.probability, item.probability, relative: probabilityTolerance, absolute: 0,
        "one sample p")
    }
  }

  @Test func kolmogorovSmirnovAtTheEdges() throws {
    let same = try KolmogorovSmirnovTest(first: [1, 2, 3], second: [3, 1, 2])
    #expect(same.statistic == 0 && same.probability == 1 && same.method == .exact)
    // Separated samples of 3 and 3: two of the C(6, 3) = 20 orders.
    let apart = try KolmogorovSmirnovTest(first: [1, 2, 3], second: [4, 5, 6])
    #expect(apart.statistic == 1)
    expectClose(apart.probability, 0.1)
    #expect(throws: MetricsError.self) { try KolmogorovSmirnovTest(first: [], second: [1]) }
    #expect(throws: MetricsError.self) {
      try KolmogorovSmirnovTest(first: [1], second: [.infinity])
    }
    #expect(throws: MetricsError.self) {
      try KolmogorovSmirnovTest(sample: [1, 2]) { _ in 1.5 }
    }
  }
}
