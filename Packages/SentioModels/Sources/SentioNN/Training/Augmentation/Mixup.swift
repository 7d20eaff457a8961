import Foundation
import SentioTensor

extension Augmentation where Batch == LabelledBatch {
  /// Samples mixed with others of their batch: `λ·x + (1 − λ)·x′`, and their targets alike.
  ///
  /// One λ of Beta(α, α) a batch, as the paper's code has it, and the larger of λ and 1 − λ, so that a sample stays
  /// the main part of its mixture and keeps its id. A mixture of sequences is as long as the longer one.
  ///
  /// - Parameter alpha: α, above 0; small values leave most batches almost as they were.
  /// - Returns: the augmentation.
  ///
  /// *Reference:* Zhang et al., "mixup: beyond empirical risk minimization" (2018).
  public static func mixup(alpha: Double = 0.2) -> Augmentation {
    precondition(alpha > 0, "mixup with alpha \(alpha)")
    return Augmentation { batch, stream in
      let draw = stream.nextBeta(alpha, alpha)
      let share = Float(max(draw, 1 - draw))
      let partners = batch.rows(stream.permutation(batch.ids.count))
      batch.inputs = batch.inputs * share + partners.inputs * (1 - share)
      batch.targets = batch.targets * share + partners.targets * (1 - share)
      if let lengths = batch.lengths, let others = partners.lengths {
        batch.lengths = zip(lengths, others).map { max($0, $1) }
      }
    }
  }
}

extension RandomStream {
  /// A number of the Beta distribution.
  ///
  /// - Parameters:
  ///   - a: the first shape, above 0.
  ///   - b: the second shape, above 0.
  /// - Returns: the number, from 0 to 1.
  mutating func nextBeta(_ a: Double, _ b: Double) -> Double {
    // Logarithms: for small shapes both gammas may be too small for a number, and their quotient is not.
    let (x, y) = (nextLogGamma(a), nextLogGamma(b))
    return 1 / (1 + exp(y - x))
  }

  /// The logarithm of a number of the gamma distribution of scale 1.
  ///
  /// *Reference:* Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), with their
  /// step for shapes below 1.
  private mutating func nextLogGamma(_ shape: Double) -> Double {
    guard shape >= 1 else { return nextLogGamma(shape + 1) + log(nextUnit()) / shape }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let normal = (-2 * log(nextUnit())).squareRoot() * cos(2 * .pi * nextUnit())
      let root = 1 + c * normal
      guard root > 0 else { continue }
      let v = root * root * root
      if log(nextUnit()) < normal * normal / 2 + d * (1 - v + log(v)) { return log(d * v) }
    }
  }

  /// A number in (0, 1].
  private mutating func nextUnit() -> Double {
    Double((next() >> 11) + 1) * 0x1p-53
  }
}
