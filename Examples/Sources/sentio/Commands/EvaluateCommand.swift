import ArgumentParser
import Foundation
import SentioData
import SentioMetrics
import SentioReport

/// `sentio evaluate`: every metric of a table of predictions, with intervals.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judge predictions against labels: every metric with its 95 % interval.",
    discussion: """
      Both files are CSV with the columns song_id,valence,arousal; the scale is inferred or stands in a \
      column 'scale'. CCC is the concordance correlation over all songs with population moments. \
      Intervals are percentile bootstraps over songs.
        sentio evaluate --predictions predictions.csv --truth labels.csv --groups genres.csv
      """)

  @Option(help: ArgumentHelp("CSV with song_id,valence,arousal.", valueName: "csv"))
  var predictions: String
  @Option(help: ArgumentHelp("CSV with the labels: song_id,valence,arousal.", valueName: "csv"))
  var truth: String
  @Option(
    help: ArgumentHelp(
      "CSV with song_id and one more column, such as genre; each group is judged by itself.",
      valueName: "csv"))
  var groups: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The scale of the labels, such as 1..9; inferred by default.", valueName: "low..high"),
    transform: parseScale)
  var scale: EmotionScale?
  @Option(help: "Number of bootstrap resamples.")
  var resamples = 10_000
  @Option(help: "Seed of the resampling.")
  var seed: UInt64 = 1
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard resamples >= 100 else {
      throw ValidationError("--resamples must be at least 100 for an interval to mean anything.")
    }
  }

  func run() throws {
    let labels = try LabelTable(
      csv: URL(filePath: truth), scale: scale.map(ScaleSource.known) ?? .inferred)
    if !json { for warning in labels.warnings { Terminal.note("warning: \(warning)") } }
    let judged = try JudgedPredictions(predictions: predictions, truth: labels, truthFile: truth)
    let resampling = Resampling(count: resamples, seed: seed)
    let intervals = try EmotionIntervals(
      prediction: judged.predictions, truth: judged.truth, scale: judged.scale,
      resampling: resampling)
    let quadrants = try QuadrantBreakdown(
      prediction: judged.predictions, truth: judged.truth, scale: judged.scale)
    let breakdown = try groups.map {
      try GroupBreakdown(
        prediction: judged.predictions, truth: judged.truth,
        groups: try GroupColumn(csv: $0).groups(of: judged.ids), scale: judged.scale)
    }
    if json {
      try Terminal.printJSON(EvaluationOutput(judged, intervals, quadrants, breakdown))
    } else {
      printTables(judged, intervals, quadrants, breakdown)
    }
  }

  private func printTables(
    _ judged: JudgedPredictions, _ intervals: EmotionIntervals, _ quadrants: QuadrantBreakdown,
    _ groups: GroupBreakdown?
  ) {
    print("\(judged.ids.count) songs, labels and errors on \(judged.scale.notation)\n")
    func cell(_ value: ConfidenceInterval?) -> String {
      value.map {
        "\(fixed($0.estimate, 3)) (\(fixed($0.lower, 3)) – \(fixed($0.upper, 3)))"
      } ?? "–"
    }
    print(
      ReportTable(
        caption: "", header: ["metric", "valence", "arousal", "mean of both"],
        rows: RegressionMetric.allCases.map {
          [
            $0.symbol, cell(intervals.valence[$0]), cell(intervals.arousal[$0]),
            cell(intervals.mean[$0]),
          ]
        }
      ).plainText())
    print("\nIn brackets: 95 % bootstrap interval, \(resamples) resamples of songs.\n")
    print(
      ReportTable(
        caption: "",
        header: ["quadrant", "songs", "MAE valence", "MAE arousal", "right", "most taken for"],
        rows: quadrants.rows.map {
          [
            "Q\($0.quadrant.rawValue) \($0.quadrant.name)", "\($0.count)",
            fixed($0.valenceMeanAbsoluteError, 3), fixed($0.arousalMeanAbsoluteError, 3),
            $0.count > 0 ? "\(fixed(100 * Double($0.correctCount) / Double($0.count), 0)) %" : "–",
            $0.commonestConfusion?.name ?? "–",
          ]
        }
      ).plainText())
    guard let groups else { return }
    print("")
    print(
      ReportTable(
        caption: "",
        header: ["group", "songs", "CCC valence", "CCC arousal", "MAE valence", "MAE arousal", ""],
        rows: groups.rows.map { row in
          [
            row.name, "\(row.count)",
            fixed(row.metrics?.valence.concordanceCorrelation ?? .nan, 3),
            fixed(row.metrics?.arousal.concordanceCorrelation ?? .nan, 3),
            fixed(row.metrics?.valence.meanAbsoluteError ?? .nan, 3),
            fixed(row.metrics?.arousal.meanAbsoluteError ?? .nan, 3),
            row.unscoredReason?.description ?? "",
          ]
        }, proseColumns: [6]
      ).plainText())
  }
}

