import Foundation
import SentioClassical
import Testing

private struct KernelGolden: Decodable {
  let table: GoldenTable
  let svr: [Case]

  struct Case: Decodable {
    let c: Double
    let epsilon: Double
    let gamma: String
    let resolved: Double
    let vectors: [Int]
    let predictions: [Double]
    let cvR2: [Double]

    enum CodingKeys: String, CodingKey {
      case c
      case epsilon
      case gamma
      case resolved
      case vectors
      case predictions
      case cvR2 = "cv_r2"
    }

    func settings() throws -> SupportVectorRegression.Settings {
      SupportVectorRegression.Settings(
        c: c, epsilon: epsilon, gamma: try #require(SupportVectorRegression.Gamma(gamma)))
    }
  }
}

@Suite struct SupportVectorTests {
  /// The optimizer stops at violations of 1e-3 on both sides, on kernels rounded differently.
  static let predictionTolerance = 1e-3

  private let golden: KernelGolden

  init() throws { golden = try SentioClassicalTests.golden("kernel.json", as: KernelGolden.self) }

  @Test func predictionsEqualScikitLearns() throws {
    let (x, y) = try golden.table.train()
    for expected in golden.svr {
      let model = try Pipeline(
        x, y, settings: Pipeline.Settings(.supportVector(expected.settings())))
      guard case .supportVector(let svr) = model.fitted else {
        Issue.record("not a support vector regression")
        return
      }
      expectClose([svr.gamma], [expected.resolved], relative: 1e-9, "gamma")
      expectClose(
        try model.predict(golden.table.test().0).values, expected.predictions,
        absolute: Self.predictionTolerance, "C \(expected.c), gamma \(expected.gamma)")
      for output in 0..<2 {
        let own = svr.weights.indices.filter { $0 % 2 == output && svr.weights[$0] != 0 }.count
        #expect(abs(own - expected.vectors[output]) <= 2, "support vectors of output \(output)")
      }
    }
  }

  @Test func searchEqualsScikitLearns() throws {
    let (x, y) = try golden.table.train()
    let candidates = try golden.svr.map { Pipeline.Settings(.supportVector(try $0.settings())) }
    let result = try GridSearch(candidates).run(x, y, folds: Folds(rows: x.rowCount))
    for (score, expected) in zip(result.scores, golden.svr) {
      expectClose(
        score.foldMeans, expected.cvR2, absolute: 5 * Self.predictionTolerance, "R² of the folds")
    }
  }

  /// f(x) = Σ w k(x, s) + b, one term at a time, in the plainest arithmetic.
  @Test func predictionIsTheSumOverSupportVectors() throws {
    let (x, y) = try randomTable(rows: 40, columns: 3)
    let model = try SupportVectorRegression(x, y)
    let predicted = try model.predict(x)
    for row in 0..<x.rowCount {
      for output in 0..<2 {
        var sum = model.shifts[output]
        for s in 0..<model.supportVectorCount {
          var distance = 0.0
          for j in 0..<3 {
            let d = Double(x.values[row * 3 + j]) - model.supportVectors[s * 3 + j]
            distance += d * d
          }
          sum += model.weights[s * 2 + output] * exp(-model.gamma * distance)
        }
        expectClose([predicted.values[row * 2 + output]], [sum], absolute: 1e-12, "row \(row)")
      }
    }
  }

  /// The weights of an output add up to 0 and none exceeds C: the conditions of the dual problem.
  @Test func weightsObeyTheDualProblem() throws {
    let (x, y) = try randomTable(rows: 120, columns: 4, seed: 5)
    let settings = SupportVectorRegression.Settings(c: 2, epsilon: 0.1)
    let model = try SupportVectorRegression(x, y, settings: settings)
    for output in 0..<2 {
      let own = stride(from: output, to: model.weights.count, by: 2).map { model.weights[$0] }
      #expect(abs(own.reduce(0, +)) < 1e-9)
      #expect(own.allSatisfy { abs($0) <= settings.c + 1e-12 })
    }
  }

  @Test func aWideTubeNeedsNoSupportVector() throws {
    let (x, y) = try randomTable(rows: 30, columns: 2)
    let model = try SupportVectorRegression(
      x, y, settings: SupportVectorRegression.Settings(c: 1, epsilon: 5))
    #expect(model.supportVectorCount == 0)
    let predicted = try model.predict(x)
    #expect(Set(predicted.column(0)).count == 1)
  }
}
