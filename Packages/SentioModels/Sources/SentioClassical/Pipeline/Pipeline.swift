/// Selection of columns, scaling and a regression, fitted together on the same training rows.
///
/// Because the parts are fitted together, a cross-validation of the whole cannot leak: what is
/// held out takes part in no mean, no deviation and no choice of columns.
public struct Pipeline: Regressor, Equatable {
  /// What is chosen before the fit.
  public struct Settings: Hashable, Sendable, Codable {
    /// Which columns are kept.
    public var selection: FeatureSelection
    /// Whether the kept columns are standardized.
    public var standardizes: Bool
    /// What happens to columns that do not vary.
    public var constantColumns: ConstantColumns
    /// The regression.
    public var algorithm: Algorithm

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - algorithm: the regression.
    ///   - selection: which columns are kept; all by default.
    ///   - standardizes: whether they are standardized; nil for what the algorithm prefers.
    ///   - constantColumns: what happens to columns that do not vary.
    public init(
      _ algorithm: Algorithm, selection: FeatureSelection = .all, standardizes: Bool? = nil,
      constantColumns: ConstantColumns = .reject
    ) {
      self.algorithm = algorithm
      self.selection = selection
      self.standardizes = standardizes ?? algorithm.prefersStandardizedFeatures
      self.constantColumns = constantColumns
    }

    func validate() throws {
      try algorithm.validate()
      try selection.validate()
    }
  }

  /// What happens to columns that have one value in every training row.
  public enum ConstantColumns: String, Hashable, Sendable, Codable {
    /// The fit throws and names them: most often they are a broken extraction.
    case reject
    /// They are left out of the fit, and their values are ignored in predictions.
    case drop
  }

  /// The names of all features that a table must have.
  public let columns: [String]
  /// The names of the outputs.
  public var outputs: [String] { fitted.model.outputs }
  /// The settings of the fit.
  public let settings: Settings
  /// The columns that the regression sees, by number.
  public let selected: [Int]
  /// The scaler of the selected columns, where there is one.
  public let scaler: StandardScaler?
  /// The regression, whose columns are the selected ones.
  public let fitted: FittedAlgorithm

  /// Fits selection, scaler and regression.
  ///
  /// - Parameters:
  ///   - design: the features, `[N, D]`; finite.
  ///   - targets: the labels, `[N, K]`.
  ///   - settings: what to fit.
  /// - Throws: ``ClassicalError`` naming the row or column at fault, or the setting out of range.
  public init(_ design: Design, _ targets: Targets, settings: Settings) throws {
    try checkTrainingSet(design, targets)
    try settings.validate()
    try Self.checkConstants(design, settings)
    let x = Matrix(design)
    let y = Matrix(targets)
    let preparation = try Preparation(x, y, columns: design.columns, settings: settings)
    self.init(
      columns: design.columns, settings: settings, selected: preparation.selected,
      scaler: preparation.scaler,
      fitted: try settings.algorithm.fit(
        preparation.apply(x), y, columns: preparation.selected.map { design.columns[$0] },
        outputs: targets.outputs))
  }

  init(
    columns: [String], settings: Settings, selected: [Int], scaler: StandardScaler?,
    fitted: FittedAlgorithm
  ) {
    self.columns = columns
    self.settings = settings
    self.selected = selected
    self.scaler = scaler
    self.fitted = fitted
  }

  static func checkConstants(_ design: Design, _ settings: Settings) throws {
    guard settings.constantColumns == .reject else { return }
    let constants = design.constantColumns
    guard constants.isEmpty else { throw ClassicalError.constantColumns(constants) }
  }

  /// The names of the columns that the regression sees.
  public var selectedColumns: [String] { selected.map { columns[$0] } }

  /// The numbers of the regression and of the scaler.
  public var parameterCount: Int {
    fitted.model.parameterCount + (scaler.map { 2 * $0.means.count } ?? 0)
  }

  /// One phrase for a report.
  public var summary: String {
    let selection = selected.count == columns.count ? "" : "\(selected.count) columns, "
    return selection + (scaler == nil ? "" : "standardized, ") + fitted.model.summary
  }

  /// Predicts rows whose columns stand in the model's order; see ``Regressor``.
  public func predict(features: [Float]) throws -> [Double] {
    let x = Matrix(
      rows: features.count / columns.count, features, columns: columns.count)
    return fitted.predict(Preparation(selected: selected, scaler: scaler).apply(x)).values
  }
}

/// The fitted parts of a pipeline that stand before its regression.
struct Preparation: Sendable {
  var selected: [Int]
  var scaler: StandardScaler?

  init(selected: [Int], scaler: StandardScaler?) {
    self.selected = selected
    self.scaler = scaler
  }

  init(_ x: Matrix, _ y: Matrix, columns: [String], settings: Pipeline.Settings) throws {
    var candidates = Array(0..<x.columns)
    if settings.constantColumns == .drop {
      candidates = candidates.filter { column in
        (1..<max(1, x.rows)).contains {
          x.values[$0 * x.columns + column] != x.values[column]
        }
      }
      guard !candidates.isEmpty else { throw ClassicalError.constantColumns(columns) }
    }
    let kept = candidates.count == x.columns ? x : x.selectingColumns(candidates)
    selected = try settings.selection.select(kept, y, columns: candidates.map { columns[$0] })
      .map { candidates[$0] }
    scaler =
      settings.standardizes
      ? StandardScaler(selected.count == x.columns ? x : x.selectingColumns(selected)) : nil
  }

  func apply(_ x: Matrix) -> Matrix {
    let kept = selected.count == x.columns ? x : x.selectingColumns(selected)
    return scaler?.transform(kept) ?? kept
  }
}
