import Foundation
import SentioTensor

/// The annotation and metadata files of a synthetic corpus, as DEAM's download has them.
struct SyntheticAnnotations {
  private static let average = "annotations/annotations averaged per song/"
  private static let each = "annotations/annotations per each rater/"
  private static let dynamic = "dynamic (per second annotations)/"

  /// Folders below the corpus that must exist.
  static let folders = [
    average + "song_level", average + dynamic, each + "song_level", each + dynamic + "arousal",
    each + dynamic + "valence", "metadata",
  ]

  private var labels = "song_id, valence_mean, valence_std, arousal_mean, arousal_std\n"
  private var ratings = "workerID, SongId, Valence, Arousal\n"
  private var metadata = CSVWriter(columns: ["song_id", "artist", "album", "title", "Genre"])
  private var valence: String
  private var arousal: String
  private let columns: String

  init(duration: Double) {
    let count = Int((duration - RaterPanel.firstSample) * Double(RaterPanel.samplesPerSecond))
    columns = (0..<max(count, 0)).map { ",sample_\(15_000 + 500 * $0)ms" }.joined() + "\n"
    valence = "song_id" + columns
    arousal = valence
  }

  /// Adds a song's rows, and writes its raters' continuous ratings.
  mutating func add(_ song: SyntheticCorpus.Song, below root: URL) throws {
    let (v, a) = (
      song.opinions.map { Double($0.valence) }, song.opinions.map { Double($0.arousal) }
    )
    labels += "\(song.id),\(Self.moments(v)),\(Self.moments(a))\n"
    for opinion in song.opinions {
      ratings += "\(opinion.rater), \(song.id), \(opinion.valence), \(opinion.arousal)\n"
    }
    valence += "\(song.id)" + Self.row(Self.mean(song.opinions.map(\.valenceTrace)))
    arousal += "\(song.id)" + Self.row(Self.mean(song.opinions.map(\.arousalTrace)))
    metadata.append([
      "\(song.id)", song.artist.name, "Sentio synthetic \(song.artist.index)", song.title,
      song.artist.genre.metadataLabel,
    ])
    for (name, path) in [
      ("arousal", \RaterPanel.Opinion.arousalTrace), ("valence", \.valenceTrace),
    ] {
      let rows = song.opinions.map { $0.rater + Self.row($0[keyPath: path]) }.joined()
      let file = root.appending(path: Self.each + Self.dynamic + "\(name)/\(song.id).csv")
      try AtomicFile.write("WorkerId" + columns + rows, to: file)
    }
  }

  /// Writes the tables of all songs.
  func write(below root: URL) throws {
    func file(_ path: String) -> URL { root.appending(path: path) }
    try AtomicFile.write(
      labels, to: file(Self.average + "song_level/static_annotations_averaged_songs_1_2000.csv"))
    try AtomicFile.write(valence, to: file(Self.average + Self.dynamic + "valence.csv"))
    try AtomicFile.write(arousal, to: file(Self.average + Self.dynamic + "arousal.csv"))
    try AtomicFile.write(
      ratings, to: file(Self.each + "song_level/static_annotations_songs_1_2000.csv"))
    try metadata.write(to: file("metadata/metadata_2014.csv"))
  }

  /// Mean and population standard deviation, as DEAM rounds them.
  private static func moments(_ values: [Double]) -> String {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return decimal(mean, digits: 2) + "," + decimal(variance.squareRoot(), digits: 2)
  }

  private static func mean(_ traces: [[Double]]) -> [Double] {
    guard let first = traces.first else { return [] }
    return first.indices.map { k in
      traces.reduce(0) { $0 + $1[k] } / Double(traces.count)
    }
  }

  private static func row(_ values: [Double]) -> String {
    values.map { "," + decimal($0, digits: 6) }.joined() + "\n"
  }

  /// Fixed-point text from integer arithmetic: the same in every locale and C library.
  static func decimal(_ value: Double, digits: Int) -> String {
    var unit = 1
    for _ in 0..<digits { unit *= 10 }
    let scaled = Int((value * Double(unit)).rounded())
    let fraction = String(scaled.magnitude % UInt(unit))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return (scaled < 0 ? "-" : "") + "\(scaled.magnitude / UInt(unit)).\(zeros)\(fraction)"
  }
}
