import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor

/// Genre classifiers judged twice: on songs that they never heard, and on segments of songs that they have heard.
///
/// Each clip gives five segments. Divided by song, all five stand on one side; divided by segment, a test segment's
/// neighbours from the same recording are in the training part, and recognizing the recording is enough.
struct GenreResults: Encodable {
  /// A network under one kind of division.
  struct Row: Encodable {
    let network: String
    let parameters: Int
    let isLeaky: Bool
    /// The share of right segments of each repetition's test part.
    let accuracies: [Double]
    /// The share of right songs, by the mean of their segments' probabilities; empty for divisions by segment, which
    /// leave no whole song.
    let songAccuracies: [Double]
    /// 95 % bootstrap interval of the first repetition's accuracy, over songs.
    let lower: Double
    let upper: Double
    /// Seconds of an epoch, in the mean.
    let secondsPerEpoch: Double
  }

  let corpus: String
  let songCount: Int
  let segmentCount: Int
  let genres: [String]
  let rows: [Row]

  /// - Parameters:
  ///   - corpus: songs with audio and genres; those that stay together are marked as copies.
  ///   - repetitions: how often, with other divisions and other weights.
  ///   - scratch: a folder for records of songs.
  /// - Throws: what decoding and training throw.
  init(_ corpus: Corpus, repetitions: Int, scratch: URL) throws {
    let songs = corpus.songs
    let frontEnd = NetworkFrontEnd(.segments(SegmentInput(duration: 5.8)))
    let inputs = try CorpusInputs(
      songs, frontEnd: frontEnd, store: scratch.appending(path: "segments"))
    let genres = inputs.genres
    let samples = inputs.genres(among: genres)
    var rows: [Row] = []
    for isLeaky in [false, true] {
      for architecture in [NetworkArchitecture.mlp, .cnn, .lstm, .gru, .rnn] {
        let runs = try (0..<UInt64(repetitions)).map { seed in
          try Run(
            architecture, frontEnd, samples, songs: songs, genres: genres, isLeaky: isLeaky,
            seed: seed)
        }
        let limits = try runs[0].interval()
        rows.append(
          Row(
            network: architecture.rawValue, parameters: runs[0].parameters, isLeaky: isLeaky,
            accuracies: runs.map(\.accuracy),
            songAccuracies: isLeaky ? [] : runs.map(\.songAccuracy),
            lower: limits.lower, upper: limits.upper,
            secondsPerEpoch: mean(runs.map(\.secondsPerEpoch))))
      }
    }
    self.corpus = corpus.name
    songCount = songs.count
    segmentCount = samples.count
    self.genres = genres
    self.rows = rows
  }

  /// One training and its test.
  private struct Run {
    let parameters: Int
    let secondsPerEpoch: Double
    /// For each song of the test part its segments' outcomes.
    let outcomes: [String: [Bool]]
    /// For each song of the test part whether its segments together are right.
    let songOutcomes: [Bool]

    var accuracy: Double {
      let all = outcomes.values.flatMap { $0 }
      return Double(all.count { $0 }) / Double(all.count)
    }
    var songAccuracy: Double { Double(songOutcomes.count { $0 }) / Double(songOutcomes.count) }

