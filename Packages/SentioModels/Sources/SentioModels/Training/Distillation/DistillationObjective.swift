import SentioNN
import SentioTensor

/// Labels and a teacher's outputs, tokens and attention as what a student is trained for.
///
/// See ``DistillationSettings`` for the formula. The measures of a validation are those of the student's outputs beside
/// the labels, as a `SupervisedObjective` with the mean squared error has them.
public struct DistillationObjective<Student: AttentiveNetwork>: TrainingObjective {
  /// The kind of model.
  public typealias Model = DistilledStudent<Student>
  /// The kind of batch.
  public typealias Batch = DistillationBatch

  /// What is learned.
  public let settings: DistillationSettings
  private let supervised: SupervisedObjective<Model>

  /// Creates an objective.
  ///
  /// - Parameters:
  ///   - settings: what is learned.
  ///   - outputs: the names of the outputs, for measures.
  public init(
    _ settings: DistillationSettings = DistillationSettings(),
    outputs: [String] = ["valence", "arousal"]
  ) {
    self.settings = settings
    supervised = SupervisedObjective(loss: .meanSquaredError, outputs: outputs) {
      $0.student($1.inputs)
    }
  }

  /// The parts of a batch's loss, each before its weight.
  public struct Parts {
    /// The mean squared error of the outputs beside the labels.
    public var hard: Tensor
    /// That beside the teacher's outputs; nil without a teacher.
    public var soft: Tensor?
    /// The error of the tokens; nil where none are learned.
    public var features: Tensor?
    /// The error of the attention; nil where none is learned.
    public var attention: Tensor?
  }

  /// The loss of a batch; without a teacher's answers the error beside the labels.
  public func loss(of batch: DistillationBatch, under model: Model) throws -> Tensor {
    let parts = parts(of: batch, under: model)
    guard let soft = parts.soft else { return parts.hard }
    let response = parts.hard * settings.hardShare + soft * (1 - settings.hardShare)
    var total = response * settings.weights.response
    if let features = parts.features { total = total + features * settings.weights.features }
    if let attention = parts.attention {
      total = total + attention * settings.weights.attention
    }
    return total
  }

  /// The parts of a batch's loss.
  ///
  /// - Parameters:
  ///   - batch: the batch.
  ///   - model: the student, in training or not.
  /// - Returns: the parts, each one number, differentiable.
  public func parts(of batch: DistillationBatch, under model: Model) -> Parts {
    let (weights, inputs) = (settings.weights, batch.songs.inputs)
    guard let teacher = batch.teacher, weights.needsBlocks else {
      let outputs = model.student(inputs)
      return Parts(
        hard: meanSquaredError(outputs, batch.songs.targets),
        soft: batch.teacher.map { soft(outputs, $0) })
    }
    var features: [Tensor] = []
    var attention: [Tensor] = []
    let outputs = model.student.forward(inputs, attention: weights.attention > 0) { block in
      if weights.features > 0 {
        features.append(
          meanSquaredError(
            model.projections[block.index](block.tokens), teacher.tokens[block.index]))
      }
      if let own = block.attention {
        // [N, heads, T, T] -> [N, T, T]
        let gaps = (own.mean(axes: 1) - teacher.attention[block.index]).squared()
        attention.append(
          settings.scaling == .asWritten ? gaps.mean() : gaps.sum(axes: 2).mean())
      }
    }
    return Parts(
      hard: meanSquaredError(outputs, batch.songs.targets), soft: soft(outputs, teacher),
      features: total(features), attention: total(attention))
  }

  /// T² · MSE(s/T, t/T).
  private func soft(_ outputs: Tensor, _ teacher: TeacherTargets) -> Tensor {
    let temperature = settings.temperature
    let gap = meanSquaredError(outputs / temperature, teacher.outputs / temperature)
    return gap * (temperature * temperature)
  }

  private func total(_ blocks: [Tensor]) -> Tensor? {
    guard let first = blocks.first else { return nil }
    let sum = blocks.dropFirst().reduce(first, +)
    return settings.scaling == .asWritten ? sum : sum / Float(blocks.count)
  }

  /// Starts a validation.
  public func makeMeter() -> Meter { Meter(base: supervised.makeMeter()) }

  /// The measures of a validation.
  public struct Meter: TrainingMeter {
    fileprivate var base: SupervisedObjective<Model>.Meter

    /// Takes a batch into account.
    public mutating func add(_ batch: DistillationBatch, under model: Model) throws {
      try base.add(batch.songs, under: model)
    }

    /// The measures of all batches.
    public var measures: [String: Double] { base.measures }
  }
}
