import ArgumentParser
import Foundation
import SentioData
import SentioMetrics
import SentioReport

/// `sentio compare`: paired tests of models on the same songs.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Test whether models differ on the same songs.",
    discussion: """
      For every pair: the difference of each metric with its paired bootstrap interval, a permutation \
      test that exchanges the two models' predictions song by song, and McNemar's exact test over songs \
      put into the right quadrant. With more than two models, p-values are corrected by Holm's method.
        sentio compare ridge.csv xgboost.csv --truth labels.csv
      """)

  @Argument(help: "Two or more CSV files of predictions: song_id,valence,arousal.")
  var predictions: [String]
  @Option(help: ArgumentHelp("CSV with the labels: song_id,valence,arousal.", valueName: "csv"))
  var truth: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The scale of the labels, such as 1..9; inferred by default.", valueName: "low..high"),
    transform: parseScale)
  var scale: EmotionScale?
  @Option(help: "Number of bootstrap resamples and of permutations.")
  var resamples = 10_000
  @Option(help: "Seed of the resampling.")
  var seed: UInt64 = 1
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard predictions.count >= 2 else {
      throw ValidationError("Give at least two files of predictions to compare.")
    }
    guard resamples >= 100 else {
      throw ValidationError("--resamples must be at least 100 for an interval to mean anything.")
    }
  }

  func run() throws {
    let labels = try LabelTable(
      csv: URL(filePath: truth), scale: scale.map(ScaleSource.known) ?? .inferred)
    if !json { for warning in labels.warnings { Terminal.note("warning: \(warning)") } }
    let judged = try predictions.map {
      try JudgedPredictions(predictions: $0, truth: labels, truthFile: truth)
    }
    let songs = judged[0].ids
    let models = try zip(predictions, judged).map { file, table in
      let rows = Dictionary(uniqueKeysWithValues: zip(table.ids, table.predictions))
      let missing = songs.filter { rows[$0] == nil }
      guard missing.isEmpty, table.ids.count == songs.count else {
        throw CommandError(
          "\(file) and \(predictions[0]) predict different songs (\(table.ids.count) and "
            + "\(songs.count)\(missing.first.map { "; \($0) is only in one" } ?? "")); paired tests "
            + "need the same songs")
      }
      return PairwiseComparison.Model(name: table.name, prediction: songs.map { rows[$0]! })
    }
    let result = try PairwiseComparison(
      models: models, truth: judged[0].truth, scale: judged[0].scale,
      metrics: [.concordanceCorrelation, .coefficientOfDetermination, .meanSquaredError],
      resampling: Resampling(count: resamples, seed: seed))
    if json {
      try Terminal.printJSON(
        ComparisonOutput(songs: songs.count, scale: judged[0].scale, result: result))
    } else {
      print("\(songs.count) songs, labels on \(judged[0].scale.notation)")
      for pair in result.pairs { printPair(pair) }
    }
  }

  private func printPair(_ pair: PairwiseComparison.Pair) {
    print("\n\(pair.first) – \(pair.second)")
    let comparison = pair.comparison
    print(comparison.table.plainText())
    let test = comparison.quadrants
    print(
      "right quadrant: both \(test.bothCorrect), only \(pair.first) \(test.onlyFirstCorrect), only "
        + "\(pair.second) \(test.onlySecondCorrect), neither \(test.neitherCorrect); McNemar's exact "
        + "p \(equation(test.exactProbability))")
    if predictions.count > 2 {
      let ccc = pair.correctedProbability(of: .concordanceCorrelation) ?? .nan
      print(
        "after Holm's correction over all pairs: mean CCC p \(equation(ccc)), McNemar p "
          + equation(pair.correctedQuadrantProbability))
    }
  }
}

/// A p-value to stand after `p`: `= 0.031`, `< 0.001`.
private func equation(_ p: Double) -> String {
  let text = probability(p)
  return text.hasPrefix("<") ? text : "= \(text)"
}

/// What `compare --json` prints.
private struct ComparisonOutput: Encodable {
  struct Difference: Encodable {
    var first: Double?
    var second: Double?
    var difference: Double?
    var lower: Double?
    var upper: Double?
    var pBootstrap: Double?
    var pPermutation: Double?

    init(_ comparison: MetricComparison) {
      func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
      first = finite(comparison.first)
      second = finite(comparison.second)
      difference = finite(comparison.difference.estimate)
      lower = finite(comparison.difference.lower)
      upper = finite(comparison.difference.upper)
      pBootstrap = finite(comparison.bootstrapProbability)
      pPermutation = finite(comparison.permutationProbability)
    }
  }
  struct Quadrants: Encodable {
    var bothRight: Int
    var onlyFirstRight: Int
    var onlySecondRight: Int
    var neitherRight: Int
    var p: Double
    var pHolm: Double
  }
  struct Pair: Encodable {
    var first: String
    var second: String
    var valence: [String: Difference]
    var arousal: [String: Difference]
    var mean: [String: Difference]
    var pHolm: [String: Double]
    var mcNemar: Quadrants
  }

  var songs: Int
  var scale: String
  var pairs: [Pair]

  init(songs: Int, scale: EmotionScale, result: PairwiseComparison) {
    self.songs = songs
    self.scale = scale.notation
    pairs = result.pairs.map { pair in
      func differences(_ metrics: [MetricComparison]) -> [String: Difference] {
        Dictionary(uniqueKeysWithValues: metrics.map { ($0.metric.key, Difference($0)) })
      }
      let test = pair.comparison.quadrants
      return Pair(
        first: pair.first, second: pair.second, valence: differences(pair.comparison.valence),
        arousal: differences(pair.comparison.arousal), mean: differences(pair.comparison.mean),
        pHolm: Dictionary(
          uniqueKeysWithValues: pair.comparison.mean.compactMap { comparison in
            pair.correctedProbability(of: comparison.metric).flatMap {
              $0.isFinite ? (comparison.metric.key, $0) : nil
            }
          }),
        mcNemar: Quadrants(
          bothRight: test.bothCorrect, onlyFirstRight: test.onlyFirstCorrect,
          onlySecondRight: test.onlySecondCorrect, neitherRight: test.neitherCorrect,
          p: test.exactProbability, pHolm: pair.correctedQuadrantProbability))
    }
  }
}
