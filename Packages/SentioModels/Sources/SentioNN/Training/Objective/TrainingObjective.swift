import SentioTensor

/// What a model is trained for: the loss of a batch, and the measures of a validation.
///
/// ``SupervisedObjective`` serves models that predict targets. Write another one for models with several
/// outputs, for distillation, for sequences.
public protocol TrainingObjective: Sendable {
  /// The kind of model.
  associatedtype Model: Module
  /// The kind of batch.
  associatedtype Batch: TrainingBatch
  /// What collects measures over batches.
  associatedtype Meter: TrainingMeter where Meter.Model == Model, Meter.Batch == Batch

  /// The loss of a batch, as a mean over its samples.
  ///
  /// What regularizers add (``Module/penalty``) is not part of it; the trainer adds that.
  ///
  /// - Parameters:
  ///   - batch: the batch.
  ///   - model: the model, in training.
  /// - Returns: one number, differentiable.
  /// - Throws: what keeps it from being computed.
  func loss(of batch: Batch, under model: Model) throws -> Tensor

  /// Starts a validation.
  ///
  /// - Returns: a meter that has seen nothing.
  func makeMeter() -> Meter
}

/// Measures of a model over the batches of a validation.
public protocol TrainingMeter {
  /// The kind of model.
  associatedtype Model: Module
  /// The kind of batch.
  associatedtype Batch: TrainingBatch

  /// Takes a batch into account.
  ///
  /// - Parameters:
  ///   - batch: the batch.
  ///   - model: the model, in inference.
  /// - Throws: what keeps it from being computed.
  mutating func add(_ batch: Batch, under model: Model) throws

  /// The measures of all batches by name, `loss` among them; NaN where one is not defined.
  var measures: [String: Double] { get }
}
