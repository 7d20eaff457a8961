/// A fitted model that maps named features to named outputs.
///
/// Everything that explains, averages or scores a model asks for this and no more, so a model of
/// another kind takes part by conforming.
public protocol Regressor: Sendable {
  /// The names of the features that ``predict(features:)`` expects, in order.
  var columns: [String] { get }
  /// The names of the outputs, in order.
  var outputs: [String] { get }
  /// How many numbers were learned.
  var parameterCount: Int { get }
  /// One phrase for a report: the kind and the settings that matter.
  var summary: String { get }

  /// Predicts rows whose columns stand in the model's order.
  ///
  /// - Parameter features: finite features, row-major `[N, D]`, with `D` of ``columns``.
  /// - Returns: the predictions, row-major `[N, K]`.
  /// - Throws: what the model cannot do with such rows.
  func predict(features: [Float]) throws -> [Double]
}

extension Regressor {
  /// Predicts the rows of a table, whose columns may stand in another order than the model's.
  ///
  /// - Parameter design: a table with the model's columns, no more and no fewer; finite.
  /// - Returns: one prediction for each row and output.
  /// - Throws: ``ClassicalError/columnsDiffer(missing:extra:)`` with all names that are missing
  ///   or not known, ``ClassicalError/nonFiniteFeature(row:column:value:)``.
  public func predict(_ design: Design) throws -> Predictions {
    let ordered = try design.selectingColumns(columns)
    try ordered.requireFinite()
    return Predictions(
      rows: design.rows, outputs: outputs, values: try predict(features: ordered.values))
  }
}
