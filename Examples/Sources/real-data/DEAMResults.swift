import Foundation
import SentioClassical
import SentioData
import SentioMetrics

/// Song-level features of DEAM, from the public split's training and validation songs to its test songs.
struct DEAMResults: Encodable {
  /// One model's scores for one reading of the labels.
  struct Row: Encodable {
    let labels: LabelRevision
    let model: String
    let intervals: EmotionIntervals
  }

  let trainingCount: Int
  let testCount: Int
  let rows: [Row]
  /// Test songs whose artist also stands in the training part: the public split's own leak.
  let testSongsWithKnownArtist: Int

  /// - Parameter folder: the folder of DEAM.
  /// - Throws: what reading and fitting throw.
  init(folder: URL) throws {
    let features = try Self.features(folder)
    var rows: [Row] = []
    var counts = (training: 0, test: 0, known: 0)
    for revision in [LabelRevision.correctedFor2013, .published] {
      let corpus = try Corpus.open(
        folder, options: .init(labelRevision: revision, findsCopies: false))
      let split = try Split(publishedWith: corpus)
      let songs = try corpus.songs(split.training + split.validation)
      let training = try LabelledDesign(features, songs)
      let test = try LabelledDesign(features, corpus.songs(split.test))
      let folds = SentioData.Folds(of: songs, count: 5, stratification: .none, seed: 1)
      let result = try HeldOutPredictions(
        of: test.design, training: training.design, training.targets,
        folds: .init(assignment: folds.assignment(of: songs.map(\.id))),
        families: Self.families(columnCount: features.columnCount))
      for (name, predictions) in zip(result.names, result.predictions) {
        rows.append(
          Row(
            labels: revision, model: name,
            intervals: try EmotionIntervals(
              prediction: predictions.points(scale: .deam1to9), truth: test.labels,
              scale: .deam1to9, metrics: [.coefficientOfDetermination, .concordanceCorrelation])))
      }
      counts = (training.labels.count, test.labels.count, try split.knownArtists(in: corpus))
    }
    trainingCount = counts.training
    testCount = counts.test
    testSongsWithKnownArtist = counts.known
    self.rows = rows
  }

  static func families(columnCount: Int) -> [Family] {
    [
      .ridge,
      .supportVector(columnCount: columnCount, costs: [0.5, 1, 3, 10], epsilon: 0.2),
      .boostedTrees(depths: [4, 6]),
    ]
  }

  static func features(_ folder: URL) throws -> FeatureTable {
    let folder = folder.appending(path: "features")
    return try FeatureTable(
      npy: folder.appending(path: "song_features_1802x167_f32.npy"),
      index: folder.appending(path: "song_features_index.csv"),
      columns: folder.appending(path: "song_features_columns.txt"))
  }

  /// The tables of `Docs/Results.md`.
  var markdown: String {
    var lines = [
      "### DEAM, public split: \(trainingCount) songs to train and choose, n = \(testCount) to test",
      "",
      "| labels | model | valence R² | valence CCC | arousal R² | arousal CCC |",
      "|---|---|---|---|---|---|",
    ]
    for row in rows {
      let cells = [row.intervals.valence, row.intervals.arousal].flatMap { dimension in
        [RegressionMetric.coefficientOfDetermination, .concordanceCorrelation].map {
          shown(dimension[$0]!)
        }
      }
      lines.append(
        "| \(row.labels.rawValue) | \(row.model) | " + cells.joined(separator: " | ") + " |")
    }
    lines += [
      "", "\(testSongsWithKnownArtist) test songs share an artist with training songs.", "",
    ]
    return lines.joined(separator: "\n")
  }
}

/// Cross-validation over all songs of DEAM with artists kept together: how far chance moves the result.
struct DEAMFolds: Encodable {
  let results: [RepeatedResult]

  /// - Parameters:
  ///   - folder: the folder of DEAM.
  ///   - repetitions: how often, with other folds.
  /// - Throws: what reading and fitting throw.
  init(folder: URL, repetitions: Int) throws {
    let features = try DEAMResults.features(folder)
    results = try [LabelRevision.correctedFor2013, .published].flatMap { revision in
      let corpus = try Corpus.open(
        folder, options: .init(labelRevision: revision, findsCopies: false))
      return try RepeatedResult.crossValidated(
        features, corpus.songs, name: revision.rawValue, grouping: .artist,
        repetitions: repetitions,
        families: [
          .ridge,
          .supportVector(
            columnCount: features.columnCount, widths: [0.3], costs: [1, 3], epsilon: 0.2),
          .boostedTrees(depths: [5]),
        ])
    }
  }

  /// The table of `Docs/Results.md`.
  var markdown: String {
    "### DEAM, all songs, 5 folds with artists kept together\n\n" + RepeatedResult.table(results)
  }
}

extension Split {
  /// Test songs by an artist who also stands in the training or validation part.
  fileprivate func knownArtists(in corpus: Corpus) throws -> Int {
    let trained = try Set(corpus.songs(training + validation).compactMap(\.artist))
    return try corpus.songs(test).count { song in song.artist.map(trained.contains) ?? false }
  }
}

/// An estimate with its limits: `0.512 [0.431, 0.580]`.
func shown(_ interval: ConfidenceInterval) -> String {
  String(format: "%.3f [%.3f, %.3f]", interval.estimate, interval.lower, interval.upper)
}
