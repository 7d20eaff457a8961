/// A kind of regression with the settings that are chosen before the fit.
public enum Algorithm: Hashable, Sendable, Codable {
  /// Linear regression with a squared penalty.
  case ridge(Ridge.Settings)
  /// Kernel regression with an epsilon-insensitive loss.
  case supportVector(SupportVectorRegression.Settings)
  /// A sum of regression trees.
  case boostedTrees(BoostedTrees.Settings)

  /// Whether the features should be standardized first: trees do not care, the others do.
  public var prefersStandardizedFeatures: Bool {
    if case .boostedTrees = self { return false }
    return true
  }

  /// The settings as one phrase, for a table of a search.
  public var summary: String {
    switch self {
    case .ridge(let settings): "Ridge (alpha \(settings.alpha))"
    case .supportVector(let settings):
      "SVR (C \(settings.c), epsilon \(settings.epsilon), gamma \(settings.gamma))"
    case .boostedTrees(let settings):
      "boosted trees (\(settings.rounds) rounds, depth \(settings.maximumDepth), "
        + "rate \(settings.learningRate), rows \(settings.rowFraction))"
    }
  }

  func validate() throws {
    switch self {
    case .ridge(let settings): try settings.validate()
    case .supportVector(let settings): try settings.validate()
    case .boostedTrees(let settings): try settings.validate()
    }
  }

  func fit(
    _ x: Matrix, _ y: Matrix, columns: [String], outputs: [String]
  ) throws -> FittedAlgorithm {
    switch self {
    case .ridge(let settings):
      .ridge(try Ridge(x, y, columns: columns, outputs: outputs, settings: settings))
    case .supportVector(let settings):
      .supportVector(
        try SupportVectorRegression(
          x, y, columns: columns, outputs: outputs, settings: settings))
    case .boostedTrees(let settings):
      .boostedTrees(
        try BoostedTrees(
          x.values.map(Float.init), y, columns: columns, outputs: outputs, settings: settings))
    }
  }
}

/// A fitted model of one of the kinds of ``Algorithm``.
public enum FittedAlgorithm: Sendable, Equatable {
  /// Linear regression with a squared penalty.
  case ridge(Ridge)
  /// Kernel regression with an epsilon-insensitive loss.
  case supportVector(SupportVectorRegression)
  /// A sum of regression trees.
  case boostedTrees(BoostedTrees)

  /// The model, whatever its kind.
  public var model: any Regressor {
    switch self {
    case .ridge(let model): model
    case .supportVector(let model): model
    case .boostedTrees(let model): model
    }
  }

  /// The settings of the fit.
  public var algorithm: Algorithm {
    switch self {
    case .ridge(let model): .ridge(model.settings)
    case .supportVector(let model): .supportVector(model.settings)
    case .boostedTrees(let model): .boostedTrees(model.settings)
    }
  }

  func predict(_ x: Matrix) -> Matrix {
    switch self {
    case .ridge(let model): model.predict(x)
    case .supportVector(let model): model.predict(x)
    case .boostedTrees(let model):
      Matrix(
        rows: x.rows, columns: model.outputs.count,
        values: model.predictions(x.values.map(Float.init)))
    }
  }
}
