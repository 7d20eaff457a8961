import ArgumentParser
import Foundation
import SentioRegistry
import SentioReport

/// `sentio runs drift`: whether new songs are like the training songs.
struct RunsDriftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Check whether new songs are like those that a model was trained on.",
    discussion: """
      Every feature is tested by itself (Kolmogorov-Smirnov after Holm's correction, and the population stability \
      index for its size) and all together (songs farther out than 97.5 % of the training songs). A model's error \
      is not looked at.
        sentio features new-songs --output new.csv
        sentio runs drift ridge-features-v1.0 --features new.csv
      """)

  @Argument(help: "The model; one that was trained on a table of features.")
  var model: String
  @Option(help: ArgumentHelp("The new songs' features: CSV or .npy.", valueName: "file"))
  var features: String
  @Option(help: "The probability below which a change counts as real.")
  var alpha = 0.01
  @OptionGroup var options: RegistryOptions
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard alpha > 0, alpha < 1 else {
      throw ValidationError("--alpha must lie between 0 and 1.")
    }
  }

  func run() throws {
    let table = try FeatureTableFile.read(features)
    try table.validate()
    let check = try options.open().drift(
      of: model, in: FeatureSample(columns: table.columns, rows: table.values.map(Double.init)),
      alpha: alpha)
    if json { return try Terminal.printJSON(check) }
    let drift = check.drift
    print(
      "\(check.run.version): \(drift.verdict.rawValue)\n\(counted(drift.newCount, "new song")) beside "
        + "\(drift.referenceCount) training songs, \(counted(drift.features.count, "feature"))")
    print(
      "\(drift.outliers.count) (\(fixed(100 * drift.outliers.share, 1)) %) lie farther out than 97.5 % of the "
        + "training songs, p \(probability(drift.outliers.probability))")
    let moved = drift.features.filter { $0.state != .stable }
    print("\(counted(moved.count, "feature")) moved")
    if !moved.isEmpty {
      print(
        ReportTable(
          caption: "", header: ["feature", "state", "shift (deviations)", "index", "p (Holm)"],
          rows: moved.prefix(20).map {
            [
              $0.name, $0.state.rawValue, fixed($0.shift, 2), fixed($0.stabilityIndex, 2),
              probability($0.correctedProbability),
            ]
          }, proseColumns: [1]
        ).plainText())
    }
    if !check.missingColumns.isEmpty {
      Terminal.note(
        "not compared, because \(features) lacks them: "
          + check.missingColumns.prefix(5).joined(separator: ", ")
          + (check.missingColumns.count > 5 ? " and \(check.missingColumns.count - 5) more" : ""))
    }
  }
}
