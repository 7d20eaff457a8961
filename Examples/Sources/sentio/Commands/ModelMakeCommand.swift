import ArgumentParser
import Foundation
import SentioDSP
import SentioInterchange
import SentioModels
import SentioNN
import SentioTensor

/// Which network, and of what size, from the command line.
struct NetworkSizesOptions: ParsableArguments {
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

  @OptionGroup var options: NetworkSizesOptions
  @Option(help: "What the weights are drawn from.")
  var seed: UInt64 = 1
  @Flag(
    help:
      "Store the front end that makes such an input of sound, for --embed-front-end of an export.")
  var frontEnd = false
  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String

  func run() throws {
    try OutputFile.check(output)
    guard let settings = try options.resolved() else {
      throw CommandError(
        "--network is missing: name one of \(NetworkSettings.names.joined(separator: ", "))")
    }
    var stream = RandomStream(seed: seed, "weights")
    var file = NetworkFile(settings.makeNetwork(from: &stream), .init(settings))
    if frontEnd { try file.configuration.setFrontEnd(try Self.frontEnd(settings)) }
    try file.write(to: URL(filePath: output))
    Terminal.note(
      "\(output): \(settings.title), \(file.network.parameterCount.total) parameters")
  }

  /// The report's front end, or AST's, in the size that the network takes.
  private static func frontEnd(_ settings: NetworkSettings) throws -> NetworkFrontEnd {
    let shape = settings.inputShape
    switch settings {
    case .visionTransformer, .visionClassifier, .visionEmotion, .mobileViT, .mobileClassifier,
      .mobileStudent:
      let size = HeightWidth(height: shape[1], width: shape[2])
      return NetworkFrontEnd(.spectrogram(SpectrogramInput(form: .picture(size))))
    case .audioEmotion, .spectrogramCRNN:
      let frontEnd = FrontEnd(melBands: shape[1])
      let samples = (shape[2] - 1) * frontEnd.hopLength
      return NetworkFrontEnd(
        .spectrogram(
          SpectrogramInput(
            duration: Double(samples) / frontEnd.sampleRate, frontEnd: frontEnd)))
    case .audioTransformer, .audioClassifier, .publishedAudioEmotion:
      var frontEnd = ASTFrontEnd()
      (frontEnd.frameCount, frontEnd.melCount) = (shape[0], shape[1])
      return NetworkFrontEnd(.filterBank(frontEnd))
    default:
      throw CommandError("--front-end: \(settings.title) takes no spectrogram; leave it out")
    }
  }
}
