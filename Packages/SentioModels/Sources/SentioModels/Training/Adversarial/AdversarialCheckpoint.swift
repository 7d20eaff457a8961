import Foundation
import SentioNN
import SentioTensor

/// A file that adversarial training left: both networks, both optimizers' moments, and where it stood.
///
/// The file is safetensors. Tensors of the networks stand under `generator.` and `discriminator.`, everything else under
/// `training.`.
public struct AdversarialCheckpoint: Sendable {
  private let file: Safetensors
  let state: AdversarialState

  private static let prefix = "training."
  private static let stateKey = "sentio.adversarial"

  /// Opens a checkpoint.
  ///
  /// - Parameter url: the file.
  /// - Throws: `FileError`, `SafetensorsError`, and `TrainingError` where it is no checkpoint.
  public init(contentsOf url: URL) throws {
    file = try Safetensors(contentsOf: url)
    func damage(_ part: String, _ expected: String, _ found: String) -> TrainingError {
      .damagedCheckpoint(path: url.path, part: part, expected: expected, found: found)
    }
    guard let text = file.metadata[Self.stateKey] else {
      throw damage(
        "metadata", "an entry \(Self.stateKey)", file.metadata.keys.sorted().joined(separator: ", ")
      )
    }
    do {
      state = try JSONDecoder().decode(AdversarialState.self, from: Data(text.utf8))
    } catch {
      throw damage(Self.stateKey, "the state of adversarial training", "\(error)")
    }
    guard state.version == AdversarialState.currentVersion else {
      throw damage("version", "\(AdversarialState.currentVersion)", "\(state.version)")
    }
    guard state.isSound else {
      throw damage(
        Self.stateKey, "natural numbers, a record for each epoch",
        "epoch \(state.epoch), batch \(state.batch), \(state.history.count) records")
    }
  }

  /// Epochs that were over.
  public var epoch: Int { state.epoch }
  /// What the epochs came to.
  public var history: [AdversarialEpoch] { state.history }
  /// The text that the training's settings put into it.
  public var metadata: [String: String] {
    file.metadata.filter { $0.key != Self.stateKey && $0.key != "format" }
  }

  /// Writes the weights into networks of the same sizes: all, or none where something does not fit.
  ///
  /// - Parameter networks: the networks.
  /// - Throws: `FileError`, `SafetensorsError`, `StateError`.
  public func load(into networks: inout AdversarialNetworks) throws {
    var values: [String: Tensor] = [:]
    for name in file.names where !name.hasPrefix(Self.prefix) {
      values[name] = try file.tensor(name)
    }
    try networks.load(values, from: file.url.path)
  }

  static func write(
    _ state: AdversarialState, _ networks: AdversarialNetworks, generator: Optimizer,
    discriminator: Optimizer, metadata: [String: String], to url: URL
  ) throws {
    var contents = networks.stateDictionary.map { Safetensors.Content($0, $1) }
    contents += generator.contents(prefix: "\(prefix)generator.")
    contents += discriminator.contents(prefix: "\(prefix)discriminator.")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var table = metadata
    table["format"] = "pt"
    table[stateKey] = String(decoding: try encoder.encode(state), as: UTF8.self)
    try Safetensors.write(contents, metadata: table, to: url)
  }

  func restore(
    generator: inout Optimizer, discriminator: inout Optimizer, of networks: AdversarialNetworks
  ) throws {
    try generator.restore(
      from: file, prefix: "\(Self.prefix)generator.", for: networks.generator)
    try discriminator.restore(
      from: file, prefix: "\(Self.prefix)discriminator.", for: networks.discriminator)
  }
}

/// Everything of adversarial training but tensors.
struct AdversarialState: Sendable, Codable {
  /// The epoch in progress.
  struct Sums: Sendable, Codable, Hashable {
    var discriminatorLoss = 0.0
    var generatorLoss = 0.0
    var accuracy = 0.0
    var discriminatorNorm = 0.0
    var generatorNorm = 0.0
    var discriminatorUpdates = 0
    var generatorUpdates = 0
    var batches = 0
    var samples = 0
    var seconds = 0.0
  }

  /// The layout of checkpoints that this version writes, and the only one that it reads.
  static let currentVersion = 1

  var version = Self.currentVersion
  /// Settings without which the run would not go on bit for bit.
  var identity: [String: String]
  /// Epochs that are over.
  var epoch = 0
  /// Batches of the next epoch that are done.
  var batch = 0
  var sums = Sums()
  /// The discriminator's accuracy over the last batches, where a ceiling asks for it.
  var recentAccuracy: Double?
  var bestEpoch: Int?
  var history: [AdversarialEpoch] = []
  var end: AdversarialEnd?

  /// Whether the numbers can be those of a training.
  var isSound: Bool {
    epoch >= 0 && epoch == history.count && (0...Int(Int32.max)).contains(batch)
      && sums.batches >= 0 && (bestEpoch.map { (1...max(1, epoch)).contains($0) } ?? true)
  }

  init(identity: [String: String]) { self.identity = identity }
}
