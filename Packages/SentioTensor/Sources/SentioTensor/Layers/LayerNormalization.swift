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
    // Two passes of sums and one of writing.
    ParallelLoop.run(rows, cost: 4 * columns) { range in
      let start = range.lowerBound
      sentio_row_normalize(
        input + start * columns, gain?.storage.pointer, offset?.storage.pointer, epsilon,
        output + start * columns, mean.map { $0 + start }, inverse.map { $0 + start }, range.count,
        columns)
    }
    guard let statistics else { return result }
    let (x, wanted) = (self, ([self] + parameters).map { $0.recordedPlace != nil })
    let hasGain = gain != nil
    return result.derived(
      fromAll: [self] + parameters,
      { gradient in
        let wantsGain = hasGain && wanted[1]
        let wantsOffset = wanted.count > (hasGain ? 2 : 1) && wanted[wanted.count - 1]
        let all = x.normalizationGradients(
          gradient, gain, statistics, input: wanted[0], gain: wantsGain, offset: wantsOffset)
        return [all.input] + (hasGain ? [all.gain] : [])
          + (wanted.count > (hasGain ? 2 : 1) ? [all.offset] : [])
      })
  }

  /// The gradients of the input, which this is, of gain and of offset, as far as they are wanted; `addend`, which has
  /// the input's shape, is added to that of the input.
  ///
  /// One pass over blocks of rows; each block's share of the parameters' sums is added up afterwards, and the
  /// blocks do not depend on the number of threads.
  func normalizationGradients(
    _ gradient: Tensor, _ gain: Tensor?, _ statistics: Tensor, input wantsInput: Bool,
    gain wantsGain: Bool, offset wantsOffset: Bool, adding addend: Tensor? = nil
  ) -> (input: Tensor?, gain: Tensor?, offset: Tensor?) {
    let blockRows = 64
    let columns = shape[rank - 1]
    let rows = count / columns
    let blocks = (rows + blockRows - 1) / blockRows
    let result = wantsInput ? Tensor(uninitialized: shape) : nil
    let gains = wantsGain ? Tensor(uninitialized: [blocks, columns]) : nil
    let offsets = wantsOffset ? Tensor(uninitialized: [blocks, columns]) : nil
    let (x, g, mean) = (storage.pointer, gradient.storage.pointer, statistics.storage.pointer)
    let out = result?.storage.pointer
    let added = addend?.storage.pointer
    let (gainSums, offsetSums) = (gains?.storage.pointer, offsets?.storage.pointer)
    ParallelLoop.run(blocks, cost: 4 * blockRows * columns) { range in
      for block in range {
        let first = block * blockRows
        let start = first * columns
        sentio_row_normalize_gradients(
          x + start, gain?.storage.pointer, mean + first, mean + rows + first, g + start,
          added.map { $0 + start }, out.map { $0 + start }, gainSums.map { $0 + block * columns },
          offsetSums.map { $0 + block * columns }, Swift.min(blockRows, rows - first), columns)
      }
    }
    withExtendedLifetime(addend) {}
    return (result, gains?.summed([0]), offsets?.summed([0]))
  }
}
