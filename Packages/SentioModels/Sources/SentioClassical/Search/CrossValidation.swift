/// Predictions of rows by models that were not trained on them, for many candidates at once.
///
/// What candidates of one fold have in common is computed once: selection and scaling for all of
/// them, one Gram matrix for every alpha of a ridge, one matrix of inner products for every gamma
/// and one kernel matrix for every C and epsilon of a support vector regression.
public enum CrossValidation {
  /// How far a search has come.
  public struct Progress: Hashable, Sendable {
    /// Fits that are done, one a candidate and fold.
    public let completed: Int
    /// Fits in all.
    public let total: Int
  }

  /// Predicts every row by a model that was trained without the row's fold.
  ///
  /// - Parameters:
  ///   - design: the features, `[N, D]`; finite.
  ///   - targets: the labels, `[N, K]`.
  ///   - folds: the division of the rows.
  ///   - candidates: the settings to try.
  ///   - progress: called as fits finish, one call at a time, in no promised order of candidates.
  /// - Returns: for each candidate the predictions of all rows, in the order of the table.
  /// - Throws: ``ClassicalError`` naming the row or column at fault, or a setting out of range.
  public static func predictions(
    _ design: Design, _ targets: Targets, folds: Folds, candidates: [Pipeline.Settings],
    progress: (@Sendable (Progress) -> Void)? = nil
  ) throws -> [Predictions] {
    try checkTrainingSet(design, targets)
    guard folds.assignment.count == design.rowCount else {
      throw ClassicalError.lengthMismatch(
        what: "rows of the folds", expected: design.rowCount, found: folds.assignment.count)
    }
    for candidate in candidates {
      try candidate.validate()
      try Pipeline.checkConstants(design, candidate)
    }
    let run = CrossValidationRun(
      x: Matrix(design), y: Matrix(targets), columns: design.columns, outputs: targets.outputs,
      folds: folds, candidates: candidates,
      counter: ProgressCounter(total: candidates.count * folds.count, report: progress))
    return try run.predictions().map {
      Predictions(rows: design.rows, outputs: targets.outputs, values: $0.values)
    }
  }
}
