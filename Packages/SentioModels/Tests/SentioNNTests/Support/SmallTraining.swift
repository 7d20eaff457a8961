import Foundation
import SentioNN
import SentioTensor

/// A short training in which everything takes part that a resumed one must restore.
enum SmallTraining {
  static let training = SampleBatches(samples(53, seed: 3), batchSize: 8, seed: 4)
  static let validation = SampleBatches(samples(31, seed: 5), batchSize: 8)

  static var settings: TrainingSettings {
    var settings = TrainingSettings(epochs: 6, seed: 9)
    settings.accumulation = 2
    settings.monitor = .concordance
    settings.average = WeightAverage(decay: 0.9)
    settings.plateau = PlateauReduction(reduction: 0.5, patience: 0, threshold: 0.2)
    settings.earlyStopping = EarlyStopping(patience: 50)
    settings.checkpoints = CheckpointPolicy(top: 2, updateInterval: 3)
    return settings
  }

  static var trainer: Trainer<SupervisedObjective<SmallNetwork>> {
    trainer(settings)
  }

  static func trainer(_ settings: TrainingSettings) -> Trainer<SupervisedObjective<SmallNetwork>> {
    Trainer(
      SupervisedObjective(loss: .huber(), outputs: ["valence", "arousal"]) { $0($1.inputs) },
      optimizer: Optimizer(
        .adam(usesLargestSquare: true),
        learningRate: .cosine(0.02, over: 40, minimum: 1e-3).warmedUp(over: 5, from: 0.1),
        decay: .decoupled(0.01), clipping: .norm(0.5)),
      settings: settings, augmentation: .mixup(alpha: 0.4))
  }

  static let model = SmallNetwork(inputs: 5, hidden: 7, outputs: 2, seed: 8)

  /// Trains in a folder, or goes on there.
  @discardableResult
  static func run(
    in folder: URL?, _ settings: TrainingSettings = settings,
    isCancelled: () -> Bool = { false }, onEvent: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainingOutcome<SmallNetwork> {
    try trainer(settings).train(
      model, on: training, validation: validation, folder: folder, isCancelled: isCancelled,
      onEvent: onEvent)
  }

  /// What must be the same however often a training was interrupted; times are not.
  struct Result: Equatable {
    let last: [String: [UInt32]]
    let best: [String: [UInt32]]
    let bestEpoch: Int?
    let losses: [UInt64]
    let measures: [[String: UInt64]]
    let rates: [Double]
    let end: TrainingEnd

    init(_ outcome: TrainingOutcome<SmallNetwork>) {
      last = outcome.model.bits
      best = outcome.best.bits
      bestEpoch = outcome.bestEpoch
      losses = outcome.history.map(\.trainingLoss.bitPattern)
      measures = outcome.history.map { $0.validation.mapValues(\.bitPattern) }
      rates = outcome.history.map(\.learningRate)
      end = outcome.end
    }
  }
}
