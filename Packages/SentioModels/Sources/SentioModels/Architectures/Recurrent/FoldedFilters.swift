import SentioNN
import SentioTensor
import Synchronization

/// A convolution's filters with the normalization after it in them, kept for as long as both stay as they are.
///
/// With the channels' running mean μ and variance σ², `(w · x + b − μ) / √(σ² + ε) · γ + β` is a convolution by
/// `w · γ / √(σ² + ε)`. For one sequence making these filters takes as long as a tenth of the network, and a
/// library that packs them does so for as long as it is given the same ones.
///
/// Copies of a block share what is kept, which follows the copy that computed last. What it was made of is kept with
/// it: memory that is held here is changed in no place, so that the same memory means the same numbers.
final class FoldedFilters: Sendable {
  /// Filters and what is added to their sums.
  struct Filters: Sendable {
    let weight: Tensor
    let bias: Tensor
  }

  private struct Kept: Sendable {
    let sources: [Tensor?]
    let filters: Filters
  }

  private let kept = Mutex<Kept?>(nil)

  /// The filters of a convolution that a normalization by running statistics follows.
  func filters(of convolution: Conv1D, _ norm: BatchNorm) -> Filters {
    let sources = [
      convolution.weight, convolution.bias, norm.weight, norm.bias, norm.runningMean,
      norm.runningVariance,
    ]
    // A gradient has to find its way back to all of them.
    if sources.contains(where: { $0?.isRecorded == true }) { return Self.folded(convolution, norm) }
    if let kept = kept.withLock({ $0 }), Self.areTheSame(kept.sources, sources) {
      return kept.filters
    }
    let filters = Self.folded(convolution, norm)
    kept.withLock { $0 = Kept(sources: sources, filters: filters) }
    return filters
  }

  private static func folded(_ convolution: Conv1D, _ norm: BatchNorm) -> Filters {
    var factor = (norm.runningVariance + norm.epsilon).squareRoot().reciprocal()
    if let gain = norm.weight { factor = factor * gain }
    let start = convolution.bias.map { $0 - norm.runningMean } ?? -norm.runningMean
    let offset = start * factor
    return Filters(
      weight: convolution.weight * factor.reshaped([-1, 1, 1]),
      bias: norm.bias.map { offset + $0 } ?? offset)
  }

  /// Whether two lists of tensors are in the same memory.
  private static func areTheSame(_ a: [Tensor?], _ b: [Tensor?]) -> Bool {
    zip(a, b).allSatisfy { a, b in
      switch (a, b) {
      case (nil, nil): true
      case (let a?, let b?):
        a.shape == b.shape
          && a.withUnsafeBufferPointer { $0.baseAddress }
            == b.withUnsafeBufferPointer { $0.baseAddress }
      default: false
      }
    }
  }
}
