import Foundation
import SentioMetrics

/// Predictions of valence and arousal, by song id, as `sentio predict` writes them.
public struct PredictionTable: Hashable, Sendable {
  /// The prediction for one song.
  public struct Row: Hashable, Sendable {
    /// Id of the song, or path of the audio file.
    public var id: String
    /// Predicted valence and arousal; a model may leave the scale's interval.
    public var prediction: ValenceArousal
    /// Wall time that the song took, in seconds, where it was measured.
    public var seconds: Double?

    /// Creates a row.
    public init(id: String, prediction: ValenceArousal, seconds: Double? = nil) {
      self.id = id
      self.prediction = prediction
      self.seconds = seconds
    }
  }

  /// One row a song.
  public let rows: [Row]
  /// The scale of every prediction.
  public let scale: EmotionScale

  /// Creates a table from rows that share a scale.
  ///
  /// - Parameters:
  ///   - rows: rows with distinct ids, all predictions on `scale`.
  ///   - scale: the scale of every prediction.
  public init(rows: [Row], scale: EmotionScale) {
    precondition(
      rows.allSatisfy { $0.prediction.scale == scale }, "predictions on more than one scale")
    precondition(Set(rows.map(\.id)).count == rows.count, "row ids are not distinct")
    self.rows = rows
    self.scale = scale
  }

  /// Reads predictions from a CSV file with columns `song_id`, `valence`, `arousal` and perhaps
  /// `scale` and `seconds`; others are ignored.
  ///
  /// - Parameters:
  ///   - csv: the file.
  ///   - source: where the scale comes from. Predictions may lie outside of it.
  /// - Throws: `FileError`, or ``TableError`` with line and column.
  public init(csv: URL, scale source: ScaleSource = .inferred) throws {
    let table = try DelimitedTable(
      contentsOf: csv, options: DelimitedTable.Options(separator: .automatic))
    let idColumn = try table.column("song_id", "id", "track_id", "filename", "file", "name")
    let valenceColumn = try table.column("valence")
    let arousalColumn = try table.column("arousal")
    let secondsColumn = table.index(of: "seconds")
    var points: [(valence: Double, arousal: Double)] = []
    var seen: Set<String> = []
    for row in 0..<table.rowCount {
      if !seen.insert(table.text(row: row, column: idColumn)).inserted {
        throw table.error(row: row, column: idColumn, expected: "distinct ids")
      }
      let valence = try table.number(row: row, column: valenceColumn)
      let arousal = try table.number(row: row, column: arousalColumn)
      guard valence.isFinite, arousal.isFinite else {
        throw table.error(
          row: row, column: valence.isFinite ? arousalColumn : valenceColumn,
          expected: "a finite number")
      }
      points.append((valence, arousal))
    }
    let scale: EmotionScale =
      switch source {
      case .known(let known): known
      case .inferred:
        if let column = table.index(of: "scale"), table.rowCount > 0 {
          try LabelTable.scale(in: table, column: column)
        } else {
          try LabelTable.inferScale(points, file: table.file)
        }
      }
    self.rows = try points.indices.map { row in
      Row(
        id: table.text(row: row, column: idColumn),
        prediction: ValenceArousal(
          valence: points[row].valence, arousal: points[row].arousal, scale: scale),
        seconds: try secondsColumn.flatMap { try table.optionalNumber(row: row, column: $0) })
    }
    self.scale = scale
  }

  /// Writes `song_id,valence,arousal,scale,quadrant,emotion,seconds`.
  ///
  /// - Parameter csv: the file to create or to replace.
  /// - Throws: `FileError`.
  public func write(csv: URL) throws {
    var writer = CSVWriter(columns: [
      "song_id", "valence", "arousal", "scale", "quadrant", "emotion", "seconds",
    ])
    for row in rows {
      let quadrant = row.prediction.quadrant
      writer.append([
        row.id, CSVWriter.number(row.prediction.valence),
        CSVWriter.number(row.prediction.arousal), scale.notation, "Q\(quadrant.rawValue)",
        quadrant.name, CSVWriter.number(row.seconds),
      ])
    }
    try writer.write(to: csv)
  }
}
