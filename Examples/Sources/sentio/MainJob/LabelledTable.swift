import Foundation
import SentioClassical
import SentioData
import SentioMetrics

/// Features and labels of the same songs: what a model is fitted to.
struct LabelledTable {
  /// One row a song.
  var design: Design
  /// The labels, on one scale, in the order of the rows.
  var points: [ValenceArousal]
  var scale: EmotionScale
  /// What is known about each row's song.
  var songs: [Song]
  /// The name of where they come from.
  var corpus: String
  /// How the features were measured; `nil` where they came as a table.
  var measurement: SongMeasurement?
  /// Which of the songs could not be used, and why.
  var failures: [String: String] = [:]

  var ids: [String] { design.rows }

  /// The rows of the given ids, in their order.
  func selecting(_ wanted: [String]) throws -> LabelledTable {
    let places = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
    let rows = wanted.compactMap { places[$0] }
    var copy = self
    copy.design = design.selectingRows(rows)
    copy.points = rows.map { points[$0] }
    copy.songs = rows.map { songs[$0] }
    return copy
  }

  func targets() throws -> Targets { try Targets(points, rows: ids) }

  /// Divides the rows for cross-validation: stratified, and songs of one artist together where
  /// there are artists enough.
  func folds(_ count: Int, seed: UInt64) throws -> SentioClassical.Folds {
    guard songs.count >= 2 * count else {
      throw CommandError(
        "\(corpus): \(counted(songs.count, "song")) with features and labels, but \(count) folds need at "
          + "least \(2 * count); add songs"
          + (songs.count >= 4 ? " or use --folds \(songs.count / 2)" : ""))
    }
    let originals = SongGrouping.copies.groupCount(of: songs)
    guard originals >= count else {
      throw CommandError(
        "\(corpus): \(counted(originals, "song")) that are no copies of others, too few for \(count) folds; "
          + "use fewer --folds or more songs")
    }
    let hasArtists = SongGrouping.artist.groupCount(of: songs) >= 2 * count
    var folds = SentioData.Folds(
      of: songs, count: count, grouping: hasArtists ? .artist : .copies, seed: seed)
    if hasArtists, folds.folds.contains(where: { $0.count < 2 }) {
      // One artist has nearly all songs.
      folds = SentioData.Folds(of: songs, count: count, grouping: .copies, seed: seed)
    }
    return try SentioClassical.Folds(assignment: folds.assignment(of: ids))
  }
}

extension LabelledTable {
  /// Joins a table of features with a table of labels.
  static func joining(
    features file: String, labels: String, scale: ScaleSource, isQuiet: Bool
  ) throws -> LabelledTable {
    let table = try FeatureTableFile.read(file)
    let labelTable = try LabelTable(csv: URL(filePath: labels), scale: scale)
    if !isQuiet { for warning in labelTable.warnings { Terminal.note("warning: \(warning)") } }
    let joined = try naming(file, and: labels) {
      try table.validate()
      return try table.joined(with: labelTable)
    }
    if !isQuiet, !joined.withoutLabel.isEmpty {
      Terminal.note(
        "\(counted(joined.withoutLabel.count, "song")) of \(file) without a label in \(labels), left out"
      )
    }
    let attributes = Dictionary(
      uniqueKeysWithValues: labelTable.rows.map { ($0.id, $0.attributes) })
    return try LabelledTable(
      joined: joined, corpus: URL(filePath: file).lastPathComponent
    ) { id, point in
      var song = Song(id: id, label: point)
      song.artist = attributes[id]?["artist"]
      song.genres = attributes[id]?["genre"].map { [$0] } ?? []
      return song
    }
  }

  /// Joins a table of features with the labels of a corpus.
  ///
  /// - Parameters:
  ///   - table: the features.
  ///   - file: where they were read; `nil` where the corpus brought them.
  ///   - corpus: the songs and their labels.
  /// - Returns: the songs that have both.
  /// - Throws: ``CommandError`` that names both.
  static func joining(
    features table: FeatureTable, from file: String? = nil, corpus: Corpus
  ) throws -> LabelledTable {
    let joined = try naming(file ?? corpus.root.path, and: corpus.root.path) {
      try table.validate()
      return try table.joined(with: corpus)
    }
    return try LabelledTable(joined: joined, corpus: corpus.name) { id, point in
      corpus.song(id) ?? Song(id: id, label: point)
    }
  }

  /// Puts the files' names before an error of tables that no longer know them.
  private static func naming<Value>(
    _ features: String, and labels: String, _ work: () throws -> Value
  ) throws -> Value {
    do {
      return try work()
    } catch let error as CorpusError {
      if case .nothingInCommon = error { throw CommandError("\(features), \(labels): \(error)") }
      throw CommandError("\(features): \(error)")
    }
  }

  /// Refuses what nothing can be learned from.
  ///
  /// - Throws: ``CommandError`` where there is one song only, or where all songs are alike.
  func checkVariety() throws {
    guard songs.count >= 2 else {
      throw CommandError(
        "\(corpus): \(counted(songs.count, "song")) with features and a label; a model needs at least 2"
      )
    }
    let first = points[0]
    for (dimension, isConstant) in [
      ("valence", points.allSatisfy { $0.valence == first.valence }),
      ("arousal", points.allSatisfy { $0.arousal == first.arousal }),
    ] where isConstant {
      throw CommandError(
        "\(corpus): all \(songs.count) songs have the same \(dimension); there is nothing to learn. Check "
          + "the labels")
    }
    guard design.constantColumns.count < design.columnCount else {
      throw CommandError(
        "\(corpus): every feature is the same for all \(songs.count) songs; there is nothing to learn "
          + "from. Measure the songs again")
    }
  }

  fileprivate init(
    joined: LabelledFeatures, corpus: String, song: (String, ValenceArousal) -> Song
  ) throws {
    guard let scale = joined.labels.first?.scale else {
      throw CommandError("no song has both features and a label; do the ids of both files agree?")
    }
    self.init(
      design: try Design(
        rows: joined.features.ids, columns: joined.features.columns,
        values: joined.features.values),
      points: joined.labels, scale: scale,
      songs: zip(joined.features.ids, joined.labels).map(song), corpus: corpus,
      measurement: nil)
  }
}

/// Tables of features in the forms that `sentio features` and NumPy write.
enum FeatureTableFile {
  /// Reads `name.csv`, or `name.npy` beside `name.columns.txt` and `name.index.csv`, in which
  /// underscores can replace the dots.
  static func read(_ path: String) throws -> FeatureTable {
    let url = URL(filePath: path)
    guard url.pathExtension.lowercased() == "npy" else { return try FeatureTable(csv: url) }
    let stem = url.deletingPathExtension()
    func companion(_ suffix: String, _ endings: [String]) throws -> URL {
      // A folder's tables often share one index, named without the shape and type at the end.
      var name = stem.lastPathComponent
      while true {
        for separator in [".", "_"] {
          for ending in endings {
            let file = stem.deletingLastPathComponent()
              .appending(path: "\(name)\(separator)\(suffix).\(ending)")
            if FileManager.default.fileExists(atPath: file.path) { return file }
          }
        }
        guard let cut = name.lastIndex(of: "_") else { break }
        name = String(name[..<cut])
      }
      throw CommandError(
        "\(path): a .npy table needs \(stem.lastPathComponent).\(suffix).\(endings[0]) beside it")
    }
    return try FeatureTable(
      npy: url, index: try companion("index", ["csv"]),
      columns: try companion("columns", ["txt"]))
  }
}
