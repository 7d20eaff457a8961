import Foundation
import SentioTensor

/// Trains a layer to predict targets: the simple case of ``Trainer``.
///
/// ```swift
/// let outcome = try fit(
///   &model, to: SampleBatches(training, batchSize: 32, seed: 1), validation: SampleBatches(test, batchSize: 64),
///   loss: .crossEntropy(), optimizer: Optimizer(.adam(), learningRate: .constant(1e-3)), settings: TrainingSettings(epochs: 30))
/// ```
///
/// - Parameters:
///   - model: the layer, `[N, …]` to `[N, C]`; afterwards it has the best epoch's weights.
///   - training: what is learned from.
///   - validation: what the epochs are measured on; nil for none.
///   - loss: how far predictions are from targets.
///   - outputs: the names of the outputs, for measures; their numbers if empty.
///   - optimizer: how weights change.
///   - settings: how training runs.
///   - augmentation: what is done to training batches; nil for nothing.
///   - folder: where checkpoints and logs go, and a training is gone on with; nil keeps nothing.
///   - isCancelled: asked after every update whether to stop.
///   - onEvent: told of progress.
/// - Returns: the models after the last and the best epoch, and what the epochs came to.
/// - Throws: as ``Trainer/train(_:on:validation:folder:startsOver:isCancelled:onEvent:)``; the model is then as it was.
@discardableResult
public func fit<Model: Layer>(
  _ model: inout Model, to training: any TrainingData<LabelledBatch>,
  validation: (any TrainingData<LabelledBatch>)? = nil, loss: Loss, outputs: [String] = [],
  optimizer: Optimizer, settings: TrainingSettings,
  augmentation: Augmentation<LabelledBatch>? = nil, folder: URL? = nil,
  isCancelled: () -> Bool = { false }, onEvent: (TrainingEvent) -> Void = { _ in }
) throws -> TrainingOutcome<Model> {
  let objective = SupervisedObjective<Model>(loss: loss, outputs: outputs) { $0($1.inputs) }
  let trainer = Trainer(
    objective, optimizer: optimizer, settings: settings, augmentation: augmentation)
  let outcome = try trainer.train(
    model, on: training, validation: validation, folder: folder, isCancelled: isCancelled,
    onEvent: onEvent)
  model = outcome.best
  return outcome
}
