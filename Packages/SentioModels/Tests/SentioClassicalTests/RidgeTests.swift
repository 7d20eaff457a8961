import Foundation
import SentioClassical
import Testing

private struct LinearGolden: Decodable {
  let table: GoldenTable
  let ridge: [Case]
  let wide: Wide
  let scalerMean: [Double]
  let scalerScale: [Double]
  let fStatistics: [[Double]]

  struct Case: Decodable {
    let alpha: Double
    let coef: [Double]
    let intercept: [Double]
    let scaledCoef: [Double]
    let scaledIntercept: [Double]
    let scaledPredictions: [Double]
    let originCoef: [Double]
    let cvR2: [Double]
    let cvR2Scaled: [Double]

    enum CodingKeys: String, CodingKey {
      case alpha
      case coef
      case intercept
      case scaledCoef = "scaled_coef"
      case scaledIntercept = "scaled_intercept"
      case scaledPredictions = "scaled_predictions"
      case originCoef = "origin_coef"
      case cvR2 = "cv_r2"
      case cvR2Scaled = "cv_r2_scaled"
    }
  }
  struct Wide: Decodable {
    let rows: Int
    let alpha: Double
    let coef: [Double]
    let intercept: [Double]
  }
  enum CodingKeys: String, CodingKey {
    case table
    case ridge
    case wide
    case scalerMean = "scaler_mean"
    case scalerScale = "scaler_scale"
    case fStatistics = "f_statistics"
  }
}

@Suite struct RidgeTests {
  /// Both sides compute in double precision; features with means of 10⁴ and spreads of 10⁻² cost digits.
  static let coefficientTolerance = 1e-6
  /// Predictions and scores do not suffer from the exchange of one coefficient for another.
  static let predictionTolerance = 1e-8

  private let golden: LinearGolden

  init() throws { golden = try SentioClassicalTests.golden("linear.json", as: LinearGolden.self) }

  @Test func coefficientsEqualScikitLearns() throws {
    let (x, y) = try golden.table.train()
    for expected in golden.ridge {
      let model = try Ridge(x, y, settings: Ridge.Settings(alpha: expected.alpha))
      expectClose(
        model.coefficients, expected.coef, relative: Self.coefficientTolerance,
        "coefficients at alpha \(expected.alpha)")
      expectClose(
        model.intercepts, expected.intercept, relative: Self.coefficientTolerance, "intercepts")
    }
  }

  @Test func standardizedPipelineEqualsScikitLearns() throws {
    let (x, y) = try golden.table.train()
    for expected in golden.ridge {
      let settings = Pipeline.Settings(.ridge(Ridge.Settings(alpha: expected.alpha)))
      let model = try Pipeline(x, y, settings: settings)
      guard case .ridge(let ridge) = model.fitted else {
        Issue.record("not a ridge")
        return
      }
      expectClose(ridge.coefficients, expected.scaledCoef, relative: 1e-9, "coefficients")
      expectClose(
        ridge.intercepts, expected.scaledIntercept, absolute: 1e-12, relative: 1e-9, "intercepts")
      expectClose(
        try model.predict(golden.table.test().0).values, expected.scaledPredictions,
        absolute: 1e-10, "predictions")
    }
  }

  @Test func withoutInterceptEqualsScikitLearns() throws {
    let (x, y) = try golden.table.train()
    // The features that both sides see are Float here, rounded after scaling.
    let scaled = try StandardScaler(x).transform(x)
    for expected in golden.ridge {
      let model = try Ridge(
        scaled, y, settings: Ridge.Settings(alpha: expected.alpha, fitsIntercept: false))
      expectClose(model.coefficients, expected.originCoef, absolute: 1e-6, "coefficients")
      #expect(model.intercepts == [0, 0])
    }
  }

