import Foundation
import SentioMetrics

/// One rater's opinion about one song.
public struct RaterLabel: Hashable, Sendable {
  /// The rater's (anonymous) id.
  public var rater: String
  /// Id of the song.
  public var song: String
  /// Valence and arousal that this rater gave.
  public var label: ValenceArousal
}

extension Corpus {
  /// The single raters' opinions, where the corpus has DEAM's files of them.
  ///
  /// Read on demand. Where the labels of 2013 were exchanged upon opening, these are exchanged too.
  ///
  /// - Returns: one element a row, in the files' order; empty without such files.
  /// - Throws: `FileError`, or ``TableError`` with line and column.
  public func raterLabels() throws -> [RaterLabel] {
    guard layout == .deam, let deam = DEAMLayout(root: root) else { return [] }
    var labels: [RaterLabel] = []
    for file in deam.raterLabels {
      let table = try DelimitedTable(
        contentsOf: file, options: DelimitedTable.Options(shortRows: .fill))
      let rater = try table.column("workerID", "worker_id", "rater", "rater_id")
      let song = try table.column("SongId", "song_id")
      let valence = try table.column("Valence", "valence_mean")
      let arousal = try table.column("Arousal", "arousal_mean")
      for row in 0..<table.rowCount {
        // Raters skipped songs now and then.
        if table.isEmpty(row: row, column: valence) || table.isEmpty(row: row, column: arousal) {
          continue
        }
        let id = table.text(row: row, column: song)
        var pair = [valence, arousal]
        if labelRevisionCheck?.wasCorrected == true, let number = Int(id), number <= 1000 {
          pair.swapAt(0, 1)
        }
        let point = try pair.map { column -> Double in
          let value = try table.number(row: row, column: column)
          guard value.isFinite, (1...9).contains(value) else {
            throw table.error(row: row, column: column, expected: "a number within 1..9")
          }
          return value
        }
        labels.append(
          RaterLabel(
            rater: table.text(row: row, column: rater), song: id,
            label: ValenceArousal(valence: point[0], arousal: point[1], scale: .deam1to9)))
      }
    }
    return labels
  }
}
