/// A table that can't be read, with the place, what was expected there and what stood there.
///
/// ``description`` reads `labels.csv:17:3 (column "arousal"): expected a number, found "n/a". …`.
public struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Path of the file, as it was given.
  public var file: String
  /// 1-based line of the file, nil when the whole file is meant.
  public var line: Int?
  /// 1-based position of the field in its row, nil when the whole row is meant.
  public var field: Int?
  /// Name of the column, where the header is known.
  public var column: String?
  /// What should have stood there.
  public var expected: String
  /// What stood there.
  public var found: String
  /// What the user can do about it.
  public var fix: String?

  /// Creates an error.
  public init(
    file: String, line: Int? = nil, field: Int? = nil, column: String? = nil,
    expected: String, found: String, fix: String? = nil
  ) {
    self.file = file
    self.line = line
    self.field = field
    self.column = column
    self.expected = expected
    self.found = found
    self.fix = fix
  }

  /// One line: place, expected, found and the way out.
  public var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if let field { text += ":\(field)" }
    if let column { text += " (column \"\(column)\")" }
    text += ": expected \(expected), found \(found)"
    if let fix { text += ". \(fix)" }
    return text
  }

  /// Shortens foreign text so that a message stays one readable line.
  static func quoted(_ text: String, limit: Int = 60) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      switch scalar {
      case "\n": shown += "\\n"
      case "\r": shown += "\\r"
      case "\t": shown += "\\t"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    if text.unicodeScalars.count > limit { shown += "…" }
    return "\"\(shown)\""
  }
}