/// A CSV file that puts songs into groups: an id and one more column.
struct GroupColumn {
  let file: String
  private let groups: [String: String]

  init(csv file: String) throws {
    self.file = file
    let table = try DelimitedTable(
      contentsOf: URL(filePath: file), options: DelimitedTable.Options(separator: .automatic))
    let id = try table.column("song_id", "id", "track_id")
    let preferred = ["group", "genre"].compactMap { table.index(of: $0) }.first
    guard let group = preferred ?? table.header.indices.first(where: { $0 != id }) else {
      throw CommandError("\(file): expected song_id and a column of groups, such as genre")
    }
    groups = Dictionary(
      (0..<table.rowCount).map {
        (table.text(row: $0, column: id), table.text(row: $0, column: group))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The group of every song; songs that the file does not name are in group "unknown".
  func groups(of ids: [String]) throws -> [String] {
    guard ids.contains(where: { groups[$0] != nil }) else {
      throw CommandError("\(file): none of the predicted songs has a group; do the ids agree?")
    }
    return ids.map { groups[$0] ?? "unknown" }
  }
}

/// What `evaluate --json` prints.
private struct EvaluationOutput: Encodable {
  struct QuadrantRow: Encodable {
    var quadrant: String
    var name: String
    var songs: Int
    var valenceMAE: Double?
    var arousalMAE: Double?
    var right: Int
  }
  struct GroupRow: Encodable {
    var name: String
    var songs: Int
    var valenceCCC: Double?
    var arousalCCC: Double?
    var valenceMAE: Double?
    var arousalMAE: Double?
    var unscored: String?
  }
  struct Estimate: Encodable {
    var estimate: Double?
    var lower: Double?
    var upper: Double?
  }

  var songs: Int
  var scale: String
  var level = 0.95
  var valence: [String: Estimate]
  var arousal: [String: Estimate]
  var mean: [String: Estimate]
  var quadrantAccuracy: Double
  var quadrants: [QuadrantRow]
  var groups: [GroupRow]?

  init(
    _ judged: JudgedPredictions, _ intervals: EmotionIntervals, _ quadrants: QuadrantBreakdown,
    _ groups: GroupBreakdown?
  ) {
    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    func estimates(_ intervals: RegressionIntervals) -> [String: Estimate] {
      Dictionary(
        uniqueKeysWithValues: RegressionMetric.allCases.compactMap { metric in
          intervals[metric].map {
            (
              metric.key,
              Estimate(
                estimate: finite($0.estimate), lower: finite($0.lower), upper: finite($0.upper))
            )
          }
        })
    }
    songs = judged.ids.count
    scale = judged.scale.notation
    valence = estimates(intervals.valence)
    arousal = estimates(intervals.arousal)
    mean = estimates(intervals.mean)
    quadrantAccuracy = quadrants.accuracy
    self.quadrants = quadrants.rows.map {
      QuadrantRow(
        quadrant: "Q\($0.quadrant.rawValue)", name: $0.quadrant.name, songs: $0.count,
        valenceMAE: finite($0.valenceMeanAbsoluteError),
        arousalMAE: finite($0.arousalMeanAbsoluteError), right: $0.correctCount)
    }
    self.groups = groups?.rows.map { row in
      GroupRow(
        name: row.name, songs: row.count,
        valenceCCC: row.metrics.flatMap { finite($0.valence.concordanceCorrelation) },
        arousalCCC: row.metrics.flatMap { finite($0.arousal.concordanceCorrelation) },
        valenceMAE: row.metrics.flatMap { finite($0.valence.meanAbsoluteError) },
        arousalMAE: row.metrics.flatMap { finite($0.arousal.meanAbsoluteError) },
        unscored: row.unscoredReason?.description)
    }
  }
}
