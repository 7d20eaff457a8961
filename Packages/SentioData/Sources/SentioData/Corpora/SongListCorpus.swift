import Foundation
import SentioMetrics

extension Corpus {
  /// Opens a folder with `songs.csv`.
  ///
  /// Columns: `song_id` and/or `file` (relative to the folder), `valence`, `arousal`, and perhaps
  /// `valence_std`, `arousal_std`, `genre`, `artist`, `title`, `split`, `scale`.
  static func openSongList(_ folder: URL, options: Options) throws -> Corpus {
    let table = try DelimitedTable(
      contentsOf: folder.appending(path: "songs.csv"),
      options: DelimitedTable.Options(separator: .automatic, shortRows: .fill))
    let fileColumn = table.optionalColumn(["file", "filename", "file_name", "path", "audio"])
    let idColumn: Int
    if let index = table.optionalColumn(["song_id", "id", "track_id"]) ?? fileColumn {
      idColumn = index
    } else {
      idColumn = try table.column("song_id", "file")
    }
    var corpus = try openRatedTable(
      table, root: folder, layout: .songList, idColumn: idColumn, options: options,
      recognized: "song list (songs.csv)")
    var stems: [String: URL] = [:]
    for sub in ["audio", ""] {
      let place = sub.isEmpty ? folder : folder.appending(path: sub)
      if FolderListing.isFolder(place) {
        stems.merge(try FolderListing.audioByStem(in: place)) { first, _ in first }
      }
    }
    let rowOfID = Dictionary(
      (0..<table.rowCount).map { (table.text(row: $0, column: idColumn), $0) },
      uniquingKeysWith: { first, _ in first })
    for index in corpus.songs.indices {
      let song = corpus.songs[index]
      guard let row = rowOfID[song.id] else { continue }
      let named = fileColumn.map { table.text(row: row, column: $0) } ?? ""
      if !named.isEmpty {
        let candidates =
          named.hasPrefix("/")
          ? [URL(filePath: named)]
          : [folder.appending(path: named), folder.appending(path: "audio").appending(path: named)]
        corpus.songs[index].audio = candidates.first(where: FolderListing.isFile)
      } else {
        corpus.songs[index].audio = stems[song.id]
      }
      if corpus.songs[index].audio == nil {
        corpus.report.findings.append(
          CorpusFinding(
            .warning, song: song.id, place: "\(table.file):\(table.line(ofRow: row))",
            message: named.isEmpty
              ? "no audio file with this name" : "there is no file \(TableError.quoted(named))",
            fix: "Correct the name or add the file"))
      }
    }
    corpus.report.audioCount = corpus.songs.count { $0.audio != nil }
    return corpus
  }

  /// Opens one CSV file with ids and labels, and with features where it has further numbers.
  static func openTable(_ file: URL, options: Options) throws -> Corpus {
    let table = try DelimitedTable(
      contentsOf: file, options: DelimitedTable.Options(separator: .automatic, shortRows: .fill))
    let idColumn: Int
    if let index = table.optionalColumn(FeatureTable.identifierNames) {
      idColumn = index
    } else {
      idColumn = try table.column("song_id", "id")
    }
    var corpus = try openRatedTable(
      table, root: file, layout: .table, idColumn: idColumn, options: options,
      recognized: "table (\(file.lastPathComponent))")
    guard !corpus.songs.isEmpty else {
      throw CorpusError.noSongs(path: file.path, findings: corpus.report.findings)
    }
    let described = Set(
      (labelColumns + attributeColumns + ["scale"]).map { $0.lowercased() })
    let excluded = Set(table.header.filter { described.contains($0.lowercased()) })
    let hasFeatures = table.header.indices.contains {
      $0 != idColumn && !table.header[$0].isEmpty && !excluded.contains(table.header[$0])
        && table.rowCount > 0 && table.parsedNumber(row: 0, column: $0) != nil
    }
    if hasFeatures, corpus.report.errors.isEmpty {
      corpus.features = try FeatureTable(
        table: table, identifier: .named(table.header[idColumn]), excluding: excluded,
        textColumns: .skip)
    }
    return corpus
  }

  private static let labelColumns = [
    "valence", "valence_mean", "mean_valence", "arousal", "arousal_mean", "mean_arousal",
    "valence_std", "arousal_std", "std_valence", "std_arousal",
  ]
  private static let attributeColumns = [
    "genre", "artist", "title", "split", "song_id", "id", "track_id", "file", "filename", "name",
    "label", "class", "quadrant",
  ]

  private static func openRatedTable(
    _ table: DelimitedTable, root: URL, layout: Layout, idColumn: Int, options: Options,
    recognized: String
  ) throws -> Corpus {
    let valence = table.optionalColumn(["valence", "valence_mean", "mean_valence"])
    let arousal = table.optionalColumn(["arousal", "arousal_mean", "mean_arousal"])
    if (valence == nil) != (arousal == nil) {
      _ = try table.column(valence == nil ? "valence" : "arousal")
    }
    var findings: [CorpusFinding] = []
    var scale: EmotionScale?
    if let valence, let arousal {
      switch options.scale {
      case .known(let known): scale = known
      case .inferred:
        if let column = table.index(of: "scale"), table.rowCount > 0 {
          scale = try LabelTable.scale(in: table, column: column)
        } else {
          let inferred = inferredScale(table, valence: valence, arousal: arousal)
          scale = inferred
          findings.append(
            CorpusFinding(
              .warning, place: table.file,
              message: "no scale was given; the labels are taken as \(inferred.notation)",
              fix: "Give the scale, or add a column \"scale\""))
        }
      }
    }
    var rows = RatedRows()
    let deviations = table.optionalColumn(["valence_std", "std_valence"]).flatMap { valence in
      table.optionalColumn(["arousal_std", "std_arousal"]).map { (valence, $0) }
    }
    rows.read(
      table, id: idColumn, valence: valence, arousal: arousal, deviations: deviations,
      scale: scale, allowsUnrated: layout == .songList)
    func column(_ name: String) -> Int? { table.optionalColumn([name]) }
    let (genre, artist, title, split) = (
      column("genre"), column("artist"), column("title"), column("split")
    )
    let songs = rows.rows.map { row in
      func text(_ column: Int?) -> String? {
        guard let column else { return nil }
        let text = table.text(row: row.index, column: column)
        return text.isEmpty ? nil : text
      }
      var song = Song(
        id: row.id, label: row.label, deviation: row.deviation,
        genres: text(genre).map { [$0] } ?? [], artist: text(artist), title: text(title))
      song.publishedPart = text(split).flatMap(SplitPart.init(name:))
      return song
    }
    return Corpus(
      name: root.deletingPathExtension().lastPathComponent, layout: layout, root: root,
      scale: songs.contains { $0.label != nil } ? scale : nil, songs: songs,
      findings: findings + rows.findings, recognized: recognized)
  }

  /// The usual scale on which most labels lie, so that one wild row is named and does not decide.
  private static func inferredScale(
    _ table: DelimitedTable, valence: Int, arousal: Int
  ) -> EmotionScale {
    var points: [(Double, Double)] = []
    for row in 0..<table.rowCount {
      if let v = table.parsedNumber(row: row, column: valence), v.isFinite,
        let a = table.parsedNumber(row: row, column: arousal), a.isFinite
      {
        points.append((v, a))
      }
    }
    let candidates: [EmotionScale] = [.unit, .deam1to9, .interval(lower: -10, upper: 10)]
    return candidates.first { candidate in
      points.count { candidate.contains($0.0, $0.1) } * 100 >= points.count * 98
    } ?? candidates[2]
  }
}
