import Foundation
import SentioTensor

/// One training from its start, or from a checkpoint, to its end.
final class TrainingRun<Objective: TrainingObjective> {
  typealias Model = Objective.Model
  typealias Batch = Objective.Batch

  let objective: Objective
  let settings: TrainingSettings
  let augmentation: Augmentation<Batch>?
  let training: any TrainingData<Batch>
  let validation: (any TrainingData<Batch>)?
  let onEvent: (TrainingEvent) -> Void
  private let isCancelledByCaller: () -> Bool

  var model: Model
  var optimizer: Optimizer
  var average: WeightAverage?
  var state: TrainingState
  /// The best epoch's model, where no folder keeps it.
  var best: Model?
  var folder: CheckpointFolder?
  var log: TrainingLog?
  var board: TensorBoardWriter?
  /// The paths of the parameters that this epoch trains.
  var paths: [String] = []

  let clock = ContinuousClock()
  var samplesOfThisProcess = 0
  var validationSeconds = 0.0
  let start: ContinuousClock.Instant

  init(
    _ trainer: Trainer<Objective>, _ model: Model, _ training: any TrainingData<Batch>,
    _ validation: (any TrainingData<Batch>)?, isCancelled: @escaping () -> Bool,
    onEvent: @escaping (TrainingEvent) -> Void
  ) throws {
    objective = trainer.objective
    settings = trainer.settings
    augmentation = trainer.augmentation
    self.training = training
    self.validation = validation
    self.onEvent = onEvent
    isCancelledByCaller = isCancelled
    self.model = model
    optimizer = trainer.optimizer
    average = settings.average
    start = clock.now
    state = TrainingState(
      identity: try Self.identity(of: trainer, training, validation, model))
    state.plateau = settings.plateau
    state.earlyStopping = settings.earlyStopping
    try settings.unfreezing?.check(model)
    guard training.batchesPerEpoch > 0 else {
      throw TrainingError.noBatches(data: training.fingerprint)
    }
  }

  /// Settings without which a resumed run would not go on bit for bit.
  ///
  /// Epochs, schedule, early stopping and what is kept may change: a run may be made longer.
  private static func identity(
    of trainer: Trainer<Objective>, _ training: any TrainingData<Batch>,
    _ validation: (any TrainingData<Batch>)?, _ model: Model
  ) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let settings = trainer.settings
    return [
      "seed": "\(settings.seed)",
      "training data": training.fingerprint,
      "update rule": String(decoding: try encoder.encode(trainer.optimizer.rule), as: UTF8.self),
      "accumulation": "\(settings.accumulation)",
      "precision": settings.precision.rawValue,
      "average": settings.average.map { "decay \($0.decay)" } ?? "none",
    ]
  }

  /// Whether somebody asked for an end.
  var isCancelled: Bool { Task.isCancelled || isCancelledByCaller() }

  func run() throws -> TrainingOutcome<Model> {
    // A training that ended early has ended, and one that was finished may have been given more epochs.
    if state.end == .stoppedEarly || state.epoch >= settings.epochs { return try outcome() }
    state.end = nil
    var batches = prefetchTraining(epoch: state.epoch, from: state.batch)
    while state.epoch < settings.epochs, state.end == nil {
      guard try trainEpoch(batches) else { return try cancelled() }
      // While the validation runs, the next epoch's first batches are made.
      batches = prefetchTraining(epoch: state.epoch + 1, from: 0)
      guard let measures = try validate() else { return try cancelled() }
      try finishEpoch(measures)
      if state.end == nil, isCancelled { return try outcome(.cancelled) }
    }
    return try outcome()
  }

  private func cancelled() throws -> TrainingOutcome<Model> {
    try save()
    return try outcome(.cancelled)
  }

  private func outcome(_ end: TrainingEnd? = nil) throws -> TrainingOutcome<Model> {
    var best = self.best ?? model
    if self.best == nil, let folder, FileManager.default.fileExists(atPath: folder.best.path) {
      try TrainingCheckpoint(contentsOf: folder.best).load(into: &best)
    }
    return TrainingOutcome(
      model: model, best: best, bestEpoch: state.best?.epoch, history: state.history,
      end: end ?? state.end ?? .finished)
  }

  private func prefetchTraining(epoch: Int, from first: Int) -> Prefetcher<Batch> {
    let (training, augmentation, seed) = (training, augmentation, settings.seed)
    // No thread for an epoch that is not to come.
    let depth = epoch < settings.epochs ? settings.prefetch : 0
    return Prefetcher(depth: depth) {
      let next = try training.batches(epoch: epoch, from: first)
      var index = first
      return {
        guard var batch = try next() else { return nil }
        if let augmentation {
          var stream = Augmentation<Batch>.stream(seed: seed, epoch: epoch, batch: index)
          augmentation.apply(to: &batch, from: &stream)
        }
        index += 1
        return batch
      }
    }
  }

  /// The model as it is validated: with its average where there is one.
  var validatedModel: Model {
    var validated = model
    average?.apply(to: &validated, names: model.trainablePaths)
    return validated
  }

  func seconds(since instant: ContinuousClock.Instant) -> Double {
    (clock.now - instant) / .seconds(1)
  }

  func report(
    _ phase: TrainingProgress.Phase, batch: Int, of batches: Int, loss: Double
  ) {
    let perEpoch = training.samplesPerEpoch
    let done = state.epoch * perEpoch + (phase == .training ? state.sums.samples : perEpoch)
    let total = settings.epochs * perEpoch
    let elapsed = seconds(since: start)
    let speed = elapsed > 0 ? Double(samplesOfThisProcess) / elapsed : 0
    onEvent(
      .progress(
        TrainingProgress(
          phase: phase, epoch: state.epoch + 1, epochs: settings.epochs, batch: batch,
          batches: batches, samples: done, totalSamples: total, loss: loss,
          learningRate: optimizer.nextLearningRate, samplesPerSecond: speed,
          secondsLeft: speed > 0 ? Double(total - done) / speed : nil)))
  }
}
