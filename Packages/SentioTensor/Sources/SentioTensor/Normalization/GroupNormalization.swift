import CSentioTensorKernels

extension Tensor {
  /// Groups of neighbouring channels brought to mean 0 and variance 1 in each example by itself.
  ///
  /// `(x − mean) / √(variance + ε) · gain + offset`, with mean and (the population's) variance over the
  /// channels of a group and all their places; gain and offset by channel. Training and inference are
  /// the same. A group with a NaN or an infinity becomes NaN.
  ///
  /// - Parameters:
  ///   - groups: how many; they divide the channels.
  ///   - gain: γ, `[C]`; ones if nil.
  ///   - offset: β, `[C]`; zeros if nil.
  ///   - epsilon: keeps the divisor from 0.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape as this `[N, C, …]`.
  ///
  /// *Reference:* `torch.nn.functional.group_norm`, 2.x.
  public func groupNormalized(
    groups: Int, gain: Tensor? = nil, offset: Tensor? = nil, epsilon: Float = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireChannels(nil, nil, gain, offset, "groupNormalized", file, line)
    require(
      groups > 0 && shape[1] % groups == 0,
      "groupNormalized: \(groups) groups do not divide the channels of \(shape)", file, line)
    let result = Tensor(uninitialized: shape)
    guard count > 0 else { return result }
    let isRecorded = [self, gain, offset].contains { $0?.recordedPlace != nil }
    let rows = shape[0] * groups
    let statistics = isRecorded ? Tensor(uninitialized: [2, rows]) : nil
    let mean = statistics?.storage.pointer
    let planes = self.planes
    let (x, out) = (storage.pointer, result.storage.pointer)
    ParallelLoop.run(rows, cost: 2 * count / rows) { range in
      sentio_group_normalize(
        x, gain?.storage.pointer, offset?.storage.pointer, epsilon, out, mean,
        mean.map { $0 + rows },
        planes, groups, range.lowerBound, range.upperBound)
    }
    guard let statistics else { return result }
    let (input, needsInput) = (self, recordedPlace != nil)
    return result.derived(
      fromAll: [self] + [gain, offset].compactMap { $0 },
      { gradient in
        let parts = input.groupGradients(
          gradient, gain, hasOffset: offset != nil, statistics, groups, needsInput)
        return [parts.input] + (gain == nil ? [] : [parts.gain])
          + (offset == nil ? [] : [parts.offset])
      })
  }

  /// Channels brought to mean 0 and variance 1, each in each example by itself.
  ///
  /// ``groupNormalized(groups:gain:offset:epsilon:file:line:)`` with a channel a group.
  ///
  /// - Parameters:
  ///   - gain: γ, `[C]`; ones if nil.
  ///   - offset: β, `[C]`; zeros if nil.
  ///   - epsilon: keeps the divisor from 0.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape as this `[N, C, …]`.
  ///
  /// *Reference:* `torch.nn.functional.instance_norm`, 2.x.
  public func instanceNormalized(
    gain: Tensor? = nil, offset: Tensor? = nil, epsilon: Float = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(rank >= 2, "instanceNormalized needs [N, C, …], and the shape is \(shape)", file, line)
    return groupNormalized(
      groups: Swift.max(1, shape[1]), gain: gain, offset: offset, epsilon: epsilon, file: file,
      line: line)
  }

  /// The gradients of the input, which this is, and of gain and offset where there are any.
  private func groupGradients(
    _ gradient: Tensor, _ gain: Tensor?, hasOffset: Bool, _ statistics: Tensor, _ groups: Int,
    _ needsInput: Bool
  ) -> (input: Tensor?, gain: Tensor?, offset: Tensor?) {
    let (batches, channels) = (shape[0], shape[1])
    let rows = batches * groups
    let input = needsInput ? Tensor(uninitialized: shape) : nil
    // Threads share out groups; what these add to a channel's gradient is added up afterwards, in order.
    let gains = gain == nil ? nil : Tensor(uninitialized: [batches, channels])
    let offsets = hasOffset ? Tensor(uninitialized: [batches, channels]) : nil
    let planes = self.planes
    let mean = statistics.storage.pointer
    ParallelLoop.run(rows, cost: 3 * count / rows) { range in
      sentio_group_normalize_gradient(
        storage.pointer, gradient.storage.pointer, gain?.storage.pointer, mean, mean + rows,
        input?.storage.pointer, gains?.storage.pointer, offsets?.storage.pointer, planes, groups,
        range.lowerBound, range.upperBound)
    }
    return (input, gains?.sum(axes: 0), offsets?.sum(axes: 0))
  }
}
