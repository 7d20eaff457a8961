import Foundation
import SentioClassical
import SentioData
import SentioMetrics

/// Rows of features with the labels of the same songs.
struct LabelledDesign {
  let design: Design
  let targets: Targets
  let labels: [ValenceArousal]

  init(_ features: FeatureTable, _ songs: [Song]) throws {
    let table = try features.selecting(ids: songs.map(\.id))
    labels = songs.map { $0.label! }
    design = try Design(rows: table.ids, columns: table.columns, values: table.values)
    targets = try Targets(labels, rows: table.ids)
  }
}

/// A model's scores in cross-validation that was repeated with other folds.
///
/// Every song is predicted once a repetition, by a model that saw neither it nor, in its fit or in
/// the choice of its settings, any song of its fold.
struct RepeatedResult: Encodable {
  let name: String
  let model: String
  let songCount: Int
  /// Scores of each repetition over all songs together.
  let pooled: [EmotionMetrics]
  /// R² averaged over the folds, valence and arousal, one a repetition.
  let foldMeans: [[Double]]
  /// Bootstrap intervals of the first repetition.
  let intervals: EmotionIntervals

  /// Cross-validates families of models and their average.
  ///
  /// - Parameters:
  ///   - features: features of all songs.
  ///   - songs: songs with labels.
  ///   - name: the name of the table's rows.
  ///   - grouping: what stays together.
  ///   - fixedFolds: folds to use instead, one number a song.
  ///   - repetitions: how often, with other folds.
  ///   - families: the models.
  /// - Returns: one result a family, then the average's.
  /// - Throws: what the fits throw.
  static func crossValidated(
    _ features: FeatureTable, _ songs: [Song], name: String, grouping: SongGrouping,
    fixedFolds: [Int]? = nil,
    repetitions: Int, families: [Family]
  ) throws -> [RepeatedResult] {
    let all = try LabelledDesign(features, songs)
    let names = HeldOutPredictions.names(of: families)
    var runs = names.map { _ in [Run]() }
    for seed in 0..<UInt64(repetitions) {
      let outer = try SentioClassical.Folds(
        assignment: fixedFolds
          ?? SentioData.Folds(
            of: songs, count: 5, stratification: .none, grouping: grouping, seed: seed
          ).assignment(of: songs.map(\.id)))
      var values = names.map { _ in [Double](repeating: .nan, count: 2 * songs.count) }
      for fold in 0..<outer.count {
        let rows = outer.training(fold)
        let inner = try SentioData.Folds(
          of: rows.map { songs[$0] }, count: 5, stratification: .none, grouping: grouping,
          seed: 1000 + seed
        ).assignment(of: rows.map { songs[$0].id })
        let held = outer.heldOut(fold)
        let result = try HeldOutPredictions(
          of: all.design.selectingRows(held), training: all.design.selectingRows(rows),
          all.targets.selectingRows(rows), folds: .init(assignment: inner), families: families)
        for (model, predictions) in result.predictions.enumerated() {
          for (place, row) in held.enumerated() {
            for output in 0..<2 {
              values[model][2 * row + output] = predictions.values[2 * place + output]
            }
          }
        }
      }
      for model in names.indices {
        let points = stride(from: 0, to: values[model].count, by: 2).map {
          ValenceArousal(
            valence: values[model][$0], arousal: values[model][$0 + 1], scale: all.labels[0].scale)
        }
        runs[model].append(Run(points: points, folds: (0..<outer.count).map(outer.heldOut)))
      }
    }
    return try names.indices.map {
      try RepeatedResult(name: name, model: names[$0], labels: all.labels, runs: runs[$0])
    }
  }

  /// One repetition: every song predicted once.
  struct Run {
    /// The predictions, in the songs' order, on the labels' scale.
    let points: [ValenceArousal]
    /// The positions of each fold's songs.
    let folds: [[Int]]
  }

  /// Scores repetitions.
  ///
  /// - Parameters:
  ///   - name: the name of the table's rows.
  ///   - model: the model's name.
  ///   - labels: the truth, in the songs' order.
  ///   - runs: the repetitions.
  /// - Throws: what the metrics throw.
  init(name: String, model: String, labels: [ValenceArousal], runs: [Run]) throws {
    self.name = name
    self.model = model
    songCount = labels.count
    let scale = labels[0].scale
    func score(_ points: [ValenceArousal], _ rows: [Int]) throws -> EmotionMetrics {
      try EmotionMetrics(
        prediction: rows.map { points[$0] }, truth: rows.map { labels[$0] }, scale: scale)
    }
    pooled = try runs.map { try score($0.points, Array(labels.indices)) }
    foldMeans = try runs.map { run in
      let folds = try run.folds.map { try score(run.points, $0) }
      return [
        mean(folds.map(\.valence.coefficientOfDetermination)),
        mean(folds.map(\.arousal.coefficientOfDetermination)),
      ]
    }
    intervals = try EmotionIntervals(
      prediction: runs[0].points, truth: labels, scale: scale,
      metrics: [.coefficientOfDetermination, .concordanceCorrelation])
  }

  /// A table: means over the repetitions with their deviation, and the first one's interval.
  static func table(_ results: [RepeatedResult]) -> String {
    let count = results.first?.pooled.count ?? 0
    var lines = [
      "n = \(results.first?.songCount ?? 0), \(count) repetitions with other folds. Pooled R² and "
        + "CCC: mean ± deviation over repetitions; in brackets the 95 % bootstrap interval of the "
        + "first repetition; last, R² averaged over folds.", "",
      "| | model | valence R² | valence CCC | by fold | arousal R² | arousal CCC | by fold |",
      "|---|---|---|---|---|---|---|---|",
    ]
    for result in results {
      let cells = EmotionDimension.allCases.enumerated().flatMap { index, dimension in
        let scores = result.pooled.map { dimension == .valence ? $0.valence : $0.arousal }
        let limits = (dimension == .valence ? result.intervals.valence : result.intervals.arousal)[
          .coefficientOfDetermination]!
        return [
          spread(scores.map(\.coefficientOfDetermination))
            + String(format: " [%.3f, %.3f]", limits.lower, limits.upper),
          spread(scores.map(\.concordanceCorrelation)),
          spread(result.foldMeans.map { $0[index] }),
        ]
      }
      lines.append(
        "| \(result.name) | \(result.model) | " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// The sample deviation; 0 of a single value.
func deviation(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 0 }
  let center = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  return (squares / Double(values.count - 1)).squareRoot()
}

/// Mean and sample deviation: `0.357 ± 0.012`.
func spread(_ values: [Double]) -> String {
  guard values.count > 1 else { return String(format: "%.3f", values.first ?? .nan) }
  return String(format: "%.3f ± %.3f", mean(values), deviation(values))
}
