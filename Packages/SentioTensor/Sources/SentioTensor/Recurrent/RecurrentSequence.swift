import CSentioTensorKernels
import Synchronization

extension Tensor {
  /// A recurrent layer over whole sequences, as one operation.
  ///
  /// In a scope of `Compute.with(precision: .bfloat16)` the factors of the products are rounded; sums, gates and
  /// states stay in single precision.
  ///
  /// - Parameters:
  ///   - cell: what happens in a step.
  ///   - weights: of the forward direction.
  ///   - reverse: of the direction that goes through the sequence from its end; none if nil.
  ///   - initial: the state before the first step, `[N, H]` or `[N, 2H]`; zeros if nil.
  ///   - mask: which steps count; all if nil. Whatever stands at the others, NaN included, influences nothing
  ///     and receives a gradient of 0.
  ///   - dropout: what inputs and state are multiplied by at every step; ones if nil.
  ///   - truncation: the steps, counted from where a direction starts, after which the gradient goes no further
  ///     back; nil for no end. The values are the same, and so are the gradients, as of parts of that length with
  ///     `RecurrentState.detached()` between them.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: for these inputs `[N, L, D]` the output `[N, L, H]`, or `[N, L, 2H]` with the forward units
  ///   first, and the final state. An input that is not a number makes its sequence's outputs NaN from there on,
  ///   and no other's; an infinite one saturates gates. Without steps the state is the initial one.
  ///
  /// *Reference:* `torch.nn.RNN`, `LSTM` and `GRU`, 2.x, of one layer with `batch_first`; masks as
  /// `torch.nn.utils.rnn.pack_padded_sequence`.
  public func recurrent(
    _ cell: RecurrentCell, _ weights: RecurrentWeights, reverse: RecurrentWeights? = nil,
    from initial: RecurrentState? = nil, mask: SequenceMask? = nil,
    dropout: RecurrentDropout? = nil, truncation: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> RecurrentResult {
    let directions = [weights] + [reverse].compactMap { $0 }
    let extents = RecurrentExtents(
      self, cell, directions, initial, dropout, truncation, file, line)
    let mask = mask?.tensor(extents.batch, extents.steps, file, line)
    var x = self
    if let factors = dropout?.input {
      x = x * factors.reshaped([extents.batch, 1, extents.inputs] as Shape)
    }
    guard extents.batch > 0 && extents.steps > 0 else {
      let zeros = Tensor.zeros([extents.batch, extents.units])
      return RecurrentResult(
        output: .zeros([extents.batch, extents.steps, extents.units]),
        state: initial
          ?? RecurrentState(hidden: zeros, cell: cell.hasCellState ? zeros : nil))
    }

    let inputs =
      [x] + [initial?.hidden, initial?.cell].compactMap { $0 } + directions.flatMap(\.tensors)
    let isRecorded = inputs.contains { $0.recordedPlace != nil }
    let pass = RecurrentPass(
      cell: cell, extents: extents, directions: directions.map { $0.detached() },
      x: mask.map { x.cleared(where: $0) } ?? x.detached(), initial: initial?.detached(),
      mask: mask,
      dropout: dropout?.state, truncation: truncation ?? 0,
      narrow: Compute.multipliesInBFloat16 && sentio_recurrent_has_narrow() != 0)
    guard isRecorded else { return pass.forward(keeping: false).result }

    let wanted = inputs.map { $0.recordedPlace != nil }
    let (result, kept) = pass.forward(keeping: true)
    // The three results have one derivative. Each leaves the gradient that arrives at it with the record, and
    // a number that stands for all three, recorded before them and so passed after them, goes back from there.
    let arriving = ArrivingGradients()
    let hub = Tensor(0).derived(
      fromAll: inputs, { _ in pass.backward(kept!, arriving.take(), wanted: wanted) })
    return RecurrentResult(
      output: result.output.derived(from: hub, { arriving.leave($0, at: \.output) }),
      state: RecurrentState(
        hidden: result.state.hidden.derived(from: hub, { arriving.leave($0, at: \.hidden) }),
        cell: result.state.cell?.derived(from: hub, { arriving.leave($0, at: \.cell) })))
  }
}

/// The gradients of a layer's results, collected until its derivative is computed.
final class ArrivingGradients: Sendable {
  struct Parts: Sendable {
    var output: Tensor?
    var hidden: Tensor?
    var cell: Tensor?
  }

  private let parts = Mutex(Parts())

  /// Keeps a gradient; the number that goes on to the record stands for nothing.
  func leave(
    _ gradient: Tensor, at part: WritableKeyPath<Parts, Tensor?> & Sendable
  ) -> Tensor {
    parts.withLock { $0[keyPath: part] = gradient.detached() }
    return Tensor(0)
  }

  /// The gradients, which are no longer kept.
  func take() -> Parts {
    parts.withLock { parts in
      defer { parts = Parts() }
      return parts
    }
  }
}
