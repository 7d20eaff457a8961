import Foundation
import SentioClassical
import SentioMetrics
import Testing

private struct TreesGolden: Decodable {
  let table: GoldenTable
  let wholePredictions: [Double]
  let wholeR2: [Double]
  let sampledR2: [Double]

  enum CodingKeys: String, CodingKey {
    case table
    case wholePredictions = "whole_predictions"
    case wholeR2 = "whole_r2"
    case sampledR2 = "sampled_r2_mean_of_10_seeds"
  }
}

private func r2(_ predicted: Predictions, _ truth: Targets, _ output: Int) throws -> Double {
  try coefficientOfDetermination(
    prediction: predicted.column(output), truth: truth.column(output))
}

@Suite struct BoostedTreesTests {
  /// The bound on the test R² of two versions of XGBoost.
  static let scoreTolerance = 0.01

  private let golden: TreesGolden

  init() throws { golden = try SentioClassicalTests.golden("trees.json", as: TreesGolden.self) }

  /// Without sampling nothing is random: XGBoost 1.7 must grow nearly the trees of XGBoost 3.2.
  @Test func scoresWithoutSamplingEqualThePeers() throws {
    let (x, y) = try golden.table.train()
    let (testX, testY) = try golden.table.test()
    let model = try BoostedTrees(
      x, y, settings: BoostedTrees.Settings(rowFraction: 1, columnFraction: 1))
    let predicted = try model.predict(testX)
    for output in 0..<2 {
      expectClose(
        [try r2(predicted, testY, output)], [golden.wholeR2[output]],
        absolute: Self.scoreTolerance, "R² of output \(output)")
      let peer = stride(from: output, to: golden.wholePredictions.count, by: 2).map {
        golden.wholePredictions[$0]
      }
      #expect(
        try pearsonCorrelation(predicted.column(output), peer) > 0.995,
        "predictions of output \(output) beside the peer's")
    }
  }

  @Test func scoresWithTheReportsSettingsEqualThePeers() throws {
    let (x, y) = try golden.table.train()
    let (testX, testY) = try golden.table.test()
    var sums = [0.0, 0.0]
    for seed in 0..<10 {
      let model = try BoostedTrees(x, y, settings: BoostedTrees.Settings(seed: UInt64(seed)))
      let predicted = try model.predict(testX)
      for output in 0..<2 { sums[output] += try r2(predicted, testY, output) / 10 }
    }
    expectClose(sums, golden.sampledR2, absolute: Self.scoreTolerance, "mean R² of ten seeds")
  }

  @Test func theSameSeedGrowsTheSameTrees() throws {
    let (x, y) = try randomTable(rows: 150, columns: 6)
    let settings = BoostedTrees.Settings(rounds: 15, seed: 7)
    let first = try BoostedTrees(x, y, settings: settings)
    #expect(first == (try BoostedTrees(x, y, settings: settings)))
    var other = settings
    other.seed = 8
    #expect(first.ensembles != (try BoostedTrees(x, y, settings: other)).ensembles)
  }

  @Test func stopsEarlyAtTheBestRound() throws {
    let (x, y) = try randomTable(rows: 200, columns: 4, seed: 2)
    let settings = BoostedTrees.Settings(
      rounds: 400, learningRate: 0.5, earlyStopping: .init(patience: 5))
    let model = try BoostedTrees(x, y, settings: settings)
    for output in 0..<2 {
      let errors = model.holdoutErrors[output]
      let best = try #require(errors.indices.min { errors[$0] < errors[$1] })
      #expect(errors.count < 400, "it stops before the last round")
      #expect(model.ensembles[output].treeCount == best + 1)
      #expect(errors.count == best + 1 + 5, "five rounds without improvement")
    }
    var refitting = settings
    refitting.earlyStopping = .init(patience: 5, refitsOnAllRows: true)
    let refitted = try BoostedTrees(x, y, settings: refitting)
    #expect(refitted.ensembles.map(\.treeCount) == model.ensembles.map(\.treeCount))
    #expect(refitted.ensembles != model.ensembles)
  }

  @Test(arguments: [BoostedTrees.Settings.SplitSearch.exact, .histogram(bins: 32)])
  func splitSearches(splits: BoostedTrees.Settings.SplitSearch) throws {
    let (x, y) = try randomTable(rows: 300, columns: 3, seed: 4)
    let model = try BoostedTrees(
      x, y, settings: BoostedTrees.Settings(rounds: 60, learningRate: 0.2, splits: splits))
    #expect(try r2(model.predict(x), y, 0) > 0.8)
  }

  @Test func constantLabelsAreReproduced() throws {
    let (x, _) = try randomTable(rows: 40, columns: 3)
    let y = try Targets(outputs: ["valence"], values: [Double](repeating: 3.5, count: 40))
    let model = try BoostedTrees(x, y)
    expectClose(
      try model.predict(x).values, [Double](repeating: 3.5, count: 40), absolute: 1e-6)
  }

  @Test func predictionsOfManyRowsEqualThoseOfOne() throws {
    let (x, y) = try randomTable(rows: 150, columns: 5)
    let model = try BoostedTrees(x, y, settings: BoostedTrees.Settings(rounds: 10))
    let all = try model.predict(x)
    for row in [0, 63, 64, 149] {
      let alone = try model.predict(x.selectingRows([row]))
      #expect(alone.values == Array(all.values[row * 2..<row * 2 + 2]))
    }
  }
}
