/// A table of text, for the page and for the terminal.
public struct ReportTable: Sendable {
  /// What the table shows, with the unit or scale of its numbers.
  public var caption: String
  /// The columns' names; one that begins with `claimed` is set apart.
  public var header: [String]
  /// The rows' cells, as many as there are columns.
  public var rows: [[String]]
  /// Columns that hold prose and may break.
  public var proseColumns: Set<Int>

  /// Creates a table.
  public init(
    caption: String, header: [String], rows: [[String]], proseColumns: Set<Int> = []
  ) {
    self.caption = caption
    self.header = header
    self.rows = rows
    self.proseColumns = proseColumns
  }

  /// The table in aligned columns: names to the left, numbers to the right.
  public func plainText() -> String {
    let widths = header.indices.map { column in
      ([header[column]] + rows.map { $0[column] }).map(\.count).max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 || proseColumns.contains(column) ? cell + padding : padding + cell
      }.joined(separator: "  ")
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
  }

  /// What stands in a cell that this run has no measurement for.
  public static let missing = "not measured"

  /// What the page's template needs.
  var context: [String: Any] {
    func cell(_ text: String, _ column: Int) -> [String: Any] {
      var style: [String] = []
      if proseColumns.contains(column) { style.append("text") }
      if header[column].hasPrefix("claimed") { style.append("claim") }
      if text == Self.missing { style.append("missing") }
      var result: [String: Any] = ["text": text]
      if !style.isEmpty { result["class"] = style.joined(separator: " ") }
      return result
    }
    return [
      "caption": caption,
      "header": header.enumerated().map { cell($1, $0) },
      "rows": rows.map { row in
        let cells = row.enumerated().map { cell($1, $0) }
        return ["name": cells.prefix(1).map(\.self), "cells": cells.dropFirst().map(\.self)]
          as [String: Any]
      },
    ]
  }
}
