import CSentioTensorKernels

// N batches, C channels; the places of each channel (time, or height and width) follow, if any.
extension Tensor {
  /// Channels brought to mean 0 and variance 1 over the batch, and their statistics taken up: training.
  ///
  /// `(x − mean) / √(variance + ε) · gain + offset`, with mean and (the population's) variance over all
  /// axes but the channels'. A channel with a NaN or an infinity becomes NaN, and so do its running
  /// statistics. A channel of one number becomes its offset.
  ///
  /// ```swift
  /// let y = x.batchNormalized(updating: &running, gain: gain, offset: offset)   // in training
  /// let z = x.batchNormalized(by: running, gain: gain, offset: offset)          // afterwards
  /// ```
  ///
  /// In a ``checkpointed(_:file:line:_:)`` segment the forward pass runs twice, and would take the batch
  /// up twice: take a copy of the running statistics into the segment there.
  ///
  /// - Parameters:
  ///   - running: the statistics of the channels over many batches.
  ///   - update: how they take this batch up.
  ///   - gain: γ, `[C]`; ones if nil.
  ///   - offset: β, `[C]`; zeros if nil.
  ///   - epsilon: keeps the divisor from 0; 1e-5 in PyTorch, 1e-3 in Keras.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape as this `[N, C, …]`.
  ///
  /// *Reference:* `torch.nn.functional.batch_norm` with `training=True`, 2.x.
  public func batchNormalized(
    updating running: inout RunningStatistics, by update: RunningStatistics.Update = .pyTorch(),
    gain: Tensor? = nil, offset: Tensor? = nil, epsilon: Float = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireChannels(running.mean, running.variance, gain, offset, "batchNormalized", file, line)
    let (result, mean, variance) = normalizedByItself(gain, offset, epsilon)
    running.take(
      mean: mean, variance: variance, count: count / Swift.max(1, shape[1]), update)
    return result
  }

  /// Channels brought to mean 0 and variance 1 over the batch, whose statistics nobody keeps.
  ///
  /// - Parameters:
  ///   - gain: γ, `[C]`; ones if nil.
  ///   - offset: β, `[C]`; zeros if nil.
  ///   - epsilon: keeps the divisor from 0.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape as this `[N, C, …]`.
  public func batchNormalized(
    gain: Tensor? = nil, offset: Tensor? = nil, epsilon: Float = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireChannels(nil, nil, gain, offset, "batchNormalized", file, line)
    return normalizedByItself(gain, offset, epsilon).0
  }

  /// Channels shifted and scaled by what was learned of them: inference.
  ///
  /// `(x − mean) / √(variance + ε) · gain + offset`. Each number by itself: a NaN stays where it is.
  ///
  /// - Parameters:
  ///   - running: the channels' mean and variance; constants to derivatives.
  ///   - gain: γ, `[C]`; ones if nil.
  ///   - offset: β, `[C]`; zeros if nil.
  ///   - epsilon: keeps the divisor from 0.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape as this `[N, C, …]`.
  ///
  /// *Reference:* `torch.nn.functional.batch_norm` with `training=False`, 2.x.
  public func batchNormalized(
    by running: RunningStatistics, gain: Tensor? = nil, offset: Tensor? = nil,
    epsilon: Float = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireChannels(running.mean, running.variance, gain, offset, "batchNormalized", file, line)
    let result = Tensor(uninitialized: shape)
    guard count > 0 else { return result }
    let planes = self.planes
    let (mean, variance) = (running.mean, running.variance)
    let (x, out) = (storage.pointer, result.storage.pointer)
    ParallelLoop.run(shape[1], cost: count / shape[1]) { range in
      sentio_channel_scale(
        x, gain?.storage.pointer, offset?.storage.pointer, mean.storage.pointer,
        variance.storage.pointer, epsilon, out, planes, range.lowerBound, range.upperBound)
    }
    return result.derivedFromChannels(
      of: self, gain, offset, mean, variance, epsilon, isBatch: false)
  }

  /// The batch's own statistics, and the channels normalized by them.
  private func normalizedByItself(
    _ gain: Tensor?, _ offset: Tensor?, _ epsilon: Float
  ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    let result = Tensor(uninitialized: shape)
    let mean = Tensor(uninitialized: [shape[1]])
    let variance = Tensor(uninitialized: [shape[1]])
    guard count > 0 else { return (result, mean, variance) }
    let planes = self.planes
    let (x, out) = (storage.pointer, result.storage.pointer)
    ParallelLoop.run(shape[1], cost: 2 * count / shape[1]) { range in
      sentio_channel_normalize(
        x, gain?.storage.pointer, offset?.storage.pointer, epsilon, out, mean.storage.pointer,
        variance.storage.pointer, planes, range.lowerBound, range.upperBound)
    }
    return (
      result.derivedFromChannels(of: self, gain, offset, mean, variance, epsilon, isBatch: true),
      mean, variance
    )
  }

  private func derivedFromChannels(
    of x: Tensor, _ gain: Tensor?, _ offset: Tensor?, _ mean: Tensor, _ variance: Tensor,
    _ epsilon: Float, isBatch: Bool
  ) -> Tensor {
    let needsInput = x.recordedPlace != nil
    let (hasGain, hasOffset) = (gain != nil, offset != nil)
    return derived(
      fromAll: [x] + [gain, offset].compactMap { $0 },
      { gradient in
        let channels = x.shape[1]
        let input = needsInput ? Tensor(uninitialized: x.shape) : nil
        let gains = Tensor(uninitialized: [channels])
        let offsets = Tensor(uninitialized: [channels])
        let planes = x.planes
        ParallelLoop.run(channels, cost: 3 * x.count / channels) { range in
          sentio_channel_normalize_gradient(
            x.storage.pointer, gradient.storage.pointer, gain?.storage.pointer,
            mean.storage.pointer, variance.storage.pointer, epsilon, isBatch ? 1 : 0,
            input?.storage.pointer, gains.storage.pointer, offsets.storage.pointer, planes,
            range.lowerBound, range.upperBound)
        }
        return [input] + (hasGain ? [gains] : []) + (hasOffset ? [offsets] : [])
      })
  }

  /// The axes as the kernels count them.
  var planes: sentio_planes {
    sentio_planes(
      batches: shape[0], channels: shape[1], spatial: shape.dropFirst(2).reduce(1, *))
  }

  /// Stops where this has no channels, or parameters of another number of them.
  func requireChannels(
    _ mean: Tensor?, _ variance: Tensor?, _ gain: Tensor?, _ offset: Tensor?, _ name: StaticString,
    _ file: StaticString, _ line: UInt
  ) {
    require(rank >= 2, "\(name) needs [N, C, …], and the shape is \(shape)", file, line)
    let all = [
      ("a mean", mean), ("a variance", variance), ("a gain", gain), ("an offset", offset),
    ]
    for (what, tensor) in all {
      guard let tensor else { continue }
      require(
        tensor.shape == [shape[1]],
        "\(name): \(what) of shape \(tensor.shape) does not fit the channels of \(shape)", file,
        line)
    }
  }
}
