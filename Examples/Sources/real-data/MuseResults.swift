import Foundation
import SentioDSP
import SentioData
import SentioMetrics

/// Real clips from the audio to the prediction, with this project's own features.
struct MuseResults: Encodable {
  /// How one feature goes with the labels over all clips.
  struct Correlation: Encodable {
    let feature: String
    let meaning: String
    let valence: Double
    let arousal: Double
  }

  /// Pairs of clips that are one recording, which stay in one fold.
  let copies: [[String]]
  let results: [RepeatedResult]
  /// Every genre predicted by models that heard the other nine.
  let unheardGenres: [RepeatedResult]
  let correlations: [Correlation]

  /// - Parameters:
  ///   - folder: the folder with `All_annotations.csv` and `audio/`.
  ///   - repetitions: how often the cross-validation is repeated.
  /// - Throws: what reading, decoding and fitting throw.
  init(folder: URL, repetitions: Int) async throws {
    let (corpus, extended, copies) = try await Self.corpusWithFeatures(folder)
    self.copies = copies
    let songs = corpus.songs
    let genres = Set(songs.compactMap(\.genre)).sorted()
    let genreOfSong = songs.map { song in genres.firstIndex { $0 == song.genre } ?? genres.count }
    let genreTable = FeatureTable(
      ids: songs.map(\.id), columns: genres.map { "is \($0)" },
      values: genreOfSong.flatMap { own in genres.indices.map { $0 == own ? 1 : 0 } })
    var unheard: [RepeatedResult] = []
    var results = try RepeatedResult.crossValidated(
      genreTable, songs, name: "the genre's name alone", grouping: .copies,
      repetitions: repetitions, families: [.ridge])
    for set in FeatureSet.all {
      let features = set == .extended ? extended : try await Self.features(set, of: songs)
      results += try RepeatedResult.crossValidated(
        features, songs, name: set.identifier, grouping: .copies, repetitions: repetitions,
        families: Self.families(features.columnCount))
      unheard += try RepeatedResult.crossValidated(
        features, songs, name: set.identifier, grouping: .copies, fixedFolds: genreOfSong,
        repetitions: 1, families: Self.families(features.columnCount))
    }
    self.results = results
    unheardGenres = unheard
    correlations = try Self.correlations(extended, songs)
  }

  /// What is tried on clips of a few hundred, whose labels run from −10 to 10.
  static func families(_ columnCount: Int) -> [Family] {
    [
      .ridge,
      .supportVector(
        columnCount: columnCount, widths: [0.1, 0.3, 1], costs: [1, 3, 10, 30], epsilon: 0.5),
      .boostedTrees(depths: [3]),
    ]
  }

  /// The corpus, with clips that are one recording marked.
  static func corpus(_ folder: URL) async throws -> Corpus {
    try await corpusWithFeatures(folder).0
  }

  private static func corpusWithFeatures(
    _ folder: URL
  ) async throws -> (Corpus, extended: FeatureTable, copies: [[String]]) {
    var corpus = try Corpus.open(folder)
    try corpus.validate(requiring: [.audio, .labels])
    let extended = try await features(.extended, of: corpus.songs)
    // The clips descend from GTZAN, which holds some recordings twice. Their distances lie below 0.14,
    // those of all other pairs above 0.29.
    let copies = try extended.nearCopies(threshold: 0.2)
    corpus.markCopies(copies)
    return (corpus, extended, copies.map(\.songs))
  }

  static func features(_ set: FeatureSet, of songs: [Song]) async throws -> FeatureTable {
    let extractor = try FeatureExtractor(set: set)
    let values = try await AudioDecoder().decodeAll(songs.map { $0.audio! }) { _, audio in
      try extractor.extract(audio.get().samples, sampleRate: 22_050, parallelism: .serial)
    }
    return FeatureTable(ids: songs.map(\.id), columns: set.names, values: values.flatMap { $0 })
  }

  private static func correlations(
    _ features: FeatureTable, _ songs: [Song]
  ) throws -> [Correlation] {
    let meanings = [
      ("rms_mean", "loudness: mean root mean square"),
      ("onset_strength_mean", "mean rise of the mel levels"),
      ("onset_density", "onsets per second"),
      ("pulse_clarity", "how steady the beat is"),
      ("spectral_centroid_mean", "brightness"),
      ("low_energy", "part of soft frames"),
      ("triad_mode_mean", "major against minor chords"),
      ("key_mode", "major against minor key"),
    ]
    return try meanings.map { column, meaning in
      let values = features.column(features.columns.firstIndex(of: column)!).map(Double.init)
      return Correlation(
        feature: column, meaning: meaning,
        valence: try spearmanCorrelation(values, songs.map { $0.label!.valence }),
        arousal: try spearmanCorrelation(values, songs.map { $0.label!.arousal }))
    }
  }

  /// The tables of `Docs/Results.md`.
  var markdown: String {
    var lines = [
      "### muse, from the audio, grouped 5-fold", "",
      "Kept together as one recording: "
        + copies.map { $0.joined(separator: " = ") }.joined(separator: "; ") + ".", "",
      RepeatedResult.table(results), "### muse, each genre by models of the other nine", "",
      RepeatedResult.table(unheardGenres),
      "### muse: single features beside the labels (Spearman's ρ, n = \(results[0].songCount))", "",
      "| feature | | valence | arousal |", "|---|---|---|---|",
    ]
    for row in correlations {
      lines.append(
        "| `\(row.feature)` | \(row.meaning) | "
          + String(format: "%+.2f | %+.2f |", row.valence, row.arousal))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