    init(
      _ architecture: NetworkArchitecture, _ frontEnd: NetworkFrontEnd, _ samples: TrainingSongs,
      songs: [Song], genres: [String], isLeaky: Bool, seed: UInt64
    ) throws {
      var recipe = NetworkRecipe(architecture)
      recipe.input = frontEnd
      recipe.training.seed = 100 + seed
      // The document makes an optimizer of rate 0.0001 and then trains with another, Keras's default of 0.001.
      recipe.training.learningRate = 1e-3
      let ids = samples.source.ids
      func song(_ sample: Int) -> String {
        String(ids[sample][..<ids[sample].lastIndex(of: "#")!])
      }
      // A fifth is the test, and a fifth of the rest ends the training.
      let folds: [[Int]]
      if isLeaky {
        var stream = RandomStream(seed: seed, "segments")
        let order = stream.permutation(ids.count)
        folds = (0..<5).map { fold in order.indices.filter { $0 % 5 == fold }.map { order[$0] } }
      } else {
        let bySong = SentioData.Folds(
          of: songs, count: 5, stratification: .none, grouping: .copies, seed: seed)
        folds = bySong.folds.map { part in
          let part = Set(part)
          return ids.indices.filter { part.contains(song($0)) }
        }
      }
      let start = ContinuousClock.now
      let result = try NetworkTraining(recipe).train(
        on: samples.selecting(folds[2...].flatMap { $0 }.sorted()),
        validation: samples.selecting(folds[1]), outputs: genres)
      secondsPerEpoch =
        (ContinuousClock.now - start) / .seconds(max(1, result.history.count))
      parameters = result.file.network.parameterCount.total
      let test = samples.selecting(folds[0])
      let data = InputBatches(
        test.source, targets: test.targets,
        frontEnd: try result.file.configuration.networkFrontEnd()!,
        batchSize: 64)
      let next = data.batches(epoch: 0, from: 0)
      var outcomes: [String: [Bool]] = [:]
      var sums: [String: (probabilities: [Double], truth: Int)] = [:]
      while let batch = try next() {
        let probabilities = result.file.network(batch.inputs, lengths: batch.lengths).softmax(
          axis: 1)
        let values = probabilities.scalars.map(Double.init)
        let truth = batch.targets.scalars
        for (row, id) in batch.ids.enumerated() {
          let range = row * genres.count..<(row + 1) * genres.count
          let (own, right) = (Array(values[range]), Self.largest(truth[range].map(Double.init)))
          let name = String(id[..<id.lastIndex(of: "#")!])
          outcomes[name, default: []].append(Self.largest(own) == right)
          let sum = sums[name]?.probabilities ?? own.map { _ in 0 }
          sums[name] = (zip(sum, own).map(+), right)
        }
      }
      self.outcomes = outcomes
      songOutcomes = sums.values.map { Self.largest($0.probabilities) == $0.truth }
    }

    private static func largest(_ values: [Double]) -> Int {
      values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    }

    /// Songs are drawn anew, with all their segments.
    func interval() throws -> ConfidenceInterval {
      let songs = outcomes.sorted { $0.key < $1.key }.map(\.value)
      return try BootstrapDistribution(sampleCount: songs.count) { drawn in
        let (right, all) = drawn.reduce((0, 0)) {
          ($0.0 + songs[$1].count { $0 }, $0.1 + songs[$1].count)
        }
        return Double(right) / Double(all)
      }.interval()
    }
  }

  /// The table of `Docs/Results.md`.
  var markdown: String {
    var lines = [
      "### \(corpus): genre classifiers, five segments a clip", "",
      "n = \(songCount) clips, \(segmentCount) segments, \(genres.count) genres (chance "
        + String(format: "%.3f", 1 / Double(genres.count))
        + "); \(rows[0].accuracies.count) repetitions with other divisions and weights: mean ± deviation; in brackets "
        + "the 95 % bootstrap interval over songs of the first.", "",
      "| network | parameters | by song: segments right | by song: songs right | by segment (leaky): segments right | s an epoch |",
      "|---|---|---|---|---|---|",
    ]
    for row in rows where !row.isLeaky {
      let leaky = rows.first { $0.isLeaky && $0.network == row.network }!
      lines.append(
        "| \(row.network) | \(row.parameters) | \(Self.cell(row)) | \(spread(row.songAccuracies)) | "
          + "\(Self.cell(leaky)) | " + String(format: "%.2f |", row.secondsPerEpoch))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func cell(_ row: Row) -> String {
    spread(row.accuracies) + String(format: " [%.3f, %.3f]", row.lower, row.upper)
  }
}
