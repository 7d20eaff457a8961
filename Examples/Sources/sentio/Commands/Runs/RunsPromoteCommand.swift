import ArgumentParser
import Foundation
import SentioMetrics
import SentioRegistry

/// `sentio runs promote`: into production, through the regression gate.
struct RunsPromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Put a model into production if it is no worse than the one there.",
    discussion: """
      The mean CCC of both models on the songs that both were tested on is compared in pairs. The new model is \
      held back (exit code 1) where the whole 95 % interval of the difference lies below zero, or, with \
      --margin, where a loss beyond the margin can't be ruled out. The model that it replaces becomes \
      deprecated. --force promotes all the same, and the record says so.
      """)

  @Argument(help: ArgumentHelp("The run to promote.", valueName: "run"))
  var reference: String
  @Option(help: "How much CCC may be lost for sure, such as 0.02.")
  var margin: Double?
  @Flag(help: "Promote against the gate; the record says so.")
  var force = false
  @Option(help: "What the record says beside the verdict.")
  var note = ""
  @OptionGroup var options: RegistryOptions
  @Option(help: "Number of bootstrap resamples.")
  var resamples = 10_000
  @Option(help: "Seed of the resampling.")
  var seed: UInt64 = 1
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    try checkResamples(resamples)
    guard (0...2).contains(margin ?? 0) else {
      throw ValidationError("--margin must lie between 0 and 2.")
    }
  }

  func run() throws {
    let outcome = try options.open().promote(
      reference, margin: margin, force: force, note: note,
      resampling: Resampling(count: resamples, seed: seed))
    if json { try Terminal.printJSON(outcome) }
    guard outcome.isPromoted else {
      throw CommandError(
        "\(outcome.run.version): held back: \(outcome.reason). --force promotes it all the same")
    }
    guard !json else { return }
    print("\(outcome.run.version): production\(outcome.wasForced ? ", forced" : "")")
    print(outcome.reason)
    if let replaced = outcome.replaced { print("\(replaced.version): deprecated") }
  }
}

/// `sentio runs deprecate`: no longer to be used.
struct RunsDeprecateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deprecate", abstract: "Mark a model as no longer to be used.")

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var reference: String
  @Option(help: "Why; the record says it.")
  var note = ""
  @OptionGroup var options: RegistryOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws { try mark(reference, as: .deprecated, note, options, json) }
}

/// `sentio runs reference`: kept to compare with.
struct RunsReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Keep a model to compare others with.")

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var reference: String
  @Option(help: "Why; the record says it.")
  var note = ""
  @OptionGroup var options: RegistryOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws { try mark(reference, as: .reference, note, options, json) }
}

private func mark(
  _ run: String, as status: ModelStatus, _ note: String, _ options: RegistryOptions, _ json: Bool
) throws {
  let marked = try options.open().mark(run, as: status, reason: note)
  if json { return try Terminal.printJSON(marked) }
  print("\(marked.version): \(marked.status.rawValue)")
}
