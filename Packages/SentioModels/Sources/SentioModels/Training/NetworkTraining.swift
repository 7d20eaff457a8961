import Foundation
import SentioClassical
import SentioMetrics
import SentioNN
import SentioTensor

/// Trains the network of a recipe on songs, in a folder that a later run goes on with.
///
/// ```swift
/// let training = try NetworkTraining(NetworkRecipe(.ast))
/// let result = try training.train(on: songs, validation: others, labelScale: .deam1to9, folder: folder)
/// try result.file.write(to: URL(filePath: "ast.sentio"))
/// ```
public struct NetworkTraining: Sendable {
  /// What the training depends on beside the songs.
  public let recipe: NetworkRecipe
  /// The weights to start from; nil for random ones.
  public let pretrained: NetworkFile?

  /// What came of a training.
  public struct Result: Sendable {
    /// The best epoch's network with all that is needed to use it.
    public var file: NetworkFile
    /// What the epochs came to.
    public var history: [EpochRecord]
    /// The best epoch, from 1; nil before the first one's end.
    public var bestEpoch: Int?
    /// Why training ended; after a cancelled one the same call goes on.
    public var end: TrainingEnd
  }

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - recipe: what the training depends on beside the songs.
  ///   - pretrained: a network whose weights the new one starts with, by their names: such as an imported
  ///     `VisionTransformer` for the emotion regressor on top of one. Position embeddings are interpolated to the
  ///     recipe's size; a head of another shape starts anew.
  /// - Throws: ``RecipeError`` for the first setting that is out of range.
  public init(_ recipe: NetworkRecipe, pretrained: NetworkFile? = nil) throws {
    try recipe.validate()
    self.recipe = recipe
    self.pretrained = pretrained
  }

  /// Trains the network, or goes on with the training that a folder holds.
  ///
  /// - Parameters:
  ///   - songs: what is learned from.
  ///   - validation: what the epochs are measured on; nil for none.
  ///   - outputs: what the outputs mean: `valence` and `arousal`, or the genres.
  ///   - labelScale: the scale of the songs' labels; nil for genres.
  ///   - provenance: where the songs come from; counts and scores are added.
  ///   - folder: where checkpoints and logs go; nil keeps nothing.
  ///   - startsOver: whether a training in the folder is removed rather than gone on with.
  ///   - isCancelled: asked after every update whether to stop.
  ///   - onEvent: told of progress, on the thread that trains.
  /// - Returns: the network's file, and how training went.
  /// - Throws: `TrainingError`, ``RecipeError`` where a pattern of ``TrainingRecipe/freeze`` means no parameter,
  ///   ``PretrainingError`` and `StateError` where pretrained weights do not fit, `FileError`.
  public func train(
    on songs: TrainingSongs, validation: TrainingSongs? = nil,
    outputs: [String] = ["valence", "arousal"], labelScale: EmotionScale? = nil,
    provenance: Provenance = Provenance(), folder: URL? = nil, startsOver: Bool = false,
    isCancelled: () -> Bool = { false }, onEvent: (TrainingEvent) -> Void = { _ in }
  ) throws -> Result {
    let isForGenres = recipe.architecture.isForGenres
    var recipe = recipe.fitted(genres: isForGenres ? outputs.count : nil)
    if recipe.standardizes, recipe.input.standardization == nil, recipe.input.takesStandardization {
      recipe.input.standardization = FeatureStandardization(of: songs.source)
    }
    if let folder { try RecipeRecord(recipe).check(in: folder, startsOver: startsOver) }
    var stream = RandomStream(seed: recipe.training.seed, "weights")
    var network = try startingNetwork(recipe.network.makeNetwork(from: &stream), of: recipe)
    try recipe.training.freeze(&network)
    let outcome = try run(
      network, recipe, songs, validation, outputs: outputs, folder: folder, startsOver: startsOver,
      isCancelled: isCancelled, onEvent: onEvent)
    var configuration = NetworkFile.Configuration(
      recipe.network, outputs: outputs, labelScale: labelScale, provenance: provenance)
    try configuration.setFrontEnd(recipe.input)
    configuration.provenance.rowCount = songs.count
    configuration.provenance.seed = recipe.training.seed
    configuration.provenance.notes["recipe"] = RecipeRecord.text(recipe)
    if let best = outcome.bestEpoch, outcome.history.indices.contains(best - 1) {
      configuration.provenance.notes["epoch"] = "\(best) of \(outcome.history.count)"
      for (name, value) in outcome.history[best - 1].validation where value.isFinite {
        configuration.provenance.scores["validation.\(name)"] = value
      }
    }
    return Result(
      file: NetworkFile(outcome.network, configuration), history: outcome.history,
      bestEpoch: outcome.bestEpoch, end: outcome.end)
  }

