import Foundation
import SentioMetrics
import SentioNN
import SentioTensor

/// The writing of one sequence for another: the cross-entropy of each target token and of the end, given the true ones before.
///
/// | measure | |
/// |---|---|
/// | `loss`, `perplexity` | the mean over all tokens and ends, given the true ones before (teacher forcing) |
/// | `accuracy` | the share of them whose likeliest token is the true one, given the true ones before |
/// | `errorRate` | edits per true token of what is written from nothing but the source, greedily |
/// | `exact` | the share of sources for which that is right in every token |
public struct TranslationObjective: TrainingObjective {
  /// Whether targets are written in validation, which `errorRate` and `exact` need.
  public let writes: Bool

  /// Creates an objective.
  ///
  /// - Parameter writes: whether targets are written in validation.
  public init(writes: Bool = true) { self.writes = writes }

  /// The mean cross-entropy of a batch's tokens.
  public func loss(of batch: TranslationBatch, under model: SequenceTranslator) -> Tensor {
    let (logits, labels) = counted(batch, model)
    return crossEntropy(logits: logits, labels)
  }

  /// Starts a validation.
  public func makeMeter() -> Meter { Meter(writes: writes) }

  fileprivate func counted(
    _ batch: TranslationBatch, _ model: SequenceTranslator
  ) -> (logits: Tensor, labels: [Int]) {
    let logits = model(batch.inputs, lengths: batch.lengths, targets: batch.targets)
    let (rows, steps) = (logits.shape[0], logits.shape[1])
    let places = batch.targets.enumerated().flatMap { row, target in
      (0...target.count).map { row * steps + $0 }
    }
    let flat = logits.reshaped([rows * steps, logits.shape[2]])
    return (
      flat.gathered(places), batch.targets.flatMap { $0 + [model.settings.end] }
    )
  }

  /// The measures of a validation.
  public struct Meter: TrainingMeter {
    private let writes: Bool
    private var lossSum = 0.0
    private var tokens = 0
    private var correct = 0
    private var edits = 0
    private var truths = 0
    private var exact = 0
    private var pairs = 0

    fileprivate init(writes: Bool) { self.writes = writes }

    /// Takes a batch into account.
    public mutating func add(_ batch: TranslationBatch, under model: SequenceTranslator) {
      let (logits, labels) = TranslationObjective().counted(batch, model)
      lossSum += Double(crossEntropy(logits: logits, labels, reduction: .sum).scalar)
      tokens += labels.count
      correct += zip(logits.argmax(axis: 1), labels).count { $0 == $1 }
      guard writes else { return }
      let written = model.translate(batch.inputs, lengths: batch.lengths)
      for (translation, target) in zip(written, batch.targets) {
        edits += EditDistance(prediction: translation.tokens, truth: target).total
        truths += target.count
        if translation.isComplete && translation.tokens == target { exact += 1 }
        pairs += 1
      }
    }

    /// The measures of all batches.
    public var measures: [String: Double] {
      let loss = tokens > 0 ? lossSum / Double(tokens) : .nan
      var measures = [
        "loss": loss, "perplexity": exp(loss),
        "accuracy": tokens > 0 ? Double(correct) / Double(tokens) : .nan,
      ]
      if writes {
        measures["errorRate"] = truths > 0 ? Double(edits) / Double(truths) : .nan
        measures["exact"] = pairs > 0 ? Double(exact) / Double(pairs) : .nan
      }
      return measures
    }
  }
}
