import ArgumentParser
import Foundation
import SentioRegistry

/// `sentio runs prune`: forget old runs.
struct RunsPruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Forget old runs; what was ever promoted stays.",
    discussion: """
      Kept are the newest of each type of model, what is in production or a reference, and what ever was.
      """)

  @Option(help: "How many of the newest of each type of model stay.")
  var keep = 10
  @Flag(help: "Delete their files too, where they are still what was registered.")
  var files = false
  @Flag(help: "Only say what would go.")
  var dryRun = false
  @OptionGroup var options: RegistryOptions
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard keep >= 0 else { throw ValidationError("--keep must be at least 0.") }
  }

  func run() throws {
    let outcome = try options.open().prune(keep: keep, deleteFiles: files, isDryRun: dryRun)
    if json { return try Terminal.printJSON(outcome) }
    let verb = dryRun ? "would forget" : "forgot"
    for run in outcome.runs { print("\(verb) \(run.version) (run \(run.id))") }
    for file in outcome.files { print("\(dryRun ? "would delete" : "deleted") \(file)") }
    for file in outcome.leftFiles {
      print("left \(file): changed since, or of a run that stays")
    }
    if outcome.runs.isEmpty { Terminal.note("nothing to forget") }
  }
}
