import SentioTensor

/// How far predictions are from targets: what training makes small.
public enum Loss: Sendable, Hashable, Codable {
  /// The mean of squared differences.
  case meanSquaredError
  /// The mean of absolute differences.
  case meanAbsoluteError
  /// Squares up to a distance of delta, and straight lines beyond.
  case huber(delta: Float = 1)
  /// One minus the concordance correlation, the mean over the outputs; a property of a batch, not of a sample.
  case concordance
  /// The surprise at the targets, probabilities of classes, under the softmax of the predictions.
  ///
  /// `smoothing` is the share of the probability that is spread over all classes, from 0 to 1.
  case crossEntropy(smoothing: Float = 0)
  /// The surprise at independent zeros and ones under the predictions' sigmoid.
  case binaryCrossEntropy

  /// The loss of a batch.
  ///
  /// - Parameters:
  ///   - predictions: what the model gives, `[N, C]`; logits for the two entropies.
  ///   - targets: what it should give, of the same shape.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: one number, differentiable.
  public func callAsFunction(
    _ predictions: Tensor, _ targets: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    switch self {
    case .meanSquaredError:
      return SentioTensor.meanSquaredError(predictions, targets, file: file, line: line)
    case .meanAbsoluteError:
      return SentioTensor.meanAbsoluteError(predictions, targets, file: file, line: line)
    case .huber(let delta):
      return huberLoss(predictions, targets, delta: delta, file: file, line: line)
    case .concordance:
      return concordanceLoss(predictions, targets, file: file, line: line)
    case .crossEntropy(let smoothing):
      precondition((0...1).contains(smoothing), "a smoothing cannot be \(smoothing)")
      var probabilities = targets
      if smoothing > 0 {
        probabilities = targets * (1 - smoothing) + smoothing / Float(targets.shape.last ?? 1)
      }
      return SentioTensor.crossEntropy(
        logits: predictions, probabilities: probabilities, file: file, line: line)
    case .binaryCrossEntropy:
      return SentioTensor.binaryCrossEntropy(
        logits: predictions, targets, file: file, line: line)
    }
  }

  /// Whether the targets are probabilities of classes that exclude each other.
  var isOfClasses: Bool { if case .crossEntropy = self { true } else { false } }
}
