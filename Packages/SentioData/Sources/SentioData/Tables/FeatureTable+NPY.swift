import Foundation
import SentioTensor

extension FeatureTable {
  /// Reads a NumPy matrix `[N, D]` with its ids and column names from two further files.
  ///
  /// - Parameters:
  ///   - npy: a matrix of any real type, rounded to `Float`.
  ///   - index: a CSV file with one row a song, in the matrix's order.
  ///   - identifier: which of its columns identifies a song.
  ///   - columns: a text file with one column name a line.
  /// - Throws: `NPYError` and `FileError` for files that can't be read, ``TableError`` where
  ///   the three do not fit.
  public init(
    npy: URL, index: URL, identifier: IdentifierColumn = .automatic, columns: URL
  ) throws {
    let matrix = try NPYFile(contentsOf: npy)
    guard matrix.shape.count == 2 else {
      throw TableError(
        file: npy.path, expected: "a matrix of songs x features",
        found: "an array of shape \(matrix.shape)")
    }
    let bytes = try BoundedFile.read(columns, limit: 1 << 26)
    try DelimitedTable.checkText(bytes, file: columns.path)
    let names = bytes.split(separator: 0x0A).map {
      String(decoding: $0, as: UTF8.self).replacingOccurrences(of: "\r", with: "").trimming()
    }.filter { !$0.isEmpty }
    guard names.count == matrix.shape[1] else {
      throw TableError(
        file: columns.path,
        expected: "\(matrix.shape[1]) names, as \(npy.lastPathComponent) has columns",
        found: "\(names.count)")
    }
    let table = try DelimitedTable(contentsOf: index, options: .init(separator: .automatic))
    guard table.rowCount == matrix.shape[0] else {
      throw TableError(
        file: index.path, expected: "\(matrix.shape[0]) rows, as \(npy.lastPathComponent) has",
        found: "\(table.rowCount)")
    }
    let idColumn: Int? =
      switch identifier {
      case .automatic:
        if let column = table.optionalColumn(Self.identifierNames) {
          column
        } else {
          try table.column("song_id", "id")
        }
      case .named(let name): try table.column(name)
      case .rowNumber: nil
      }
    let ids = (0..<table.rowCount).map { row in
      idColumn.map { table.text(row: row, column: $0) } ?? String(row + 1)
    }
    if let repeated = Self.firstRepeated(ids) {
      throw TableError(
        file: index.path, line: table.line(ofRow: repeated), expected: "distinct ids",
        found: TableError.quoted(ids[repeated]))
    }
    if let repeated = Self.firstRepeated(names) {
      throw TableError(
        file: columns.path, line: repeated + 1, expected: "distinct column names",
        found: TableError.quoted(names[repeated]))
    }
    self.init(ids: ids, columns: names, values: matrix.floats())
  }

  private static func firstRepeated(_ names: [String]) -> Int? {
    var seen: Set<String> = []
    return names.firstIndex { !seen.insert($0).inserted }
  }
}
