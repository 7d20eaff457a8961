/// What a batch normalization has learned of its channels: their mean and variance, over many batches.
///
/// These are no parameters: no gradient flows to them, and a batch changes them where it is normalized
/// by itself. A checkpoint holds them beside the parameters (`running_mean` and `running_var` in
/// PyTorch's, `moving_mean` and `moving_variance` in Keras's).
public struct RunningStatistics: Sendable, Equatable {
  /// The means, `[C]`.
  public var mean: Tensor
  /// The variances, `[C]`, none below 0.
  public var variance: Tensor

  /// Creates the statistics from which both libraries start: means 0 and variances 1.
  ///
  /// - Parameter channels: C.
  public init(channels: Int) {
    mean = .zeros([channels])
    variance = .ones([channels])
  }

  /// Creates statistics from those of a checkpoint.
  ///
  /// - Parameters:
  ///   - mean: `[C]`.
  ///   - variance: `[C]`.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(
    mean: Tensor, variance: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      mean.rank == 1 && mean.shape == variance.shape,
      "means of shape \(mean.shape) and variances of shape \(variance.shape) are not [C] both",
      file, line)
    self.mean = mean.detached()
    self.variance = variance.detached()
  }

  /// How the statistics of a batch are taken up.
  ///
  /// The two libraries call opposite things momentum, and take up different variances.
  public enum Update: Sendable, Hashable {
    /// `running = momentum · running + (1 − momentum) · batch`, with the population's variance
    /// (divisor n).
    ///
    /// *Reference:* `keras.layers.BatchNormalization`, 3.x, whose momentum is 0.99 by default.
    case keras(momentum: Float = 0.99)
    /// `running = (1 − momentum) · running + momentum · batch`, with the sample's variance
    /// (divisor n − 1).
    ///
    /// *Reference:* `torch.nn.BatchNorm2d`, 2.x, whose momentum is 0.1 by default.
    case pyTorch(momentum: Float = 0.1)
  }

  /// Takes the statistics of a batch up.
  ///
  /// Of no numbers nothing is taken up, and of a single one a channel no sample variance.
  ///
  /// - Parameters:
  ///   - mean: the batch's means.
  ///   - variance: the batch's variances, of the population.
  ///   - count: the numbers in each channel.
  ///   - update: the rule.
  mutating func take(mean: Tensor, variance: Tensor, count: Int, _ update: Update) {
    guard count > 0 else { return }
    func average(_ running: inout Tensor, _ batch: Tensor, _ share: Float, _ factor: Float) {
      batch.withUnsafeBufferPointer { batch in
        running.withUnsafeMutableBufferPointer { running in
          for c in running.indices {
            running[c] = (1 - share) * running[c] + share * (batch[c] * factor)
          }
        }
      }
    }
    switch update {
    case .keras(let momentum):
      average(&self.mean, mean, 1 - momentum, 1)
      average(&self.variance, variance, 1 - momentum, 1)
    case .pyTorch(let momentum):
      average(&self.mean, mean, momentum, 1)
      guard count > 1 else { return }
      average(&self.variance, variance, momentum, Float(count) / Float(count - 1))
    }
  }
}