  private typealias Outcome = (
    network: any Layer, history: [EpochRecord], bestEpoch: Int?, end: TrainingEnd
  )

  private func run<Network: Layer>(
    _ network: Network, _ recipe: NetworkRecipe, _ songs: TrainingSongs,
    _ validation: TrainingSongs?, outputs: [String], folder: URL?, startsOver: Bool,
    isCancelled: () -> Bool, onEvent: (TrainingEvent) -> Void
  ) throws -> Outcome {
    let training = recipe.training
    let data = songs.batches(recipe, seed: training.seed)
    // The unfreezing plan is for weights that have something to give from the first epoch on.
    let plan = pretrained == nil ? nil : training.plan(blocks: recipe.network.blockCount)
    let trainer = Trainer(
      training.objective(outputs: outputs) as SupervisedObjective<Network>,
      optimizer: training.makeOptimizer(updatesPerEpoch: data.updates(by: training.accumulation)),
      settings: training.settings(plan: plan),
      augmentation: recipe.augmentation.augmentation(of: recipe.input))
    let outcome = try trainer.train(
      network, on: data, validation: validation?.batches(recipe, seed: nil), folder: folder,
      startsOver: startsOver, isCancelled: isCancelled, onEvent: onEvent)
    var best = outcome.best
    best.unfreeze()
    return (best, outcome.history, outcome.bestEpoch, outcome.end)
  }

  /// The network with the pretrained weights in it.
  private func startingNetwork(_ network: any Layer, of recipe: NetworkRecipe) throws -> any Layer {
    guard let pretrained else { return network }
    var network = network
    let own = network.stateDictionary
    let paths = Set(own.keys)
    var state: [String: Tensor] = [:]
    let places = PositionPlaces(pretrained.configuration.network)
    for (name, value) in pretrained.network.stateDictionary {
      // A bare transformer stands below the head's network, under the name that checkpoints give it.
      for path in [name, "vit." + name, "audio_spectrogram_transformer." + name] {
        guard let shape = own[path]?.shape else { continue }
        if shape == value.shape {
          state[path] = value
        } else if path.hasSuffix("position_embeddings") {
          state[path] = places?.resized(value, to: PositionPlaces(recipe.network)) ?? value
        } else if !Self.isOfHead(path) {
          // Told below, with both shapes.
          state[path] = value
        }
        break
      }
    }
    // What the new network's blocks are made of must all be there; heads may be its own.
    let lacking = paths.filter { $0.contains("encoder.") && state[$0] == nil }.sorted()
    guard !state.isEmpty, lacking.isEmpty else {
      throw PretrainingError(
        found: pretrained.configuration.network.title, expected: self.recipe.network.title,
        missing: lacking.first ?? "all weights")
    }
    try network.load(state, from: "the pretrained network", tolerating: [.missing])
    return network
  }

  /// Whether a parameter belongs to what turns features into outputs.
  private static func isOfHead(_ path: String) -> Bool {
    path.hasPrefix("head.") || path.hasPrefix("classifier.")
  }

