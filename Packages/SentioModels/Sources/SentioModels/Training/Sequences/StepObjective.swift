import Foundation
import SentioMetrics
import SentioNN
import SentioTensor

/// The prediction of a class for every step that counts: frames of phonemes, the next note of a melody.
///
/// The loss is the mean cross-entropy of the steps that have a label, whatever sequence they are in, in nats.
///
/// | measure | |
/// |---|---|
/// | `loss` | the mean over all steps of the validation, in nats |
/// | `perplexity` | `e^loss`: among how many classes the model is in doubt |
/// | `accuracy` | the share of steps whose likeliest class is the true one |
/// | `phonemeErrorRate` | where asked for: edits per true phoneme, runs of equal frames being one phoneme |
public struct StepObjective<Model: Module>: TrainingObjective {
  /// Whether the phoneme error rate is measured.
  public let measuresErrorRate: Bool
  private let predict: @Sendable (Model, StepBatch) throws -> Tensor

  /// Creates an objective.
  ///
  /// - Parameters:
  ///   - measuresErrorRate: whether the phoneme error rate is measured.
  ///   - predict: from a model and a batch to logits, `[N, L, C]`.
  public init(
    measuresErrorRate: Bool = false,
    predict: @escaping @Sendable (_ model: Model, _ batch: StepBatch) throws -> Tensor
  ) {
    self.measuresErrorRate = measuresErrorRate
    self.predict = predict
  }

  /// The mean cross-entropy of a batch's steps; 0 where no step has a label.
  public func loss(of batch: StepBatch, under model: Model) throws -> Tensor {
    let (logits, labels, _) = try counted(batch, model)
    return labels.isEmpty ? logits.sum() : crossEntropy(logits: logits, labels)
  }

  /// Starts a validation.
  public func makeMeter() -> Meter { Meter(objective: self) }

  /// The logits and labels of the steps that have a label, and these steps' places.
  fileprivate func counted(
    _ batch: StepBatch, _ model: Model
  ) throws -> (logits: Tensor, labels: [Int], places: [Int]) {
    let logits = try predict(model, batch)
    precondition(
      logits.rank == 3 && logits.shape[0] * logits.shape[1] == batch.labels.count,
      "logits of shape \(logits.shape) for \(batch.labels.count) steps")
    let places = batch.labels.indices.filter { batch.labels[$0] >= 0 }
    // [N, L, C] -> [N·L, C] -> [steps that count, C]
    let rows = logits.reshaped([batch.labels.count, logits.shape[2]])
    let all = places.count == batch.labels.count
    return (all ? rows : rows.gathered(places), places.map { batch.labels[$0] }, places)
  }

  /// The measures of a validation.
  public struct Meter: TrainingMeter {
    fileprivate let objective: StepObjective
    private var lossSum = 0.0
    private var steps = 0
    private var correct = 0
    private var edits = 0
    private var phonemes = 0

    fileprivate init(objective: StepObjective) { self.objective = objective }

    /// Takes a batch into account.
    public mutating func add(_ batch: StepBatch, under model: Model) throws {
      let (logits, labels, places) = try objective.counted(batch, model)
      guard !labels.isEmpty else { return }
      lossSum += Double(crossEntropy(logits: logits, labels, reduction: .sum).scalar)
      steps += labels.count
      let chosen = logits.argmax(axis: 1)
      correct += zip(chosen, labels).count { $0 == $1 }
      guard objective.measuresErrorRate else { return }
      let length = batch.inputs.shape[1]
      var predictions: [Int: [Int]] = [:]
      var truths: [Int: [Int]] = [:]
      for (index, place) in places.enumerated() {
        predictions[place / length, default: []].append(chosen[index])
        truths[place / length, default: []].append(labels[index])
      }
      for (row, truth) in truths {
        let truth = Self.runs(truth)
        edits += EditDistance(prediction: Self.runs(predictions[row] ?? []), truth: truth).total
        phonemes += truth.count
      }
    }

    /// One element for each run of equal ones.
    private static func runs(_ labels: [Int]) -> [Int] {
      labels.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// The measures of all batches.
    public var measures: [String: Double] {
      let loss = steps > 0 ? lossSum / Double(steps) : .nan
      var measures = [
        "loss": loss, "perplexity": exp(loss),
        "accuracy": steps > 0 ? Double(correct) / Double(steps) : .nan,
      ]
      if objective.measuresErrorRate {
        measures["phonemeErrorRate"] = phonemes > 0 ? Double(edits) / Double(phonemes) : .nan
      }
      return measures
    }
  }
}

extension TrainingObjective where Self == StepObjective<SequenceLabeler> {
  /// The objective of a labeler, whose classes are phonemes.
  public static var phonemes: Self {
    StepObjective(measuresErrorRate: true) { $0($1.inputs, lengths: $1.lengths) }
  }

  /// The objective of a labeler.
  public static var labels: Self {
    StepObjective { $0($1.inputs, lengths: $1.lengths) }
  }
}

extension TrainingObjective where Self == StepObjective<SequenceGenerator> {
  /// The objective of a generator: the next token.
  public static var nextToken: Self {
    StepObjective { $0($1.inputs, conditions: $1.conditions, lengths: $1.lengths) }
  }
}

extension TrainingObjective where Self == SupervisedObjective<SequenceClassifier> {
  /// The objective of a classifier of sequences.
  ///
  /// - Parameters:
  ///   - loss: how far outputs are from targets.
  ///   - outputs: the names of the outputs, for measures.
  /// - Returns: the objective.
  public static func sequences(_ loss: Loss, outputs: [String] = []) -> Self {
    SupervisedObjective(loss: loss, outputs: outputs) { $0($1.inputs, lengths: $1.lengths) }
  }
}
