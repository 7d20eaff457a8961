/// Gradient-boosted regression trees: each tree is fitted to what the trees before it left over.
///
/// Each output has trees of its own. XGBoost's library grows them; predictions, importances and
/// explanations are computed here from plain arrays, so that a model file cannot reach the library.
/// Trees need no scaling of features.
///
/// *Reference:* T. Chen, C. Guestrin, "XGBoost: a scalable tree boosting system", 2016;
/// `XGBRegressor(tree_method="hist")` of XGBoost 3.2, with the mean label as base score.
public struct BoostedTrees: Regressor, Equatable {
  /// The names of the features, in the order that the trees number them.
  public let columns: [String]
  /// The names of the outputs.
  public let outputs: [String]
  /// The settings of the fit.
  public let settings: Settings
  /// The trees of each output.
  public let ensembles: [TreeEnsemble]
  /// The root mean squared error on the holdout after each round, per output; empty lists without early stopping.
  public let holdoutErrors: [[Double]]

  /// Grows the trees, the outputs at once on one thread each.
  ///
  /// - Parameters:
  ///   - design: the features, `[N, D]`; finite.
  ///   - targets: the labels, `[N, K]`.
  ///   - settings: the report's by default, without early stopping.
  /// - Throws: ``ClassicalError`` for a feature that is not finite, counts that disagree, too few
  ///   rows, or a setting out of range.
  public init(_ design: Design, _ targets: Targets, settings: Settings = Settings()) throws {
    try checkTrainingSet(design, targets)
    try self.init(
      design.values, Matrix(targets), columns: design.columns, outputs: targets.outputs,
      settings: settings)
  }

  init(
    _ features: [Float], _ y: Matrix, columns: [String], outputs: [String], settings: Settings
  ) throws {
    try settings.validate()
    let parts = try Parts(rows: y.rows, settings: settings)
    let results = try parallelMap(y.columns) { output in
      try Self.grow(
        features, columns.count, y.column(output).map(Float.init), parts, settings)
    }
    self.init(
      columns: columns, outputs: outputs, settings: settings, ensembles: results.map(\.trees),
      holdoutErrors: results.map(\.holdoutErrors))
  }

  init(
    columns: [String], outputs: [String], settings: Settings, ensembles: [TreeEnsemble],
    holdoutErrors: [[Double]]
  ) {
    self.columns = columns
    self.outputs = outputs
    self.settings = settings
    self.ensembles = ensembles
    self.holdoutErrors = holdoutErrors
  }

  /// Which rows grow the trees and which tell when to stop.
  private struct Parts: Sendable {
    var growing: [Int]
    var holdout: [Int]

    init(rows: Int, settings: Settings) throws {
      guard let stopping = settings.earlyStopping else {
        growing = Array(0..<rows)
        holdout = []
        return
      }
      var generator = SeededGenerator(seed: settings.seed ^ 0x5eed_401d)
      let order = generator.permutation(rows)
      let held = Int((Double(rows) * stopping.holdoutFraction).rounded())
      guard held >= 1, rows - held >= 2 else {
        throw ClassicalError.tooFewRows(
          task: "a holdout of \(stopping.holdoutFraction)", needed: 4, found: rows)
      }
      holdout = order[..<held].sorted()
      growing = order[held...].sorted()
    }
  }

  private static func grow(
    _ features: [Float], _ columns: Int, _ labels: [Float], _ parts: Parts, _ settings: Settings
  ) throws -> XGBoostTrainer.Result {
    func rows(_ indices: [Int]) -> ([Float], [Float]) {
      (
        indices.flatMap { features[$0 * columns..<($0 + 1) * columns] },
        indices.map { labels[$0] }
      )
    }
    guard let stopping = settings.earlyStopping else {
      return try XGBoostTrainer.train(
        features: features, columns: columns, labels: labels, settings: settings,
        rounds: settings.rounds, holdout: nil)
    }
    let (growing, growingLabels) = rows(parts.growing)
    var result = try XGBoostTrainer.train(
      features: growing, columns: columns, labels: growingLabels, settings: settings,
      rounds: settings.rounds, holdout: rows(parts.holdout))
    if stopping.refitsOnAllRows {
      result.trees = try XGBoostTrainer.train(
        features: features, columns: columns, labels: labels, settings: settings,
        rounds: result.trees.treeCount, holdout: nil
      ).trees
    }
    return result
  }

  /// Two numbers for an inner node (feature, threshold), one for a leaf, and the bases.
  public var parameterCount: Int {
    ensembles.reduce(0) { total, trees in
      total + 1 + trees.features.reduce(0) { $0 + ($1 >= 0 ? 2 : 1) }
    }
  }

  /// One phrase for a report.
  public var summary: String {
    let counts = ensembles.map { String($0.treeCount) }.joined(separator: " and ")
    return "boosted trees (\(counts) trees, depth \(settings.maximumDepth), "
      + "rate \(settings.learningRate))"
  }

  /// Predicts rows whose columns stand in the model's order; see ``Regressor``.
  public func predict(features: [Float]) throws -> [Double] { predictions(features) }

  func predictions(_ features: [Float]) -> [Double] {
    let rows = features.count / columns.count
    let block = 64
    let blocks = parallelMap((rows + block - 1) / block) { number in
      features.withUnsafeBufferPointer { features in
        (number * block..<min(rows, (number + 1) * block)).flatMap { row in
          ensembles.map {
            Double($0.predict(features.baseAddress! + row * columns.count))
          }
        }
      }
    }
    return blocks.flatMap { $0 }
  }

  /// What each feature added to the prediction of each row.
  ///
  /// - Parameters:
  ///   - design: a table with the model's columns.
  ///   - output: the number of the output.
  /// - Returns: one for each row; base and contributions add up to the prediction.
  /// - Throws: as ``Regressor/predict(_:)``.
  public func contributions(_ design: Design, output: Int) throws -> [Contributions] {
    precondition(output >= 0 && output < outputs.count, "output \(output) of \(outputs.count)")
    let ordered = try design.selectingColumns(columns)
    try ordered.requireFinite()
    return parallelMap(ordered.rowCount) { row in
      ordered.values.withUnsafeBufferPointer {
        ensembles[output].contributions($0.baseAddress! + row * columns.count)
      }
    }
  }

  /// The importance of each feature that some split asks for, largest first, then by name.
  ///
  /// - Parameters:
  ///   - kind: what is counted.
  ///   - output: the number of the output.
  /// - Returns: name and value of each feature in use.
  public func importance(_ kind: TreeEnsemble.ImportanceKind = .gain, output: Int)
    -> [FeatureImportance]
  {
    precondition(output >= 0 && output < outputs.count, "output \(output) of \(outputs.count)")
    let values = ensembles[output].importance(kind)
    return columns.indices.filter { values[$0] != 0 }
      .map { FeatureImportance(column: columns[$0], value: values[$0]) }
      .sorted { ($1.value, $0.column) < ($0.value, $1.column) }
  }
}

/// A feature and how much it matters, in the unit of the measure that was asked for.
public struct FeatureImportance: Hashable, Sendable, Codable {
  /// The name of the feature.
  public let column: String
  /// How much it matters.
  public let value: Double

  /// Creates an importance.
  public init(column: String, value: Double) {
    self.column = column
    self.value = value
  }
}
