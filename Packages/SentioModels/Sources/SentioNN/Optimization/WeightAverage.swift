import CSentioNNKernels
import SentioTensor

/// An exponential moving average of a model's weights: `a ← d·a + (1 − d)·w` after every update.
///
/// The average wanders less than the weights do, and usually measures better. It starts as the weights
/// themselves; with ``risesSlowly`` the decay of update t is `min(d, (1 + t) / (10 + t))`, so that an average of long
/// memory forgets the first weights.
///
/// *Reference:* `torch.optim.swa_utils.AveragedModel` with `get_ema_multi_avg_fn`, 2.x; the slow rise is TensorFlow's
/// `tf.train.ExponentialMovingAverage` with `num_updates`.
public struct WeightAverage: Sendable {
  /// d, the share that stays.
  public let decay: Double
  /// Whether the first updates forget faster.
  public let risesSlowly: Bool
  /// Updates so far.
  public internal(set) var updates = 0
  /// The averages by path; empty before the first update.
  public internal(set) var tensors: [String: Tensor] = [:]

  /// Creates an average that has seen nothing.
  ///
  /// - Parameters:
  ///   - decay: d, from 0 to below 1.
  ///   - risesSlowly: whether the first updates forget faster.
  public init(decay: Double = 0.999, risesSlowly: Bool = true) {
    precondition(decay >= 0 && decay < 1, "an average of decay \(decay)")
    self.decay = decay
    self.risesSlowly = risesSlowly
  }

  /// Takes the weights after an update into account.
  ///
  /// - Parameters:
  ///   - model: the weights.
  ///   - names: their paths, in the order in which the model hands them over.
  public mutating func update<Model: TensorGroup>(_ model: Model, names: [String]) {
    updates += 1
    let kept =
      risesSlowly ? min(decay, Double(1 + updates) / Double(10 + updates)) : decay
    let share = Float(1 - kept)
    let weights = model.tensors
    precondition(
      weights.count == names.count, "\(names.count) names for \(weights.count) tensors")
    for (name, weight) in zip(names, weights) {
      guard var average = tensors.removeValue(forKey: name) else {
        tensors[name] = weight.copied()
        continue
      }
      precondition(
        average.shape == weight.shape,
        "\(name): an average of shape \(average.shape) for a weight of \(weight.shape)")
      weight.withUnsafeBufferPointer { x in
        average.withUnsafeMutableBufferPointer { mean in
          guard let mean = mean.baseAddress, let x = x.baseAddress else { return }
          ParallelLoop.run(weight.count, cost: 2) { range in
            sentio_follow(
              mean + range.lowerBound, x + range.lowerBound, share, range.count)
          }
        }
      }
      tensors[name] = average
    }
  }

  /// Exchanges a model's weights for their averages; those without one stay.
  ///
  /// - Parameters:
  ///   - model: the weights.
  ///   - names: their paths, in the order in which the model hands them over.
  public func apply<Model: TensorGroup>(to model: inout Model, names: [String]) {
    var index = 0
    model.forEachTensor { weight in
      if let average = tensors[names[index]] { weight = average }
      index += 1
    }
  }
}

extension Tensor {
  /// The same elements in memory of their own, so that changing either tensor in place copies nothing.
  func copied() -> Tensor {
    withUnsafeBufferPointer { source in
      Tensor(uninitialized: shape) { _ = $0.update(fromContentsOf: source) }
    }
  }
}
