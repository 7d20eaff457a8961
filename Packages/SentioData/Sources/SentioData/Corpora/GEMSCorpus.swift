import Foundation

extension Corpus {
  /// The nine emotions of the Geneva Emotional Music Scale as Emotify names them.
  public static let gemsEmotions = [
    "amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power",
    "joyful_activation", "tension", "sadness",
  ]

  /// Opens `song_means.csv` (`track_id,genre,file,n_listeners,` nine shares of listeners).
  ///
  /// The shares, 0…1, stand in ``Song/ratings``; there is no valence and arousal.
  static func openGEMS(_ folder: URL) throws -> Corpus {
    let table = try DelimitedTable(contentsOf: folder.appending(path: "song_means.csv"))
    let id = try table.column("track_id", "track id")
    let genre = try table.column("genre")
    let file = table.optionalColumn(["file"])
    let columns = try gemsEmotions.map { ($0, try table.column($0)) }
    let others = ["n_listeners", "liked", "disliked"].compactMap { name in
      table.index(of: name).map { (name, $0) }
    }
    var rows = RatedRows()
    rows.read(table, id: id, valence: nil, arousal: nil, scale: nil)
    var findings = rows.findings
    var songs: [Song] = []
    for row in rows.rows {
      let place = "\(table.file):\(table.line(ofRow: row.index))"
      var song = Song(id: row.id, genres: [table.text(row: row.index, column: genre)])
      for (name, column) in columns {
        guard let share = table.parsedNumber(row: row.index, column: column),
          (0...1).contains(share)
        else {
          findings.append(
            CorpusFinding(
              .error, song: row.id, place: place,
              message: "\(name) is \(TableError.quoted(table.text(row: row.index, column: column)))"
                + ", no share within 0..1", fix: "Correct the field or remove the row"))
          continue
        }
        song.ratings[name] = share
      }
      guard song.ratings.count == columns.count else { continue }
      for (name, column) in others {
        song.ratings[name] = table.parsedNumber(row: row.index, column: column)
      }
      if let file {
        let url = folder.appending(path: table.text(row: row.index, column: file))
        if FolderListing.isFile(url) {
          song.audio = url
        } else {
          findings.append(
            CorpusFinding(
              .warning, song: row.id, place: place,
              message:
                "there is no file \(TableError.quoted(table.text(row: row.index, column: file)))",
              fix: "Correct the name or add the file"))
        }
      }
      songs.append(song)
    }
    return Corpus(
      name: folder.lastPathComponent, layout: .gems, root: folder, scale: nil, songs: songs,
      findings: findings, recognized: "GEMS ratings (song_means.csv)")
  }
}
