import ArgumentParser
import Foundation
import SentioRegistry
import SentioReport

/// `sentio runs show`: everything about one run.
struct RunsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print settings, figures, files and decisions of a run.")

  @Argument(
    help: ArgumentHelp("The run's number, version, or a beginning of it.", valueName: "run"))
  var reference: String
  @OptionGroup var options: RegistryOptions
  @Flag(help: "Print JSON, with the values of every epoch.")
  var json = false

  func run() throws {
    let registry = try options.open()
    let details = try registry.details(reference)
    if json { return try Terminal.printJSON(details) }
    let summary = details.summary
    print("\(summary.version)  (run \(summary.id), \(summary.status.rawValue))")
    print("trained   \(day(summary.created))\(summary.seconds.map { ", \(duration($0))" } ?? "")")
    print("command   \(details.command)")
    if let corpus = summary.corpus { print("corpus    \(corpus)") }
    if let hash = details.splitHash { print("split     \(hash)") }
    if let seed = details.seed { print("seed      \(seed)") }
    if !summary.notes.isEmpty { print("notes     \(summary.notes)") }
    for (name, value) in details.settings.sorted(by: { $0.key < $1.key }) {
      print("  \(name) = \(value)")
    }
    if !details.metrics.isEmpty {
      print(
        "\n"
          + ReportTable(
            caption: "", header: ["figure", "songs", "value", "95 % interval", "n"],
            rows: details.metrics.map { metric in
              [
                "\(metric.name) \(metric.dimension.rawValue)", metric.part.rawValue,
                fixed(metric.value, 4),
                metric.lower.flatMap { lower in
                  metric.upper.map { "\(fixed(lower, 3)) – \(fixed($0, 3))" }
                } ?? "–", metric.count.map(String.init) ?? "–",
              ]
            }, proseColumns: [1]
          ).plainText())
    }
    printCurve(details.curve)
    for artifact in details.artifacts {
      let isThere = FileManager.default.fileExists(atPath: registry.location(of: artifact).path)
      print(
        "\(artifact.role)  \(artifact.path)  \(size(artifact.bytes))  sha256 "
          + "\(artifact.sha256.prefix(16))…\(isThere ? "" : "  (not there any more)")")
    }
    for decision in details.decisions {
      print(
        "\(day(decision.at))  \(decision.status.rawValue)\(decision.forced ? ", FORCED" : "")"
          + (decision.reason.isEmpty ? "" : ": \(decision.reason)"))
    }
    print(
      "stored    predictions of \(counted(details.predictionCount, "test song")), training features in "
        + counted(details.trainingColumns, "column"))
  }

  /// First, best and last of every series.
  private func printCurve(_ curve: [CurveValue]) {
    let series = Dictionary(grouping: curve, by: \.series)
    guard !series.isEmpty else { return }
    print(
      "\n"
        + ReportTable(
          caption: "", header: ["logged", "epochs", "first", "smallest", "largest", "last"],
          rows: series.keys.sorted().compactMap { name in
            guard let values = series[name]?.map(\.value), let first = values.first,
              let last = values.last, let smallest = values.min(), let largest = values.max()
            else { return nil }
            return [name, "\(values.count)"]
              + [first, smallest, largest, last].map { fixed($0, 4) }
          }
        ).plainText() + "\n")
  }
}
