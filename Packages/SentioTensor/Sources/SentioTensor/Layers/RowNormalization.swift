import CSentioTensorKernels

/// A normalization of rows by their mean and deviation, as a part of a fused operation reads it.
///
/// See ``Tensor/layerNormalized(gain:offset:epsilon:file:line:)``.
public struct RowNormalization: Sendable {
  /// What normalized rows are multiplied by, `[D]`.
  public var gain: Tensor
  /// What is added to them, `[D]`.
  public var offset: Tensor
  /// What keeps the divisor from 0.
  public var epsilon: Float

  /// Creates a normalization.
  ///
  /// - Parameters:
  ///   - gain: `[D]`.
  ///   - offset: `[D]`.
  ///   - epsilon: keeps the divisor from 0.
  public init(gain: Tensor, offset: Tensor, epsilon: Float = 1e-5) {
    self.gain = gain
    self.offset = offset
    self.epsilon = epsilon
  }

  /// Stops the program where gain and offset do not fit rows.
  func requireFit(_ shape: Shape, _ file: StaticString, _ line: UInt) {
    let features = shape.rank > 0 ? shape[shape.rank - 1] : 0
    require(
      shape.rank >= 1 && gain.shape == [features] && offset.shape == [features],
      "gain and offset of shapes \(gain.shape) and \(offset.shape) do not fit \(shape)", file, line)
  }
}

extension Tensor {
  /// The rows, normalized.
  func normalized(by normalization: RowNormalization, _ file: StaticString, _ line: UInt) -> Tensor
  {
    layerNormalized(
      gain: normalization.gain, offset: normalization.offset, epsilon: normalization.epsilon,
      file: file, line: line)
  }

  /// The rows, normalized, as a constant, with their means and inverse deviations, `[2, rows]`.
  func normalizedKeepingStatistics(
    by normalization: RowNormalization
  ) -> (rows: Tensor, statistics: Tensor) {
    let columns = shape[rank - 1]
    let rows = count / columns
    let (result, statistics) = (Tensor(uninitialized: shape), Tensor(uninitialized: [2, rows]))
    let (input, output) = (storage.pointer, result.storage.pointer)
    let (gain, offset) = (
      normalization.gain.storage.pointer, normalization.offset.storage.pointer
    )
    let mean = statistics.storage.pointer
    ParallelLoop.run(rows, cost: 4 * columns) { range in
      let start = range.lowerBound
      sentio_row_normalize(
        input + start * columns, gain, offset, normalization.epsilon, output + start * columns,
        mean + start, mean + rows + start, range.count, columns)
    }
    withExtendedLifetime((self, normalization)) {}
    return (result, statistics)
  }

  /// The rows, normalized and rounded; with `keepsStatistics` their means and inverse deviations, `[2, rows]`.
  func normalizedInBFloat16(
    by normalization: RowNormalization, keepsStatistics: Bool
  ) -> (rows: BFloat16Tensor, statistics: Tensor?) {
    let columns = shape[rank - 1]
    let rows = count / columns
    let result = BFloat16Tensor(uninitialized: shape)
    let statistics = keepsStatistics ? Tensor(uninitialized: [2, rows]) : nil
    let (input, output) = (storage.pointer, result.pointer)
    let (gain, offset) = (
      normalization.gain.storage.pointer, normalization.offset.storage.pointer
    )
    let mean = statistics?.storage.pointer
    ParallelLoop.run(rows, cost: 4 * columns) { range in
      let start = range.lowerBound
      sentio_row_normalize_narrow(
        input + start * columns, gain, offset, normalization.epsilon, output + start * columns,
        mean.map { $0 + start }, mean.map { $0 + rows + start }, range.count, columns)
    }
    withExtendedLifetime((self, normalization)) {}
    return (result, statistics)
  }
}
