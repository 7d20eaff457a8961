import CSentioTensorKernels

extension Tensor {
  /// The rows along the last axis, brought to mean 0 and variance 1, then scaled and shifted.
  ///
  /// `(x − mean) / √(variance + ε) · gain + offset`, with the population's variance.
  ///
  /// - Parameters:
  ///   - gain: `[D]` for an axis of extent D; ones if nil.
  ///   - offset: `[D]`; zeros if nil.
  ///   - epsilon: keeps the divisor from 0.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape.
  ///
  /// *Reference:* `torch.nn.functional.layer_norm`, 2.x.
  public func layerNormalized(
    gain: Tensor? = nil, offset: Tensor? = nil, epsilon: Float = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = resolvedAxis(-1, rank: rank, shape, file, line)
    let columns = shape[axis]
    let parameters = [gain, offset].compactMap { $0 }
    for parameter in parameters {
      require(
        parameter.shape == [columns],
        "gain and offset of shape \(parameter.shape) do not fit \(shape)", file, line)
    }
    let result = Tensor(uninitialized: shape)
    guard count > 0 else { return result }
    let rows = count / columns
    let isRecorded = ([self] + parameters).contains { $0.recordedPlace != nil }
    // What each row was shifted and scaled by is worth keeping for the way back only.
    let statistics = isRecorded ? Tensor(uninitialized: [2, rows]) : nil
    let input = storage.pointer
    let output = result.storage.pointer
    let mean = statistics?.storage.pointer
    let inverse = mean.map { $0 + rows }
    ParallelLoop.run(rows, cost: 2 * columns) { range in
      let start = range.lowerBound
      sentio_row_normalize(
        input + start * columns, gain?.storage.pointer, offset?.storage.pointer, epsilon,
        output + start * columns, mean.map { $0 + start }, inverse.map { $0 + start }, range.count,
        columns)
    }
    guard let statistics else { return result }
    let x = self
    let hasGain = gain != nil
    return result.derived(
      fromAll: [self] + parameters,
      { gradient in
        let input = x.normalizationGradient(gradient, gain, statistics)
        if parameters.isEmpty { return [input] }
        let (gains, offsets) = x.parameterGradients(gradient, statistics)
        return [input] + (parameters.count == 2 ? [gains, offsets] : [hasGain ? gains : offsets])
      })
  }

  /// The gradient of the input, which this is.
  private func normalizationGradient(
    _ gradient: Tensor, _ gain: Tensor?, _ statistics: Tensor
  ) -> Tensor {
    let columns = shape[rank - 1]
    let rows = count / columns
    let result = Tensor(uninitialized: shape)
    let (x, g) = (storage.pointer, gradient.storage.pointer)
    let (mean, out) = (statistics.storage.pointer, result.storage.pointer)
    ParallelLoop.run(rows, cost: 3 * columns) { range in
      let (first, start) = (range.lowerBound, range.lowerBound * columns)
      sentio_row_normalize_gradient(
        x + start, gain?.storage.pointer, mean + first, mean + rows + first, g + start, out + start,
        range.count, columns)
    }
    return result
  }

  /// The gradients of gain and offset for this input.
  private func parameterGradients(
    _ gradient: Tensor, _ statistics: Tensor
  ) -> (gain: Tensor, offset: Tensor) {
    let columns = shape[rank - 1]
    let rows = count / columns
    let gain = Tensor(uninitialized: [columns])
    let offset = Tensor(uninitialized: [columns])
    let (x, g) = (storage.pointer, gradient.storage.pointer)
    let mean = statistics.storage.pointer
    let (gains, offsets) = (gain.storage.pointer, offset.storage.pointer)
    ParallelLoop.run(columns, cost: 2 * rows) { range in
      let start = range.lowerBound
      sentio_column_normalize_gradient(
        x + start, mean, mean + rows, g + start, gains + start, offsets + start, rows, range.count,
        columns)
    }
    return (gain, offset)
  }
}
