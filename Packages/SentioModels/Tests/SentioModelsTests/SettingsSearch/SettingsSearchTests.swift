import Foundation
import SentioModels
import Testing

/// The Gaussian process against scikit-learn's, and searches on a function that is known.
///
/// See Tests/Generators/generate_search.py.
struct SettingsSearchTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      var length: Double
      var noise: Double
      var logLikelihood: Double
      var mean: [Double]
      var deviation: [Double]
    }
    var points: [[Double]]
    var values: [Double]
    var queries: [[Double]]
    var cases: [Case]
  }

  @Test func theProcessIsThatOfScikitLearn() throws {
    let url = Bundle.module.resourceURL!.appending(path: "Golden/Search/process.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    // Both compute in double precision.
    let tolerance = 1e-9
    for expected in golden.cases {
      let process = GaussianProcess(
        golden.points, golden.values, length: expected.length, noise: expected.noise)
      #expect(abs(process.logLikelihood - expected.logLikelihood) < tolerance)
      for (index, query) in golden.queries.enumerated() {
        let (mean, deviation) = process.prediction(at: query)
        #expect(abs(mean - expected.mean[index]) < tolerance)
        #expect(abs(deviation - expected.deviation[index]) < tolerance)
      }
    }
  }

  @Test func improvementIsThatOfItsIntegral() {
    let process = GaussianProcess(
      [[0.1], [0.5], [0.8]], [3, 1, 2], length: 0.3, noise: 1e-3)
    for place in [0.3, 0.62, 0.95] {
      let (mean, deviation) = process.prediction(at: [place])
      // E[max(0, best − f)] by the midpoint rule over ±8 deviations.
      let steps = 20_000
      let width = 16 * deviation / Double(steps)
      let integral = (0..<steps).reduce(0.0) { sum, step in
        let f = mean - 8 * deviation + (Double(step) + 0.5) * width
        let z = (f - mean) / deviation
        let density = exp(-z * z / 2) / (deviation * (2 * Double.pi).squareRoot())
        return sum + max(0, 1 - f) * density * width
      }
      #expect(abs(process.expectedImprovement(below: 1, at: [place]) - integral) < 1e-6)
    }
  }

  static let space = SearchSpace([
    .init("units", .list([8, 16, 32, 64])), .init("rate", .logarithmic(1e-4...1)),
    .init("dropout", .linear(0...0.5)),
  ])

  /// Smallest, 0, at 32 units, a rate of 10^-2 and a dropout of 0.2.
  static func bowl(_ settings: [String: Double]) -> Double {
    let rate = log10(settings["rate"]!) + 2
    let units = log2(settings["units"]! / 32)
    let dropout = 4 * (settings["dropout"]! - 0.2)
    return rate * rate + 0.3 * units * units + dropout * dropout
  }

  @Test func gridsAndRandomPointsStayInTheSpace() {
    let grid = SettingsSearch(Self.space, .grid(steps: 3)).run(Self.bowl)
    #expect(grid.count == 4 * 3 * 3)
    #expect(Set(grid.map { $0.settings["units"]! }) == [8, 16, 32, 64])
    #expect(Set(grid.map { $0.settings["dropout"]! }) == [0, 0.25, 0.5])
    let rates = Set(grid.map { $0.settings["rate"]! }).sorted()
    for (rate, expected) in zip(rates, [1e-4, 1e-2, 1]) { #expect(abs(rate / expected - 1) < 1e-9) }
    let random = SettingsSearch(Self.space, .random(trials: 200), seed: 1).run(Self.bowl)
    #expect(random.allSatisfy { (1e-4...1).contains($0.settings["rate"]!) })
    // Half of the rates are below the geometric mean of the range, ± 4 standard deviations.
    #expect((72...128).contains(random.count { $0.settings["rate"]! < 1e-2 }))
  }

  @Test func theProcessFindsWhatChanceMisses() {
    func best(_ method: SettingsSearch.Method, _ seed: UInt64) -> Double {
      SettingsSearch(Self.space, method, seed: seed).run(Self.bowl).map(\.value).min()!
    }
    var wins = 0
    var sum = 0.0
    for seed in 1...6 as ClosedRange<UInt64> {
      let guided = best(.bayesian(trials: 20), seed)
      if guided < best(.random(trials: 20), seed) { wins += 1 }
      sum += guided
    }
    #expect(wins >= 5)
    #expect(sum / 6 < 0.1)
    let again = SettingsSearch(Self.space, .bayesian(trials: 12), seed: 2).run(Self.bowl)
    #expect(again == SettingsSearch(Self.space, .bayesian(trials: 12), seed: 2).run(Self.bowl))
  }

  @Test func trialsThatLeaveTheNumbersAreTheWorst() {
    let trials = SettingsSearch(Self.space, .bayesian(trials: 15), seed: 3).run { settings in
      settings["rate"]! > 0.1 ? .nan : Self.bowl(settings)
    }
    #expect(trials.count == 15)
    #expect(trials.suffix(6).count { $0.value.isNaN } <= 1)
  }
}
