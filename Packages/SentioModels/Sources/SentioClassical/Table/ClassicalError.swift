/// What the data, the settings or a training library can do wrong; every case names the culprit.
public enum ClassicalError: Error, Hashable, Sendable {
  /// A list does not have the length that the rest of the table asks for.
  case lengthMismatch(what: String, expected: Int, found: Int)
  /// Two columns have the same name.
  case duplicateColumn(String)
  /// A feature is NaN or infinite.
  case nonFiniteFeature(row: String, column: String, value: Float)
  /// Columns that have one value in every row, so that nothing can be learned from them.
  case constantColumns([String])
  /// A label is NaN or infinite.
  case nonFiniteLabel(row: String, output: String)
  /// A label lies outside its scale.
  case labelOutOfRange(row: String, output: String, value: Double, lower: Double, upper: Double)
  /// Fewer rows than the task needs.
  case tooFewRows(task: String, needed: Int, found: Int)
  /// More folds than rows.
  case moreFoldsThanRows(folds: Int, rows: Int)
  /// A fold without a row, or a fold number that is negative.
  case badFold(number: Int, reason: String)
  /// The table's columns are not the model's.
  case columnsDiffer(missing: [String], extra: [String])
  /// A setting lies outside its range.
  case invalidSetting(name: String, value: String, expected: String)
  /// The ridge system is singular at `column`: it depends linearly on columns before it.
  case singularSystem(column: String, alpha: Double)
  /// A training library refused, in its own words.
  case library(name: String, message: String)
}

extension ClassicalError: CustomStringConvertible {
  /// What happened, what was expected, and what to do about it.
  public var description: String {
    switch self {
    case .lengthMismatch(let what, let expected, let found):
      "\(what): expected \(expected), found \(found)"
    case .duplicateColumn(let name):
      "column \"\(name)\" stands twice in the table; names must be distinct"
    case .nonFiniteFeature(let row, let column, let value):
      "feature \"\(column)\" of row \"\(row)\" is \(value); expected a finite number: "
        + "repair or drop that row"
    case .constantColumns(let names):
      "\(Self.list(names)) \(names.count == 1 ? "has" : "have") the same value in every row; "
        + "leave \(names.count == 1 ? "it" : "them") out, or fit with constantColumns: .drop"
    case .nonFiniteLabel(let row, let output):
      "label \"\(output)\" of row \"\(row)\" is not a finite number"
    case .labelOutOfRange(let row, let output, let value, let lower, let upper):
      "label \"\(output)\" of row \"\(row)\" is \(value); its scale is \(lower)...\(upper): "
        + "check the scale that the labels were read with"
    case .tooFewRows(let task, let needed, let found):
      "\(task) needs at least \(needed) rows, found \(found)"
    case .moreFoldsThanRows(let folds, let rows):
      "\(folds) folds need at least \(folds) rows, found \(rows); ask for fewer folds"
    case .badFold(let number, let reason):
      "fold \(number): \(reason)"
    case .columnsDiffer(let missing, let extra):
      "the table's columns are not the model's:"
        + (missing.isEmpty ? "" : " missing \(Self.list(missing))")
        + (missing.isEmpty || extra.isEmpty ? "" : ";")
        + (extra.isEmpty ? "" : " not known to the model \(Self.list(extra))")
    case .invalidSetting(let name, let value, let expected):
      "\(name) is \(value); expected \(expected)"
    case .singularSystem(let column, let alpha):
      "the ridge system is singular at column \"\(column)\" with alpha \(alpha): the column depends "
        + "linearly on others; raise alpha or leave it out"
    case .library(let name, let message):
      "\(name): \(message)"
    }
  }

  /// At most eight names in quotation marks, then a count.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }
}
