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
        "\(songs.count) songs are too few for \(count) folds of at least 2; use --folds "
          + "\(max(2, songs.count / 2)) or more songs")
    }
    let artists = Set(songs.map { $0.artist ?? "song \($0.id)" }).count
    let originals = songs.count { $0.copyOf == nil }
    guard originals >= count else {
      throw CommandError(
        "\(originals) songs without their copies are too few for \(count) folds")
    }
    let folds = SentioData.Folds(
      of: songs, count: count, grouping: artists >= 2 * count ? .artist : .copies, seed: seed)
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
    try table.validate()
    let joined = try table.joined(with: labelTable)
    if !isQuiet, !joined.withoutLabel.isEmpty {
      Terminal.note(
        "\(joined.withoutLabel.count) songs of \(file) have no label and are left out")
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
  static func joining(features table: FeatureTable, corpus: Corpus) throws -> LabelledTable {
    try table.validate()
    return try LabelledTable(joined: table.joined(with: corpus), corpus: corpus.name) { id, point in
      corpus.song(id) ?? Song(id: id, label: point)
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