  /// The measures of a network on songs, in the recipe's way: `loss`, `ccc`, `r2`, … or `accuracy`, `f1`, ….
  ///
  /// - Parameters:
  ///   - file: a network that the recipe trained.
  ///   - songs: songs that it has not seen.
  /// - Returns: the measures by name.
  /// - Throws: what keeps the songs from being read.
  public static func measures(
    of file: NetworkFile, on songs: TrainingSongs
  ) throws -> [String: Double] {
    guard let frontEnd = try file.configuration.networkFrontEnd() else { return [:] }
    let data = InputBatches(songs.source, targets: songs.targets, frontEnd: frontEnd, batchSize: 16)
    return try measures(of: file.network, file.configuration, on: data)
  }

  /// A network's outputs for songs, in the songs' order.
  ///
  /// - Parameters:
  ///   - file: a network with its front end.
  ///   - songs: the songs.
  /// - Returns: `[samples, C]`: emotions on the unit scale, or logits.
  /// - Throws: what keeps the songs from being read.
  public static func outputs(of file: NetworkFile, on songs: TrainingSongs) throws -> Tensor {
    guard let frontEnd = try file.configuration.networkFrontEnd(), songs.count > 0 else {
      return Tensor.zeros([0, songs.targets.shape[1]])
    }
    let data = InputBatches(songs.source, targets: songs.targets, frontEnd: frontEnd, batchSize: 16)
    let next = data.batches(epoch: 0, from: 0)
    var parts: [Tensor] = []
    while let batch = try next() {
      parts.append(file.outputs(for: batch.inputs, lengths: batch.lengths))
    }
    return Tensor.concatenate(parts, axis: 0)
  }

  private static func measures<Network: Layer>(
    of network: Network, _ configuration: NetworkFile.Configuration, on data: InputBatches
  ) throws -> [String: Double] {
    var loss = Loss.meanSquaredError
    if case .classes = configuration.network.outputKind { loss = .crossEntropy() }
    var meter = SupervisedObjective<Network>(loss: loss, outputs: configuration.outputs) {
      $0($1.inputs, lengths: $1.lengths)
    }.makeMeter()
    let next = data.batches(epoch: 0, from: 0)
    while let batch = try next() { try meter.add(batch, under: network) }
    return meter.measures
  }
}

/// Weights that are not those of the network that should start with them.
public struct PretrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What the weights are of.
  public let found: String
  /// What they should start.
  public let expected: String
  /// The first parameter that they lack.
  public let missing: String

  /// What does not fit, and what would.
  public var description: String {
    "weights of a \(found) cannot start a \(expected): \(missing) is missing; import a network of the same kind "
      + "and as many blocks, or give the recipe its sizes"
  }
}

extension NetworkFrontEnd {
  /// Whether inputs can be standardized by the training songs.
  var takesStandardization: Bool {
    switch input {
    case .sequence, .segments: true
    case .spectrogram, .filterBank: false
    }
  }
}

extension TrainingSongs {
  func batches(_ recipe: NetworkRecipe, seed: UInt64?) -> InputBatches {
    InputBatches(
      source, targets: targets, frontEnd: recipe.input, batchSize: recipe.training.batchSize,
      seed: seed)
  }
}

extension InputBatches {
  func updates(by accumulation: Int) -> Int {
    max(1, (batchesPerEpoch + accumulation - 1) / accumulation)
  }
}

extension NetworkSettings {
  /// The blocks of a transformer; 0 for other networks.
  var blockCount: Int {
    switch self {
    case .visionTransformer(let sizes), .visionClassifier(let sizes, _), .visionEmotion(let sizes):
      sizes.transformer.layers
    case .audioTransformer(let sizes), .audioClassifier(let sizes, _),
      .publishedAudioEmotion(let sizes):
      sizes.transformer.layers
    case .audioEmotion(let sizes): sizes.transformer.layers
    case .mobileStudent(let sizes): sizes.transformer.layers
    default: 0
    }
  }
}
