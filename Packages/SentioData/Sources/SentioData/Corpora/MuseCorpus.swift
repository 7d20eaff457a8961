import Foundation
import SentioMetrics

extension Corpus {
  /// Opens `All_annotations.csv` (`Id,Name,Arousal,Valence,EmoCat`, -10…10) with `audio/`.
  ///
  /// A song's id is its file's name. Names begin with `out_<genre>.`.
  static func openMuse(_ folder: URL) throws -> Corpus {
    let table = try DelimitedTable(contentsOf: folder.appending(path: "All_annotations.csv"))
    let scale = EmotionScale.interval(lower: -10, upper: 10)
    let name = try table.column("Name")
    let valence = try table.column("Valence")
    let arousal = try table.column("Arousal")
    let category = table.optionalColumn(["EmoCat"])
    var rows = RatedRows()
    rows.read(table, id: name, valence: valence, arousal: arousal, scale: scale)
    var findings = rows.findings
    let audioFolder = folder.appending(path: "audio")
    let hasFolder = FolderListing.isFolder(audioFolder)
    let files = Set(try FolderListing.entries(of: hasFolder ? audioFolder : folder))
    let songs = rows.rows.map { row in
      let place = "\(table.file):\(table.line(ofRow: row.index))"
      var song = Song(id: row.id, label: row.label)
      if files.contains(row.id) {
        song.audio = (hasFolder ? audioFolder : folder).appending(path: row.id)
      } else {
        findings.append(
          CorpusFinding(
            .warning, song: row.id, place: place, message: "there is no such audio file",
            fix: "Copy it into \(audioFolder.path)"))
      }
      let stem = row.id.hasPrefix("out_") ? row.id.dropFirst(4) : row.id[...]
      if let dot = stem.firstIndex(of: "."), dot > stem.startIndex {
        song.genres = [stem[..<dot].capitalized]
      }
      if let category, let label = row.label {
        let given = table.text(row: row.index, column: category)
        // A value at the midpoint belongs to either side.
        let isOnBorder = label.valence == 0 || label.arousal == 0
        if given != "e\(label.quadrant.rawValue)", !isOnBorder {
          findings.append(
            CorpusFinding(
              .warning, song: row.id, place: place,
              message: "category \(TableError.quoted(given)) does not fit "
                + "valence \(label.valence) and arousal \(label.arousal)"))
        }
      }
      return song
    }
    return Corpus(
      name: folder.lastPathComponent, layout: .muse, root: folder, scale: scale, songs: songs,
      findings: findings, recognized: "musemodataset layout (All_annotations.csv)")
  }
}
