import Foundation
import SentioClassical
import Testing

private struct ExplanationGolden: Decodable {
  let columns: Int
  let x: [Float]
  let predictions: [Double]
  let contributions: [Double]
  let importance: [String: [String: Double]]
}

@Suite struct ExplanationTests {
  /// XGBoost adds contributions in single precision; ours in double.
  static let contributionTolerance = 1e-5

  private let golden: ExplanationGolden
  private let trees: TreeEnsemble

  init() throws {
    golden = try SentioClassicalTests.golden("explanation.json", as: ExplanationGolden.self)
    let url = Bundle.module.bundleURL.appending(path: "Golden/explanation.json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    trees = try TreeEnsemble(
      xgboostJSON: JSONSerialization.data(withJSONObject: try #require(json["model"])))
  }

  private func row<R>(_ index: Int, _ body: (UnsafePointer<Float>) -> R) -> R {
    golden.x.withUnsafeBufferPointer { body($0.baseAddress! + index * golden.columns) }
  }

  @Test func predictionsOfAPeersModelEqualThePeers() {
    let count = golden.predictions.count
    expectClose(
      (0..<count).map { row($0) { Double(trees.predict($0)) } }, golden.predictions,
      absolute: 1e-6, "predictions")
  }

  @Test func contributionsEqualThePeers() {
    for index in golden.predictions.indices {
      let found = row(index) { trees.contributions($0) }
      let width = golden.columns + 1
      expectClose(
        found.values + [found.base],
        Array(golden.contributions[index * width..<(index + 1) * width]),
        absolute: Self.contributionTolerance, "row \(index)")
    }
  }

  @Test func contributionsAddUpToThePrediction() throws {
    let (x, y) = try randomTable(rows: 120, columns: 5, seed: 9)
    let model = try BoostedTrees(x, y, settings: BoostedTrees.Settings(rounds: 40))
    let predicted = try model.predict(x)
    for output in 0..<2 {
      let sums = try model.contributions(x, output: output).map {
        $0.values.reduce($0.base, +)
      }
      expectClose(sums, predicted.column(output), absolute: 2e-5, "output \(output)")
    }
  }

  /// With two features, SHAP values can be computed from their definition over all four sets.
  @Test func contributionsEqualTheirDefinition() throws {
    // x0 < 0 ? (x1 < 0 ? 1 : 2) : (x0 < 5 ? 4 : 8), covers 10 = 4 (1 + 3) + 6 (2 + 4)
    let trees = try TreeEnsemble(
      base: 0.5, featureCount: 2, roots: [0, 7], features: [0, 1, 0, -1, -1, -1, -1],
      values: [0, 0, 5, 1, 2, 4, 8], firstChild: [1, 3, 5, -1, -1, -1, -1],
      gains: [1, 1, 1, 0, 0, 0, 0], covers: [10, 4, 6, 1, 3, 2, 4])
    let row: [Float] = [7, -1]
    let found = row.withUnsafeBufferPointer { trees.contributions($0.baseAddress!) }
    let left = (1.0 * 1 + 2 * 3) / 4
    let right = (4.0 * 2 + 8 * 4) / 6
    let none = 0.4 * left + 0.6 * right
    let onlyFirst = 8.0
    let onlySecond = 0.4 * 1 + 0.6 * right
    let both = 8.0
    expectClose([found.base], [0.5 + none], absolute: 1e-12, "base")
    expectClose(
      found.values,
      [
        ((onlyFirst - none) + (both - onlySecond)) / 2,
        ((onlySecond - none) + (both - onlyFirst)) / 2,
      ], absolute: 1e-12, "contributions")
  }

  @Test func importancesEqualThePeers() throws {
    for (kind, key) in [
      (TreeEnsemble.ImportanceKind.gain, "gain"), (.totalGain, "total_gain"),
      (.splitCount, "weight"), (.cover, "cover"),
    ] {
      let expected = try #require(golden.importance[key])
      expectClose(
        trees.importance(kind), (0..<golden.columns).map { expected["f\($0)"] ?? 0 },
        relative: 1e-5, key)
    }
  }

  @Test func importanceNamesTheFeaturesThatMatter() throws {
    let (x, y) = try randomTable(rows: 300, columns: 6, seed: 3)
    let model = try BoostedTrees(x, y, settings: BoostedTrees.Settings(rounds: 50))
    // Valence depends on f0 and f1, arousal on f1 and f2.
    #expect(Set(model.importance(output: 0).prefix(2).map(\.column)) == ["f0", "f1"])
    #expect(Set(model.importance(output: 1).prefix(2).map(\.column)) == ["f1", "f2"])
    let splits = model.importance(.splitCount, output: 0).reduce(0) { $0 + $1.value }
    #expect(Int(splits) == model.ensembles[0].features.filter { $0 >= 0 }.count)
  }

  @Test func permutationImportanceFindsTheFeaturesThatMatter() throws {
    let (x, y) = try randomTable(rows: 300, columns: 6, seed: 3)
    let train = Array(0..<200)
    let test = Array(200..<300)
    let model = try Pipeline(
      x.selectingRows(train), y.selectingRows(train),
      settings: .init(.supportVector(.init())))
    let found = try model.permutationImportance(
      x.selectingRows(test), y.selectingRows(test), repeats: 4, seed: 5)
    let ranked = found.sorted { $0.mean > $1.mean }.map(\.column)
    #expect(Set(ranked.prefix(3)) == ["f0", "f1", "f2"])
    #expect(found[5].mean < 0.05 && found[0].mean(output: 0) > 0.3)
    let again = try model.permutationImportance(
      x.selectingRows(test), y.selectingRows(test), repeats: 4, seed: 5)
    #expect(found == again)
    // An error is better when it is lower: shuffling must still count as a loss.
    let errors = try model.permutationImportance(
      x.selectingRows(test), y.selectingRows(test), metric: .meanSquaredError)
    #expect(errors[1].mean > 0)
  }

  @Test func rankedFeaturesHaveIntervals() throws {
    let (x, y) = try randomTable(rows: 300, columns: 6, seed: 3)
    let (train, test) = (Array(0..<200), Array(200..<300))
    let model = try Pipeline(
      x.selectingRows(train), y.selectingRows(train),
      settings: .init(.boostedTrees(.init(rounds: 50)), standardizes: true))
    let (held, labels) = (x.selectingRows(test), y.selectingRows(test))
    let ranked = try model.rankedPermutationImportance(
      held, labels, count: 4, repeats: 3, seed: 5, resampling: .init(count: 200))
    #expect(Set(ranked.prefix(3).map(\.column)) == ["f0", "f1", "f2"] && ranked.count == 4)
    let plain = try model.permutationImportance(held, labels, repeats: 3, seed: 5)
    for row in ranked {
      let mean = try #require(plain.first { $0.column == row.column }).mean
      expectClose([row.importance.estimate], [mean], absolute: 1e-9, row.column)
      #expect(row.importance.lower < mean && mean < row.importance.upper && row.direction.isNaN)
    }
    #expect(ranked[0].importance.lower > 0 && ranked[3].importance.lower < 0.02)

    // Of one output: the mean of both outputs' losses is that of the ranking.
    let first = ranked[0].column
    let halves = try (0..<2).map {
      try model.permutationImportance(
        of: first, output: $0, held, labels, repeats: 3, seed: 5, resampling: .init(count: 200))
    }
    expectClose(
      [(halves[0].estimate + halves[1].estimate) / 2], [ranked[0].importance.estimate],
      absolute: 1e-9, first)
    #expect(halves.allSatisfy { $0.lower <= $0.estimate && $0.estimate <= $0.upper })
    #expect(throws: ClassicalError.self) {
      try model.permutationImportance(of: "f9", output: 0, held, labels)
    }

    let shap = try #require(
      try model.rankedContributions(held, output: 0, count: 2, resampling: .init(count: 200)))
    #expect(Set(shap.map(\.column)) == ["f0", "f1"])
    let all = try #require(try model.contributions(held, output: 0))
    let predicted = try model.predict(held).column(0)
    expectClose(all.map { $0.values.reduce($0.base, +) }, predicted, absolute: 2e-5, "sums")
    #expect(shap.allSatisfy { $0.importance.lower > 0 && abs($0.direction) > 0.5 })
    let ridge = try Pipeline(x, y, settings: .init(.ridge(.init())))
    #expect(try ridge.rankedContributions(x, output: 0) == nil)
  }
}
