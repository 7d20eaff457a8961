import ArgumentParser
import Foundation
import SentioRegistry

/// `sentio runs`: the registry of trained models.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List, compare and promote trained models.",
    discussion: """
      sentio run and sentio train register what they trained. A run is named by its number, its version or a \
      beginning of the version that fits one run only.
        sentio runs list
        sentio runs show vit-base-v1.0
        sentio runs compare vit-base-v1.1 vit-base-v1.0
        sentio runs promote vit-base-v1.1
        sentio runs drift ridge-features-v1.0 --features new-songs.csv
      The registry is one SQLite file: --registry, else the environment's SENTIO_REGISTRY, else \
      Reports/registry.sqlite. Any number of processes may use it at once.
      """,
    subcommands: [
      RunsListCommand.self, RunsShowCommand.self, RunsCompareCommand.self,
      RunsPromoteCommand.self, RunsDeprecateCommand.self, RunsReferenceCommand.self,
      RunsDriftCommand.self, RunsPruneCommand.self,
    ])
}

/// Where the registry is.
struct RegistryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The registry's file; by default that of SENTIO_REGISTRY, else Reports/registry.sqlite.",
      valueName: "file"))
  var registry: String?

  /// Opens the registry for a command that reads or changes what is there.
  ///
  /// - Throws: `CommandError` where there is none: a mistyped path must not become an empty registry.
  func open() throws -> Registry {
    let file = registry.map { URL(filePath: $0) } ?? Registry.defaultFile
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw CommandError(
        "\(file.path): there is no registry; sentio run and sentio train make it when they finish a "
          + "model, or name another with --registry")
    }
    return try Registry.open(at: file)
  }
}
