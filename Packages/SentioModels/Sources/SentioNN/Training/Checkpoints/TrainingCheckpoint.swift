import Foundation
import SentioTensor

/// A file that a training left: weights, buffers, the optimizer's moments, averages, and where it stood.
///
/// The file is safetensors. The model's tensors stand under their own paths, so that it can also be read
/// as a model file with unexpected names tolerated; everything else stands under `training.`.
///
/// ```swift
/// let checkpoint = try TrainingCheckpoint(contentsOf: folder.appending(path: "best.safetensors"))
/// try checkpoint.load(into: &model)
/// print(checkpoint.epoch, checkpoint.measures["ccc"] ?? .nan)
/// ```
public struct TrainingCheckpoint: Sendable {
  /// Which weights are wanted.
  public enum Weights: String, Sendable, Hashable {
    /// Those that were validated: their average where the training kept one.
    case validated
    /// Those that training goes on with.
    case trained
  }

  let file: Safetensors
  let state: TrainingState

  static let prefix = "training."
  private static let optimizerPrefix = prefix + "optimizer."
  private static let averagePrefix = prefix + "average."
  private static let stateKey = "sentio.training"

  /// Opens a checkpoint.
  ///
  /// - Parameter url: the file.
  /// - Throws: `FileError`, `SafetensorsError`, and ``TrainingError`` where it is no checkpoint.
  public init(contentsOf url: URL) throws {
    file = try Safetensors(contentsOf: url)
    guard let text = file.metadata[Self.stateKey] else {
      throw TrainingError.damagedCheckpoint(
        path: url.path, part: "metadata", expected: "an entry \(Self.stateKey)",
        found: file.metadata.keys.sorted().joined(separator: ", "))
    }
    do {
      state = try TrainingState(encoded: text)
    } catch {
      throw TrainingError.damagedCheckpoint(
        path: url.path, part: Self.stateKey, expected: "the state of a training",
        found: "\(error)")
    }
    guard state.version == TrainingState.currentVersion else {
      throw TrainingError.damagedCheckpoint(
        path: url.path, part: "version", expected: "\(TrainingState.currentVersion)",
        found: "\(state.version)")
    }
    guard state.isSound else {
      throw TrainingError.damagedCheckpoint(
        path: url.path, part: Self.stateKey, expected: "natural numbers, a record for each epoch",
        found: "epoch \(state.epoch), batch \(state.batch), step \(state.optimizerSteps), "
          + "\(state.history.count) records")
    }
  }

  /// Epochs that were over.
  public var epoch: Int { state.epoch }
  /// Updates that were made.
  public var step: Int { state.optimizerSteps }
  /// The validation's measures of the last epoch that was over; empty before the first one's end.
  public var measures: [String: Double] { state.history.last?.validation ?? [:] }
  /// What the epochs came to.
  public var history: [EpochRecord] { state.history }
  /// The text that the training's settings put into it.
  public var metadata: [String: String] {
    file.metadata.filter { $0.key != Self.stateKey && $0.key != "format" }
  }

  /// Writes the weights into a model: all, or none where something does not fit.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - weights: which weights.
  /// - Throws: `FileError`, `SafetensorsError`, ``StateError``.
  public func load<Model: Module>(
    into model: inout Model, weights: Weights = .validated
  ) throws {
    var values: [String: Tensor] = [:]
    for name in file.names where !name.hasPrefix(Self.prefix) {
      let average = "\(Self.averagePrefix)of.\(name)"
      let wanted =
        weights == .validated && file.tensors[average] != nil ? average : name
      values[name] = try file.tensor(wanted)
    }
    try model.load(values, from: file.url.path)
  }

  /// Writes a checkpoint, whole or not at all.
  static func write<Model: Module>(
    _ state: TrainingState, model: Model, optimizer: Optimizer, average: WeightAverage?,
    metadata: [String: String], to url: URL
  ) throws {
    var state = state
    state.optimizerSteps = optimizer.step
    var contents: [Safetensors.Content] = []
    for (path, tensor) in model.stateDictionary {
      precondition(!path.hasPrefix(prefix), "a path must not begin with \(prefix): \(path)")
      contents.append(Safetensors.Content(path, tensor))
    }
    contents += optimizer.contents(prefix: optimizerPrefix)
    contents += average?.contents(prefix: averagePrefix) ?? []
    var table = metadata
    table["format"] = "pt"
    table[stateKey] = try state.encoded()
    try Safetensors.write(contents, metadata: table, to: url)
  }

  /// Gives an optimizer and an average what they had.
  func restore<Model: Module>(
    _ optimizer: inout Optimizer, _ average: inout WeightAverage?, of model: Model
  ) throws {
    try optimizer.restore(from: file, prefix: Self.optimizerPrefix, for: model)
    try average?.restore(from: file, prefix: Self.averagePrefix, for: model)
  }
}
