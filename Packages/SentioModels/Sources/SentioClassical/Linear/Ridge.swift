import CSentioClassicalKernels
import SentioBLAS

/// Linear regression of one or several outputs with a squared penalty on the coefficients.
///
/// Minimizes `‖Y - X·transpose(W) - b‖² + alpha · ‖W‖²` in double precision; the intercept `b` is not
/// penalized. With more rows than columns the normal equations `[D, D]` are solved by Cholesky;
/// otherwise the dual ones, `[N, N]`.
///
/// *Reference:* scikit-learn 1.9 `Ridge(solver="cholesky")`.
public struct Ridge: Regressor, Equatable {
  /// What is chosen before the fit.
  public struct Settings: Hashable, Sendable, Codable {
    /// The weight of the penalty, at least 0; with 0 this is least squares.
    public var alpha: Double
    /// Whether an intercept is fitted; without it the plane passes through 0.
    public var fitsIntercept: Bool

    /// Creates settings; the report's choice by default.
    public init(alpha: Double = 1, fitsIntercept: Bool = true) {
      self.alpha = alpha
      self.fitsIntercept = fitsIntercept
    }

    /// The report's search range: 0.001, 0.01, 0.1, 1, 10, 100.
    public static let reportGrid: [Settings] = [0.001, 0.01, 0.1, 1, 10, 100].map {
      Settings(alpha: $0)
    }

    func validate() throws {
      guard alpha >= 0, alpha.isFinite else {
        throw ClassicalError.invalidSetting(
          name: "alpha", value: String(alpha), expected: "a finite number of at least 0")
      }
    }
  }

  /// The names of the features, in the order of the coefficients.
  public let columns: [String]
  /// The names of the outputs.
  public let outputs: [String]
  /// The settings of the fit.
  public let settings: Settings
  /// The coefficients, row-major `[K, D]`: one row an output.
  public let coefficients: [Double]
  /// The intercept of each output, `[K]`.
  public let intercepts: [Double]

  /// Fits the coefficients.
  ///
  /// - Parameters:
  ///   - design: the features, `[N, D]`; finite.
  ///   - targets: the labels, `[N, K]`.
  ///   - settings: the penalty and whether an intercept is fitted.
  /// - Throws: ``ClassicalError`` for a feature that is not finite, counts that disagree, fewer
  ///   than 2 rows, a bad alpha, or a singular system (alpha 0 and dependent columns).
  public init(_ design: Design, _ targets: Targets, settings: Settings = Settings()) throws {
    try checkTrainingSet(design, targets)
    try self.init(
      Matrix(design), Matrix(targets), columns: design.columns, outputs: targets.outputs,
      settings: settings)
  }

  init(
    _ x: Matrix, _ y: Matrix, columns: [String], outputs: [String], settings: Settings
  ) throws {
    try settings.validate()
    let table = CenteredTable(x, y, centers: settings.fitsIntercept)
    let solution =
      x.columns <= x.rows
      ? try RidgeSystem(
        Self.moments(of: table, x), origin: table.origin, featureCount: x.columns,
        outputCount: y.columns, centers: settings.fitsIntercept
      ).solve(alpha: settings.alpha, columns: columns)
      : try Self.solveDual(table, alpha: settings.alpha, columns: columns)
    self.init(
      columns: columns, outputs: outputs, settings: settings,
      coefficients: solution.coefficients, intercepts: solution.intercepts)
  }

  init(
    columns: [String], outputs: [String], settings: Settings, coefficients: [Double],
    intercepts: [Double]
  ) {
    self.columns = columns
    self.outputs = outputs
    self.settings = settings
    self.coefficients = coefficients
    self.intercepts = intercepts
  }

  /// The table's products; a small table's on one thread, since waking a second costs more than it gives.
  private static func moments(of table: CenteredTable, _ x: Matrix) -> RidgeMoments {
    let operations = Double(x.rows) * Double(x.columns) * Double(x.columns)
    guard operations < 1e8 else { return table.moments(0..<x.rows) }
    return BLASRuntime.onOneThread { table.moments(0..<x.rows) }
  }

  /// `W = transpose((X·transpose(X) + alpha·I)⁻¹ · Y) · X`, cheaper where columns outnumber rows.
  private static func solveDual(
    _ table: CenteredTable, alpha: Double, columns: [String]
  ) throws -> RidgeSolution {
    let (n, d, k) = (table.joined.rows, table.featureCount, table.outputCount)
    let x = table.joined.selectingColumns(Array(0..<d))
    var kernel = x.timesTransposed(x).values
    for i in 0..<n { kernel[i * n + i] += alpha }
    var dual = table.joined.selectingColumns(Array(d..<(d + k))).values
    guard alpha > 0,
      sentio_cholesky_factor(&kernel, Int64(n), Double(n) * Double.ulpOfOne) < 0
    else { throw ClassicalError.singularSystem(column: columns[min(n, d - 1)], alpha: alpha) }
    sentio_cholesky_solve(kernel, Int64(n), &dual, Int64(k))
    let coefficients = BLAS.gemm(dual, x.values, m: k, n: d, k: n, transposeA: true)
    let intercepts = (0..<k).map { output in
      (0..<d).reduce(table.origin[d + output]) {
        $0 - coefficients[output * d + $1] * table.origin[$1]
      }
    }
    return RidgeSolution(coefficients: coefficients, intercepts: intercepts)
  }

  /// `D · K` coefficients and `K` intercepts.
  public var parameterCount: Int {
    coefficients.count + (settings.fitsIntercept ? intercepts.count : 0)
  }

  /// One phrase for a report.
  public var summary: String { "Ridge (alpha \(settings.alpha))" }

  /// Predicts rows whose columns stand in the model's order; see ``Regressor``.
  public func predict(features: [Float]) throws -> [Double] {
    predict(Matrix(rows: features.count / columns.count, features, columns: columns.count)).values
  }

  func predict(_ x: Matrix) -> Matrix {
    var result = x.timesTransposed(
      Matrix(rows: outputs.count, columns: columns.count, values: coefficients))
    for row in 0..<result.rows {
      for k in 0..<outputs.count { result.values[row * outputs.count + k] += intercepts[k] }
    }
    return result
  }
}

/// Makes sure that features and labels belong together and can be learned from.
func checkTrainingSet(_ design: Design, _ targets: Targets) throws {
  guard design.rowCount == targets.rowCount else {
    throw ClassicalError.lengthMismatch(
      what: "rows of labels", expected: design.rowCount, found: targets.rowCount)
  }
  guard design.rowCount >= 2 else {
    throw ClassicalError.tooFewRows(task: "a fit", needed: 2, found: design.rowCount)
  }
  try design.requireFinite()
}

extension Matrix {
  init(rows: Int, _ features: [Float], columns: Int) {
    self.init(rows: rows, columns: columns, values: features.map(Double.init))
  }
}
