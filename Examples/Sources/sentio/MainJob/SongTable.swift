import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioTensor

/// The songs of a run with their features and labels, as the stage `features` leaves them to the others.
///
/// `features.csv` has the numbers, `songs.json` everything else.
enum SongTable {
  private static let featureFile = "features.csv"
  private static let songFile = "songs.json"

  private struct Listing: Codable {
    var corpus: String
    var scale: EmotionScale
    /// Whether the labels of 2013 were exchanged; nil where the question does not arise.
    var wasCorrected: Bool?
    var measurement: SongMeasurement?
    var failures: [String: String]
    var songs: [Entry]
  }

  private struct Entry: Codable {
    var id: String
    var valence: Double
    var arousal: Double
    var genres: [String]
    var artist: String?
    var title: String?
    var edition: String?
    var copyOf: String?
    /// Below the corpus's folder where it lies in there.
    var audio: String?
  }

  static func write(
    _ table: LabelledTable, wasCorrected: Bool?, root: URL?, into folder: URL
  ) throws {
    try FeatureTable(
      ids: table.ids, columns: table.design.columns, values: table.design.values
    ).write(csv: folder.appending(path: featureFile))
    let prefix = root.map { $0.standardizedFileURL.path + "/" }
    let entries = zip(table.songs, table.points).map { song, point in
      var audio = song.audio?.standardizedFileURL.path
      if let path = audio, let prefix, path.hasPrefix(prefix) {
        audio = String(path.dropFirst(prefix.count))
      }
      return Entry(
        id: song.id, valence: point.valence, arousal: point.arousal, genres: song.genres,
        artist: song.artist, title: song.title, edition: song.edition, copyOf: song.copyOf,
        audio: audio)
    }
    try StageFile.write(
      Listing(
        corpus: table.corpus, scale: table.scale, wasCorrected: wasCorrected,
        measurement: table.measurement, failures: table.failures, songs: entries),
      to: folder.appending(path: songFile))
  }

  /// - Parameters:
  ///   - folder: the stage's folder.
  ///   - root: the corpus's folder.
  /// - Returns: the table as it was written.
  /// - Throws: ``CommandError`` or `TableError`.
  static func read(from folder: URL, root: URL?) throws -> LabelledTable {
    let listing = try StageFile.read(Listing.self, from: folder.appending(path: songFile))
    let features = try FeatureTable(csv: folder.appending(path: featureFile))
    let points = listing.songs.map {
      ValenceArousal(valence: $0.valence, arousal: $0.arousal, scale: listing.scale)
    }
    let songs = zip(listing.songs, points).map { entry, point in
      var song = Song(
        id: entry.id,
        audio: entry.audio.map {
          $0.hasPrefix("/") ? URL(filePath: $0) : (root ?? URL(filePath: "/")).appending(path: $0)
        },
        label: point, genres: entry.genres, artist: entry.artist, title: entry.title)
      song.edition = entry.edition
      song.copyOf = entry.copyOf
      return song
    }
    return LabelledTable(
      design: try Design(rows: features.ids, columns: features.columns, values: features.values),
      points: points, scale: listing.scale, songs: songs, corpus: listing.corpus,
      measurement: listing.measurement, failures: listing.failures)
  }

  static func wasCorrected(in folder: URL) throws -> Bool? {
    try StageFile.read(Listing.self, from: folder.appending(path: songFile)).wasCorrected
  }
}

/// JSON that one stage writes and another reads.
enum StageFile {
  static func write(_ value: some Encodable, to url: URL) throws {
    try AtomicFile.write(Terminal.jsonEncoder().encode(value), to: url)
  }

  static func read<Value: Decodable>(_ type: Value.Type, from url: URL) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(type, from: Data(contentsOf: url))
    } catch {
      throw CommandError("\(url.path): can't be read as a stage wrote it (\(error))")
    }
  }
}
