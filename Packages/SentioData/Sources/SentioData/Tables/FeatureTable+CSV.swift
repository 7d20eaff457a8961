import Foundation

extension FeatureTable {
  /// What a column of words means while a table of numbers is read.
  public enum TextColumns: Hashable, Sendable {
    /// It is an error that names the first such field.
    case reject
    /// Columns whose first row holds a word (genres, file names) are left out.
    case skip
  }

  /// Which column identifies a song.
  public enum IdentifierColumn: Hashable, Sendable {
    /// The first that is called `song_id`, `id`, `track_id`, `filename`, `file` or `name`.
    case automatic
    /// The column with this name.
    case named(String)
    /// None: the songs are numbered from 1.
    case rowNumber
  }

  static let identifierNames = [
    "song_id", "id", "track_id", "songid", "track id", "filename", "file_name", "file", "name",
  ]

  /// Reads a table from a CSV file with a header line; separators `,`, `;` and TAB are recognized.
  ///
  /// Empty fields become NaN, so that ``validate()`` names them.
  ///
  /// - Parameters:
  ///   - csv: the file.
  ///   - identifier: which column identifies a song.
  ///   - excluding: names of columns that are no features, such as labels.
  ///   - textColumns: what a column of words means.
  /// - Throws: `FileError`, or ``TableError`` with line and column.
  public init(
    csv: URL, identifier: IdentifierColumn = .automatic, excluding: Set<String> = [],
    textColumns: TextColumns = .reject
  ) throws {
    let table = try DelimitedTable(
      contentsOf: csv, options: DelimitedTable.Options(separator: .automatic))
    try self.init(
      table: table, identifier: identifier, excluding: excluding, textColumns: textColumns)
  }

  init(
    table: DelimitedTable, identifier: IdentifierColumn, excluding: Set<String>,
    textColumns: TextColumns
  ) throws {
    let idColumn: Int? =
      switch identifier {
      case .automatic:
        if let index = table.optionalColumn(Self.identifierNames) {
          index
        } else {
          try table.column("song_id", "id")
        }
      case .named(let name): try table.column(name)
      case .rowNumber: nil
      }
    var selected = table.header.indices.filter {
      $0 != idColumn && !table.header[$0].isEmpty && !excluding.contains(table.header[$0])
    }
    if textColumns == .skip, table.rowCount > 0 {
      selected.removeAll {
        table.parsedNumber(row: 0, column: $0) == nil && !table.isEmpty(row: 0, column: $0)
      }
    }
    guard !selected.isEmpty else {
      throw TableError(
        file: table.file, line: 1, expected: "at least one column of numbers", found: "none")
    }
    var ids: [String] = []
    var values: [Float] = []
    values.reserveCapacity(table.rowCount * selected.count)
    var firstLine: [String: Int] = [:]
    for row in 0..<table.rowCount {
      let id = idColumn.map { table.text(row: row, column: $0) } ?? String(row + 1)
      if let idColumn {
        if id.isEmpty { throw table.error(row: row, column: idColumn, expected: "an id") }
        if let first = firstLine.updateValue(table.line(ofRow: row), forKey: id) {
          throw table.error(
            row: row, column: idColumn, expected: "distinct ids (first use on line \(first))",
            fix: "Remove one of the two rows")
        }
      }
      ids.append(id)
      for column in selected {
        if let value = table.parsedNumber(row: row, column: column) {
          values.append(Float(value))
        } else if table.isEmpty(row: row, column: column) {
          values.append(.nan)
        } else {
          throw table.error(
            row: row, column: column, expected: "a number",
            fix: "If the column is no feature, exclude it")
        }
      }
    }
    self.init(ids: ids, columns: selected.map { table.header[$0] }, values: values)
  }

  /// Writes the table as CSV: `song_id`, then one column a feature.
  ///
  /// - Parameter csv: the file to create or to replace.
  /// - Throws: `FileError`.
  public func write(csv: URL) throws {
    var writer = CSVWriter(columns: ["song_id"] + columns)
    for index in 0..<rowCount { writer.append(ids[index], row(index)) }
    try writer.write(to: csv)
  }
}
