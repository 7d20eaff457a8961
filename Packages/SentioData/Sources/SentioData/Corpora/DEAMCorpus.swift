import Foundation
import SentioMetrics

extension Corpus {
  static func openDEAM(_ layout: DEAMLayout, options: Options) throws -> Corpus {
    let scale = EmotionScale.deam1to9
    var ratings = RatedRows()
    for file in layout.staticLabels {
      // The file of 2015 has other columns, and names carry leading blanks in both.
      let table = try DelimitedTable(contentsOf: file)
      ratings.read(
        table, id: try table.column("song_id", "id"),
        valence: try table.column("valence_mean", "valence"),
        arousal: try table.column("arousal_mean", "arousal"),
        deviations: table.index(of: "valence_std").flatMap { valence in
          table.index(of: "arousal_std").map { (valence, $0) }
        }, scale: scale)
    }
    var findings = ratings.findings
    let dynamics = try layout.dynamics.map {
      try DynamicAnnotations(valence: $0.valence, arousal: $0.arousal, findings: &findings)
    }
    let published = Dictionary(
      uniqueKeysWithValues: ratings.rows.compactMap { row in row.label.map { (row.id, $0) } })
    let check = LabelRevisionCheck.decide(
      labels: published, dynamics: dynamics, revision: options.labelRevision)
    let audio = try layout.audioFolder.map(FolderListing.audioByStem) ?? [:]
    let metadata = try DEAMMetadata(layout.metadata, findings: &findings)
    let parts = try layout.splitFolder.map { try PublishedSplit.parts(in: $0) } ?? [:]

    // Composed songs belong to no year of the benchmark.
    let isSynthetic = FolderListing.isFile(
      layout.root.appending(path: SyntheticCorpus.markerName))

    var missing: [String] = []
    var songs: [Song] = []
    for row in ratings.rows {
      var song = Song(id: row.id, audio: audio[row.id], label: row.label, deviation: row.deviation)
      if let number = Int(row.id) {
        song.edition =
          isSynthetic ? "synthetic" : String(LabelRevisionCheck.year(ofSong: number))
        if check.wasCorrected, number <= 1000 { song.exchangeValenceAndArousal() }
      }
      if let details = metadata.songs[row.id] {
        song.artist = details.artist
        song.title = details.title
        song.genres = details.genres
      }
      song.publishedPart = parts[row.id]
      if song.audio == nil { missing.append(song.id) }
      songs.append(song)
    }
    if !missing.isEmpty {
      findings.append(
        CorpusFinding(
          .warning, place: (layout.audioFolder ?? layout.root).path,
          message: "no audio for \(missing.count) of \(songs.count) songs "
            + "(\(missing.prefix(5).joined(separator: ", "))"
            + (missing.count > 5 ? ", …)" : ")"),
          fix: "Copy the folder MEMD_audio beside annotations"))
    }
    let known = Set(ratings.rows.map(\.id))
    let unrated = audio.keys.filter { !known.contains($0) }.sorted(by: NaturalOrder.precedes)
    if !unrated.isEmpty {
      findings.append(
        CorpusFinding(
          .warning, place: layout.audioFolder?.path,
          message: "\(unrated.count) audio files without a usable label "
            + "(\(unrated.prefix(5).joined(separator: ", "))" + (unrated.count > 5 ? ", …)" : ")")))
    }
    if check.wasCorrected {
      findings.append(
        CorpusFinding(
          .warning, message: check.reason,
          fix: "Use the published label revision to leave them as they are"))
    }
    var corpus = Corpus(
      name: layout.root.lastPathComponent, layout: .deam, root: layout.root, scale: scale,
      songs: songs, findings: findings,
      recognized:
        "DEAM layout (\(layout.staticLabels.map(\.lastPathComponent).joined(separator: ", ")))")
    corpus.dynamics = dynamics
    corpus.labelRevisionCheck = check
    return corpus
  }
}

extension Song {
  fileprivate mutating func exchangeValenceAndArousal() {
    if let old = label {
      label = ValenceArousal(valence: old.arousal, arousal: old.valence, scale: old.scale)
    }
    if let old = deviation {
      deviation = LabelDeviation(valence: old.arousal, arousal: old.valence)
    }
  }
}
