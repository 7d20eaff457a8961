import CSentioNNKernels
import SentioTensor

/// Sums the gradients of several small batches, so that one update sees them as one large batch.
///
/// Each batch has a weight, usually its number of samples: the mean is then that of all
/// samples, exactly what one batch of all of them would give, for a loss that is a mean over samples. (The concordance
/// loss is none: it is a property of a batch.)
public struct GradientAccumulator: Sendable {
  private var sums: [Tensor] = []
  /// The sum of the batches' weights since the last ``take()``.
  public private(set) var weight = 0.0

  /// Creates an empty accumulator.
  public init() {}

  /// Adds the gradients of a batch.
  ///
  /// - Parameters:
  ///   - gradients: the gradients, as many and of the shapes of those before.
  ///   - weight: the batch's weight, above 0.
  public mutating func add(_ gradients: [Tensor], weight: Double = 1) {
    precondition(weight > 0, "a batch of weight \(weight)")
    if sums.isEmpty { sums = gradients.map { .zeros($0.shape) } }
    precondition(
      sums.count == gradients.count, "\(gradients.count) gradients after \(sums.count)")
    for (index, gradient) in gradients.enumerated() {
      precondition(
        sums[index].shape == gradient.shape,
        "gradient \(index) of shape \(gradient.shape) after \(sums[index].shape)")
      let factor = Float(weight)
      gradient.withUnsafeBufferPointer { x in
        sums[index].withUnsafeMutableBufferPointer { sum in
          ParallelLoop.run(sum.count, cost: 2) { range in
            sentio_accumulate(
              sum.baseAddress! + range.lowerBound, x.baseAddress! + range.lowerBound, factor,
              range.count)
          }
        }
      }
    }
    self.weight += weight
  }

  /// The weighted sums since the last call, and the factor that makes their mean; starts anew.
  ///
  /// The factor is for ``Optimizer/update(_:names:gradients:scale:)``, which multiplies on the way.
  ///
  /// - Returns: the sums and the factor; none and 1 where nothing was added.
  public mutating func take() -> (sums: [Tensor], scale: Double) {
    defer {
      sums = []
      weight = 0
    }
    return (sums, weight > 0 ? 1 / weight : 1)
  }
}