  @Test func moreColumnsThanRowsEqualsScikitLearns() throws {
    let (x, y) = try golden.table.train()
    let rows = Array(0..<golden.wide.rows)
    let model = try Ridge(
      x.selectingRows(rows), y.selectingRows(rows),
      settings: Ridge.Settings(alpha: golden.wide.alpha))
    expectClose(model.coefficients, golden.wide.coef, relative: 1e-5, "coefficients")
    expectClose(model.intercepts, golden.wide.intercept, relative: 1e-5, "intercepts")
  }

  @Test(arguments: [false, true]) func searchEqualsScikitLearns(standardizes: Bool) throws {
    let (x, y) = try golden.table.train()
    let candidates = golden.ridge.map {
      Pipeline.Settings(.ridge(Ridge.Settings(alpha: $0.alpha)), standardizes: standardizes)
    }
    let result = try GridSearch(candidates).run(x, y, folds: Folds(rows: x.rowCount))
    for (score, expected) in zip(result.scores, golden.ridge) {
      expectClose(
        score.foldMeans, standardizes ? expected.cvR2Scaled : expected.cvR2,
        absolute: Self.predictionTolerance, "R² of the folds at alpha \(expected.alpha)")
    }
    let best = golden.ridge.max {
      (standardizes ? $0.cvR2Scaled : $0.cvR2).reduce(0, +)
        < (standardizes ? $1.cvR2Scaled : $1.cvR2).reduce(0, +)
    }
    #expect(
      result.best.settings.algorithm == .ridge(Ridge.Settings(alpha: try #require(best).alpha)))
  }

  /// Long lists of alphas go through an eigendecomposition, candidates that drop columns through fits
  /// one by one: the three ways must agree.
  @Test func sharedAndSeparateFitsAgree() throws {
    let (x, y) = try golden.table.train()
    let folds = try Folds(rows: x.rowCount, count: 4, seed: 3)
    let alphas = (0..<40).map { pow(10, Double($0) / 10 - 2) }
    func predictions(_ alphas: [Double], dropping: Bool) throws -> [Predictions] {
      try CrossValidation.predictions(
        x, y, folds: folds,
        candidates: alphas.map {
          Pipeline.Settings(
            .ridge(Ridge.Settings(alpha: $0)), constantColumns: dropping ? .drop : .reject)
        })
    }
    let eigen = try predictions(alphas, dropping: false)
    let cholesky = try predictions(Array(alphas.prefix(5)), dropping: false)
    let separate = try predictions(Array(alphas.prefix(5)), dropping: true)
    for i in 0..<5 {
      expectClose(eigen[i].values, cholesky[i].values, absolute: 1e-9, "eigen against Cholesky")
      expectClose(separate[i].values, cholesky[i].values, absolute: 1e-9, "one by one")
    }
  }

  @Test func scalerAndFStatisticsEqualScikitLearns() throws {
    let (x, y) = try golden.table.train()
    let scaler = try StandardScaler(x)
    expectClose(scaler.means, golden.scalerMean, relative: 1e-12, "means")
    expectClose(scaler.scales, golden.scalerScale, relative: 1e-9, "scales")
    let mean = zip(golden.fStatistics[0], golden.fStatistics[1]).map { ($0 + $1) / 2 }
    let order = mean.indices.sorted { mean[$0] > mean[$1] }
    for count in 1...mean.count {
      let model = try Pipeline(
        x, y,
        settings: Pipeline.Settings(.ridge(Ridge.Settings()), selection: .univariateF(count: count))
      )
      #expect(model.selected == order.prefix(count).sorted(), "the best \(count) columns")
    }
  }

  @Test func recoversAnExactPlane() throws {
    let x = try Design(values: [0, 0, 1, 0, 0, 1, 1, 1, 2, 1], columnCount: 2)
    let y = try Targets(outputs: ["y"], values: [1, 3, 0, 2, 4])
    let model = try Ridge(x, y, settings: Ridge.Settings(alpha: 0))
    expectClose(model.coefficients, [2, -1], absolute: 1e-12)
    expectClose(model.intercepts, [1], absolute: 1e-12)
    #expect(model.parameterCount == 3)
  }
}
