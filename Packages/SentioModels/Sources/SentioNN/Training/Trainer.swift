import Foundation
import SentioTensor

/// Trains a model: epochs of updates and validations, with checkpoints that go on bit for bit.
///
/// ```swift
/// let trainer = Trainer(
///   SupervisedObjective(loss: .concordance, outputs: ["valence", "arousal"]) { model, batch in
///     model(batch.inputs)
///   },
///   optimizer: Optimizer(.adam(), learningRate: .constant(1e-3), clipping: .norm(1)),
///   settings: settings)
/// let outcome = try trainer.train(model, on: training, validation: validation, folder: folder)
/// ```
///
/// Everything that a step depends on is a function of the seed, the epoch, the batch's number and the number of
/// updates, or is in the checkpoint. See <doc:HowTrainingResumes>.
///
/// In a steady state a step asks the system for no memory: what one step's tensors give back, the next one's take.
public struct Trainer<Objective: TrainingObjective>: Sendable {
  /// The kind of model.
  public typealias Model = Objective.Model
  /// The kind of batch.
  public typealias Batch = Objective.Batch

  /// What the model is trained for.
  public let objective: Objective
  /// How weights change; its state is where training starts, unless a checkpoint has another.
  public let optimizer: Optimizer
  /// How training runs.
  public let settings: TrainingSettings
  /// What is done to training batches; nil for nothing.
  public let augmentation: Augmentation<Batch>?

  /// Creates a trainer.
  ///
  /// - Parameters:
  ///   - objective: what the model is trained for.
  ///   - optimizer: how weights change.
  ///   - settings: how training runs.
  ///   - augmentation: what is done to training batches; nil for nothing.
  public init(
    _ objective: Objective, optimizer: Optimizer, settings: TrainingSettings,
    augmentation: Augmentation<Batch>? = nil
  ) {
    precondition(settings.epochs >= 0, "\(settings.epochs) epochs")
    precondition(settings.accumulation >= 1, "accumulation of \(settings.accumulation) batches")
    self.objective = objective
    self.optimizer = optimizer
    self.settings = settings
    self.augmentation = augmentation
  }

  /// Trains a model, or goes on with the training that a folder holds.
  ///
  /// The call returns when training ends; it also ends, after the update in progress and with a checkpoint, when the task
  /// that runs it is cancelled, or `isCancelled` says so.
  ///
  /// - Parameters:
  ///   - model: the model at the start; in a folder with a training its weights are those of the checkpoint.
  ///   - training: what is learned from.
  ///   - validation: what the epochs are measured on; nil for none.
  ///   - folder: where checkpoints and logs go; it is made where it is missing. Nil keeps nothing.
  ///   - startsOver: whether a training in the folder is removed rather than gone on with.
  ///   - isCancelled: asked after every update whether to stop.
  ///   - onEvent: told of progress, on the thread that trains.
  /// - Returns: the models after the last and the best epoch, and what the epochs came to.
  /// - Throws: ``TrainingError``, `FileError`, `SafetensorsError`, ``StateError``, and what the objective and the data
  ///   throw. The last checkpoint stays as it was.
  public func train(
    _ model: Model, on training: any TrainingData<Batch>,
    validation: (any TrainingData<Batch>)? = nil, folder: URL? = nil, startsOver: Bool = false,
    isCancelled: () -> Bool = { false }, onEvent: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainingOutcome<Model> {
    try withoutActuallyEscaping(isCancelled) { isCancelled in
      try withoutActuallyEscaping(onEvent) { onEvent in
        let run = try TrainingRun(
          self, model, training, validation, isCancelled: isCancelled, onEvent: onEvent)
        if let folder { try run.open(folder, startsOver: startsOver) }
        return try run.run()
      }
    }
  }
}
