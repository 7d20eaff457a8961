/// Regression with an epsilon-insensitive loss and the radial basis function as kernel.
///
/// `f(x) = Σ w_i · exp(-gamma · ‖x - s_i‖²) + b` over the support vectors `s_i`; each output has its own
/// weights, all share the vectors. LIBSVM finds the weights; predictions are computed here, by one
/// matrix product for all rows and outputs. Features should be standardized first.
///
/// Memory of a fit: 24 bytes per pair of rows up to 8,000 rows. Outputs are fitted at once.
///
/// *Reference:* scikit-learn 1.9 `SVR(kernel="rbf")`, LIBSVM 3.24 `EPSILON_SVR`.
public struct SupportVectorRegression: Regressor, Equatable {
  /// The width of the kernel, `gamma`.
  public enum Gamma: Hashable, Sendable, Codable, CustomStringConvertible {
    /// `1 / (D · variance of all features)`, computed from the training rows.
    case scale
    /// `1 / D`.
    case auto
    /// A value greater than 0.
    case value(Double)

    /// The setting as it would be typed: `scale`, `auto` or the number.
    public var description: String {
      switch self {
      case .scale: "scale"
      case .auto: "auto"
      case .value(let value): String(value)
      }
    }

    /// Reads `scale`, `auto` or a number greater than 0; nil for anything else.
    public init?(_ text: String) {
      switch text {
      case "scale": self = .scale
      case "auto": self = .auto
      default:
        guard let value = Double(text), value > 0, value.isFinite else { return nil }
        self = .value(value)
      }
    }

    func resolve(_ x: Matrix) -> Double {
      switch self {
      case .value(let value): return value
      case .auto: return 1 / Double(x.columns)
      case .scale:
        let mean = x.values.reduce(0, +) / Double(x.values.count)
        let variance =
          x.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.values.count)
        return variance > 0 ? 1 / (Double(x.columns) * variance) : 1
      }
    }
  }

  /// What is chosen before the fit.
  public struct Settings: Hashable, Sendable, Codable {
    /// The price of an error beyond epsilon, greater than 0.
    public var c: Double
    /// Half the width of the tube inside which errors cost nothing, in the unit of the labels; at least 0.
    public var epsilon: Double
    /// The width of the kernel.
    public var gamma: Gamma
    /// Where the optimizer stops, greater than 0: the largest violation of the optimality conditions.
    public var tolerance: Double

    /// Creates settings; the report's choice by default.
    public init(
      c: Double = 10, epsilon: Double = 0.1, gamma: Gamma = .scale, tolerance: Double = 1e-3
    ) {
      self.c = c
      self.epsilon = epsilon
      self.gamma = gamma
      self.tolerance = tolerance
    }

    /// 48 combinations around the report's choice: 4 of C, 4 of epsilon, 3 of gamma.
    ///
    /// The report says how many it tried and which one won, not which they were.
    public static let reportGrid: [Settings] = [.scale, .value(0.001), .value(0.01)].flatMap {
      gamma in
      [0.1, 1, 10, 100].flatMap { c in
        [0.01, 0.05, 0.1, 0.2].map { Settings(c: c, epsilon: $0, gamma: gamma) }
      }
    }

    func validate() throws {
      func require(_ holds: Bool, _ name: String, _ value: Double, _ expected: String) throws {
        guard holds, value.isFinite else {
          throw ClassicalError.invalidSetting(
            name: name, value: String(value), expected: "a finite number \(expected)")
        }
      }
      try require(c > 0, "C", c, "greater than 0")
      try require(epsilon >= 0, "epsilon", epsilon, "of at least 0")
      try require(tolerance > 0, "tolerance", tolerance, "greater than 0")
      if case .value(let value) = gamma { try require(value > 0, "gamma", value, "greater than 0") }
    }
  }

  /// The names of the features, in the order of the support vectors' elements.
  public let columns: [String]
  /// The names of the outputs.
  public let outputs: [String]
  /// The settings of the fit.
  public let settings: Settings
  /// The width of the kernel that ``Settings/gamma`` came to.
  public let gamma: Double
  /// The training rows with a weight in any output, row-major `[S, D]`.
  public var supportVectors: [Double] { vectors.values }
  /// How many support vectors there are, `S`.
  public var supportVectorCount: Int { vectors.rows }
  /// The weights, row-major `[S, K]`; 0 where a vector does not support an output.
  public let weights: [Double]
  /// The shift of each output, `[K]`.
  public let shifts: [Double]

  let vectors: Matrix

  /// Fits the weights.
  ///
  /// - Parameters:
  ///   - design: the features, `[N, D]`; finite and, for sense, standardized.
  ///   - targets: the labels, `[N, K]`.
  ///   - settings: C, epsilon, gamma.
  /// - Throws: ``ClassicalError`` for a feature that is not finite, counts that disagree, fewer
  ///   than 2 rows, or a setting out of range.
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
    let gamma = settings.gamma.resolve(x)
    let problem = KernelProblem(
      x, products: x.rows <= KernelProblem.precomputedLimit ? RowProducts(x) : nil, gamma: gamma)
    let solutions = try parallelMap(y.columns) {
      try problem.solve(
        y.column($0), c: settings.c, epsilon: settings.epsilon, tolerance: settings.tolerance)
    }
    self.init(
      x, solutions, columns: columns, outputs: outputs, settings: settings, gamma: gamma)
  }

  private init(
    _ x: Matrix, _ solutions: [KernelSolution], columns: [String], outputs: [String],
    settings: Settings, gamma: Double
  ) {
    let supporting = (0..<x.rows).filter { row in solutions.contains { $0.weights[row] != 0 } }
    self.init(
      columns: columns, outputs: outputs, settings: settings, gamma: gamma,
      vectors: x.selectingRows(supporting),
      weights: supporting.flatMap { row in solutions.map { $0.weights[row] } },
      shifts: solutions.map(\.shift))
  }

  init(
    columns: [String], outputs: [String], settings: Settings, gamma: Double, vectors: Matrix,
    weights: [Double], shifts: [Double]
  ) {
    self.columns = columns
    self.outputs = outputs
    self.settings = settings
    self.gamma = gamma
    self.vectors = vectors
    self.weights = weights
    self.shifts = shifts
  }

  /// The elements of the support vectors, their weights and the shifts.
  public var parameterCount: Int { vectors.values.count + weights.count + shifts.count }

  /// One phrase for a report.
  public var summary: String {
    "SVR (C \(settings.c), epsilon \(settings.epsilon), gamma \(settings.gamma), "
      + "\(supportVectorCount) support vectors)"
  }

  /// Predicts rows whose columns stand in the model's order; see ``Regressor``.
  public func predict(features: [Float]) throws -> [Double] {
    predict(Matrix(rows: features.count / columns.count, features, columns: columns.count)).values
  }

  func predict(_ x: Matrix) -> Matrix {
    var result = RowProducts(x, vectors).kernelTimes(
      weights, outputs: outputs.count, gamma: gamma)
    for row in 0..<result.rows {
      for k in 0..<outputs.count { result.values[row * outputs.count + k] += shifts[k] }
    }
    return result
  }
}
