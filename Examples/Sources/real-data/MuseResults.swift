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

  let results: [RepeatedResult]
  let correlations: [Correlation]

  /// - Parameters:
  ///   - folder: the folder with `All_annotations.csv` and `audio/`.
  ///   - repetitions: how often the cross-validation is repeated.
  /// - Throws: what reading, decoding and fitting throw.
  init(folder: URL, repetitions: Int) async throws {
    let corpus = try Corpus.open(folder)
    try corpus.validate(requiring: [.audio, .labels])
    var results: [RepeatedResult] = []
    var correlations: [Correlation] = []
    for set in FeatureSet.all {
      let features = try await Self.features(set, of: corpus.songs)
      results += try RepeatedResult.crossValidated(
        features, corpus.songs, name: set.identifier, grouping: .copies, repetitions: repetitions,
        families: [
          .ridge,
          .supportVector(
            columnCount: features.columnCount, widths: [0.1, 0.3, 1], costs: [1, 3, 10, 30],
            epsilon: 0.5),
          .boostedTrees(depths: [3]),
        ])
      if set == .extended { correlations = try Self.correlations(features, corpus.songs) }
    }
    self.results = results
    self.correlations = correlations
  }

  private static func features(_ set: FeatureSet, of songs: [Song]) async throws -> FeatureTable {
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
      "### muse, from the audio, grouped 5-fold", "", RepeatedResult.table(results),
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
