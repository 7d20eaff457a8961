import SentioNN
import SentioTensor

extension BatchNorm {
  /// The channels normalized by the frames that count; in training, as ``BatchNorm`` does by all frames.
  ///
  /// Mean and variance are those of the n frames of the whole batch that count, and running statistics take up these:
  /// the sample's variance has the divisor n − 1. A batch without such frames leaves them as they were.
  ///
  /// - Parameters:
  ///   - x: `[N, C, L]`, finite.
  ///   - mask: `[N, 1, L]`, 1 where a frame counts and 0 elsewhere.
  /// - Returns: `[N, C, L]`; at frames that do not count the offset.
  func callAsFunction(_ x: Tensor, counting mask: Tensor) -> Tensor {
    guard let pass = site.training else { return self(x) }
    let count = mask.scalars.reduce(0, +)
    let share = 1 / Swift.max(1, count)
    let mean =
      Tensor.select(where: mask, x, else: Tensor(0)).sum(axes: 0, 2, keepingAxes: true) * share
    let centered = Tensor.select(where: mask, x - mean, else: Tensor(0))
    let variance = centered.squared().sum(axes: 0, 2, keepingAxes: true) * share
    if count > 0 { take(mean, variance, count, pass) }
    var y = centered / (variance + epsilon).squareRoot()
    if let weight { y = y * weight.reshaped([-1, 1]) }
    if let bias { y = y + bias.reshaped([-1, 1]) }
    report([x], y)
    return y
  }

  /// Takes the statistics of a batch up.
  private func take(_ mean: Tensor, _ variance: Tensor, _ count: Float, _ pass: TrainingPass) {
    let mean = mean.detached().reshaped([-1])
    let variance = variance.detached().reshaped([-1])
    let share: Float
    var correction: Float = 1
    switch update {
    case .keras(let momentum): share = 1 - momentum
    case .pyTorch(let momentum):
      share = momentum
      if count > 1 { correction = count / (count - 1) }
    }
    let means = pass.current("running_mean", of: site) ?? runningMean
    pass.update("running_mean", of: site, to: means * (1 - share) + mean * share)
    let variances = pass.current("running_var", of: site) ?? runningVariance
    pass.update(
      "running_var", of: site, to: variances * (1 - share) + variance * (share * correction))
    let batches = pass.current("num_batches_tracked", of: site) ?? batchCount
    pass.update("num_batches_tracked", of: site, to: batches + 1)
  }
}
