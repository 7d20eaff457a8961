import Foundation
import SentioMetrics

/// Where the scale of a table of labels comes from.
public enum ScaleSource: Hashable, Sendable {
  /// The user said so; labels outside of it are errors.
  case known(EmotionScale)
  /// A column `scale` of the table where there is one, else the narrowest usual scale that holds
  /// all labels, with a warning that says which.
  case inferred
}

/// Valence and arousal of songs, by id, all on one scale.
public struct LabelTable: Hashable, Sendable {
  /// The label of one song, with what else its row says about it.
  public struct Row: Hashable, Sendable {
    /// Id of the song.
    public var id: String
    /// Valence and arousal.
    public var label: ValenceArousal
    /// The other columns' texts by name, such as `genre`, `artist`, `split`; empty fields left out.
    public var attributes: [String: String]

    /// Creates a row.
    public init(id: String, label: ValenceArousal, attributes: [String: String] = [:]) {
      self.id = id
      self.label = label
      self.attributes = attributes
    }
  }

  /// One row a song, in the file's order.
  public let rows: [Row]
  /// The scale of every label.
  public let scale: EmotionScale
  /// What a person should know, such as a scale that was inferred.
  public let warnings: [String]

  /// Creates a table from rows that share a scale.
  ///
  /// - Parameters:
  ///   - rows: rows with distinct ids, all labels on `scale`.
  ///   - scale: the scale of every label.
  public init(rows: [Row], scale: EmotionScale) {
    precondition(rows.allSatisfy { $0.label.scale == scale }, "labels on more than one scale")
    precondition(Set(rows.map(\.id)).count == rows.count, "row ids are not distinct")
    self.rows = rows
    self.scale = scale
    self.warnings = []
  }

  /// Reads labels from a CSV file with columns for id, valence and arousal.
  ///
  /// Accepted names: `song_id`, `id` … for the id, `valence` or `valence_mean`, `arousal` or
  /// `arousal_mean`; blanks around names and case do not matter.
  ///
  /// - Parameters:
  ///   - csv: the file.
  ///   - scale: where the scale comes from.
  /// - Throws: `FileError`, ``TableError`` (line and column of a missing, repeated or wrong
  ///   field), ``CorpusError/labelsOutOfRange(_:scale:total:file:)`` that names the songs.
  public init(csv: URL, scale: ScaleSource = .inferred) throws {
    let table = try DelimitedTable(
      contentsOf: csv, options: DelimitedTable.Options(separator: .automatic, shortRows: .fill))
    try self.init(table: table, scale: scale)
  }

  init(table: DelimitedTable, scale source: ScaleSource) throws {
    let idColumn = try table.column("song_id", "id", "track_id", "filename", "file", "name")
    let valenceColumn = try table.column("valence", "valence_mean", "mean_valence")
    let arousalColumn = try table.column("arousal", "arousal_mean", "mean_arousal")
    let scaleColumn = table.index(of: "scale")
    let others = table.header.indices.filter {
      ![idColumn, valenceColumn, arousalColumn, scaleColumn].contains($0)
        && !table.header[$0].isEmpty
    }
    var points: [(valence: Double, arousal: Double)] = []
    var ids: [String] = []
    var attributes: [[String: String]] = []
    var firstLine: [String: Int] = [:]
    for row in 0..<table.rowCount {
      let id = table.text(row: row, column: idColumn)
      if id.isEmpty { throw table.error(row: row, column: idColumn, expected: "an id") }
      if let first = firstLine.updateValue(table.line(ofRow: row), forKey: id) {
        throw table.error(
          row: row, column: idColumn, expected: "distinct ids (first use on line \(first))",
          fix: "Remove one of the two rows")
      }
      func coordinate(_ column: Int) throws -> Double {
        let value = try table.number(row: row, column: column)
        guard value.isFinite else {
          throw table.error(row: row, column: column, expected: "a finite number")
        }
        return value
      }
      points.append((try coordinate(valenceColumn), try coordinate(arousalColumn)))
      ids.append(id)
      var extra: [String: String] = [:]
      for column in others {
        let text = table.text(row: row, column: column)
        if !text.isEmpty { extra[table.header[column]] = text }
      }
      attributes.append(extra)
    }
    let scale: EmotionScale
    var warnings: [String] = []
    switch (source, scaleColumn) {
    case (.known(let known), _): scale = known
    case (.inferred, .some(let column)) where table.rowCount > 0:
      scale = try Self.scale(in: table, column: column)
    case (.inferred, _):
      scale = try Self.inferScale(points, file: table.file)
      warnings = [
        "\(table.file): no scale was given; the labels lie on \(scale.notation). "
          + "Give the scale if that is wrong"
      ]
    }
    let outside = points.indices.filter { !scale.contains(points[$0].valence, points[$0].arousal) }
    guard outside.isEmpty else {
      throw CorpusError.labelsOutOfRange(
        outside.prefix(10).map {
          "line \(table.line(ofRow: $0)), song \(ids[$0]): "
            + "valence \(points[$0].valence), arousal \(points[$0].arousal)"
        }, scale: scale, total: outside.count, file: table.file)
    }
    self.rows = ids.indices.map {
      Row(
        id: ids[$0],
        label: ValenceArousal(
          valence: points[$0].valence, arousal: points[$0].arousal, scale: scale),
        attributes: attributes[$0])
    }
    self.scale = scale
    self.warnings = warnings
  }

  /// The scale that a table's `scale` column names, the same in every row.
  static func scale(in table: DelimitedTable, column: Int) throws -> EmotionScale {
    let notation = table.text(row: 0, column: column)
    guard let scale = EmotionScale(notation: notation) else {
      throw table.error(row: 0, column: column, expected: "a scale such as 1..9 or -1..1")
    }
    for row in 1..<max(1, table.rowCount) where table.text(row: row, column: column) != notation {
      throw table.error(
        row: row, column: column, expected: "the scale of the first row, \(notation)",
        fix: "Convert the table to one scale")
    }
    return scale
  }

  /// The narrowest of [-1, 1], [1, 9], [-10, 10] that holds every point, else nine in ten of them.
  static func inferScale(
    _ points: [(valence: Double, arousal: Double)], file: String
  ) throws -> EmotionScale {
    let candidates: [EmotionScale] = [.unit, .deam1to9, .interval(lower: -10, upper: 10)]
    for candidate in candidates
    where points.allSatisfy({ candidate.contains($0.valence, $0.arousal) }) {
      return candidate
    }
    // A few wild rows don't decide: on the scale of the others they are named.
    if let scale = candidates.first(where: { candidate in
      10 * points.count { candidate.contains($0.valence, $0.arousal) } >= 9 * points.count
    }) {
      return scale
    }
    let all = points.flatMap { [$0.valence, $0.arousal] }
    throw TableError(
      file: file, expected: "labels on one of the scales -1..1, 1..9, -10..10",
      found: "labels from \(all.min() ?? 0) to \(all.max() ?? 0)", fix: "Give the scale")
  }

  /// Writes `song_id,valence,arousal,scale`.
  ///
  /// - Parameter csv: the file to create or to replace.
  /// - Throws: `FileError`.
  public func write(csv: URL) throws {
    var writer = CSVWriter(columns: ["song_id", "valence", "arousal", "scale"])
    for row in rows {
      writer.append([
        row.id, CSVWriter.number(row.label.valence), CSVWriter.number(row.label.arousal),
        scale.notation,
      ])
    }
    try writer.write(to: csv)
  }
}
