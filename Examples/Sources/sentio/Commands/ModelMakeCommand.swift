import ArgumentParser
import Foundation
import SentioInterchange
import SentioModels
import SentioNN
import SentioTensor

/// Which network, and of what size, from the command line.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network: \(NetworkSettings.names.joined(separator: ", ")).", valueName: "name"))
  var network: String?
  @Option(
    help: ArgumentHelp(
      "Sizes that are not the published ones: a JSON file, or JSON such as '{\"transformer\": {\"layers\": 2}}'.",
      valueName: "json"))
  var settings: String?
  @Option(help: "The logits of networks that have some.")
  var labels = 10

  func validate() throws {
    guard (1...1_000_000).contains(labels) else {
      throw ValidationError("--labels must be from 1 to 1000000.")
    }
    if network == nil && settings != nil { throw ValidationError("--settings needs --network.") }
  }

  /// The settings; nil where no network is named.
  func resolved() throws -> NetworkSettings? {
    guard let network else { return nil }
    var changes: [String: any Sendable] = [:]
    if let settings {
      let text =
        settings.hasPrefix("{")
        ? Data(settings.utf8)
        : try MappedFile(contentsOf: URL(filePath: settings)).withUnsafeBytes { bytes in
          Data(bytes.prefix(1 << 20))
        }
      let value = try? JSONSerialization.jsonObject(with: text)
      guard let table = value as? [String: any Sendable] else {
        throw CommandError(
          "--settings: \(settings.prefix(80)) is no JSON object, nor a file of one")
      }
      changes = table
    }
    return try NetworkSettings(named: network, changes: changes, labels: labels)
  }
}

/// `sentio model make`: a network of random weights.
struct ModelMakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Make a network of random weights, to measure it or to try an export.",
    discussion: """
        sentio model make --network mobileStudent --output student.sentio
        sentio model make --network visionEmotion --settings '{"transformer": {"layers": 2}}' --output small.sentio
      """)

  @OptionGroup var options: NetworkOptions
  @Option(help: "What the weights are drawn from.")
  var seed: UInt64 = 1
  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String

  func run() throws {
    try OutputFile.check(output)
    guard let settings = try options.resolved() else {
      throw CommandError(
        "--network is missing: name one of \(NetworkSettings.names.joined(separator: ", "))")
    }
    var stream = RandomStream(seed: seed, "weights")
    let file = NetworkFile(settings.makeNetwork(from: &stream), .init(settings))
    try file.write(to: URL(filePath: output))
    Terminal.note(
      "\(output): \(settings.title), \(file.network.parameterCount.total) parameters")
  }
}
