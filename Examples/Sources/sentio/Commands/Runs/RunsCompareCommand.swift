import ArgumentParser
import Foundation
import SentioMetrics
import SentioRegistry
import SentioReport

/// `sentio runs compare`: two runs side by side, with a paired test.
struct RunsCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two runs: figures side by side, and a paired test on the songs of both.")

  @Argument(help: "The first run.")
  var first: String
  @Argument(help: "The second run.")
  var second: String
  @OptionGroup var options: RegistryOptions
  @Option(help: "Number of bootstrap resamples and of permutations.")
  var resamples = 10_000
  @Option(help: "Seed of the resampling.")
  var seed: UInt64 = 1
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws { try checkResamples(resamples) }

  func run() throws {
    let comparison = try options.open().compare(
      first, second, resampling: Resampling(count: resamples, seed: seed))
    if json { return try Terminal.printJSON(comparison) }
    print("first   \(comparison.first.version)\nsecond  \(comparison.second.version)\n")
    if !comparison.settings.isEmpty {
      print(
        ReportTable(
          caption: "", header: ["setting", "first", "second"],
          rows: comparison.settings.sorted { $0.key < $1.key }.map {
            [$0.key, $0.value[0] ?? "–", $0.value[1] ?? "–"]
          }
        ).plainText() + "\n")
    }
    print(
      ReportTable(
        caption: "", header: ["figure", "songs", "first", "second"],
        rows: comparison.figures.map { figure in
          [
            "\(figure.name) \(figure.dimension.rawValue)", figure.part.rawValue,
            figure.first.map { fixed($0, 4) } ?? "–", figure.second.map { fixed($0, 4) } ?? "–",
          ]
        }, proseColumns: [1]
      ).plainText())
    guard let paired = comparison.paired else {
      print("\nNo paired test: they were tested on \(comparison.commonSongs) common songs.")
      return
    }
    print("\n\(paired.count) songs that both were tested on, errors on \(paired.scale.notation)")
    print(paired.table.plainText())
  }
}

/// Refuses numbers of resamples that an interval can't be read from.
func checkResamples(_ count: Int) throws {
  guard (100...1_000_000).contains(count) else {
    throw ValidationError("--resamples must lie between 100 and 1000000.")
  }
}
