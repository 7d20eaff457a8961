import CSentioTensorKernels

/// The weights of a direction as the kernels read them: made once, and kept with the weights until they change.
extension RecurrentWeights {
  /// Which of the forms.
  private enum Form: Int64 {
    case input = -101
    case recurrent = -102
    case inputBack = -103
    case recurrentBack = -104
  }

  /// For the inputs' part of the sums.
  func inputPanels(_ cell: RecurrentCell, narrow: Bool) -> TensorStorage {
    panels(input, .input, cell, depth: input.shape[1], narrow)
  }

  /// For the state's part.
  func recurrentPanels(_ cell: RecurrentCell, narrow: Bool) -> TensorStorage {
    panels(recurrent, .recurrent, cell, depth: paddedUnits(recurrent.shape[1]), narrow)
  }

  private func panels(
    _ weights: Tensor, _ form: Form, _ cell: RecurrentCell, depth: Int, _ narrow: Bool
  ) -> TensorStorage {
    let (hidden, columns) = (recurrent.shape[1], weights.shape[1])
    return weights.storage.form(key(form, cell, narrow, columns)) {
      let vectors = cell.gateCount * paddedUnits(hidden) / 16
      let result = TensorStorage(
        count: sentio_recurrent_panel_size(vectors, depth, narrow ? 1 : 0))
      sentio_recurrent_pack(
        cell.kernel, weights.storage.pointer, hidden, columns, depth, narrow ? 1 : 0, result.pointer
      )
      return result
    }!
  }

  /// For the way back to the state.
  func recurrentBackPanels(_ cell: RecurrentCell, narrow: Bool) -> TensorStorage {
    backPanels(recurrent, .recurrentBack, cell, narrow)
  }

  /// For the way back to the inputs.
  func inputBackPanels(_ cell: RecurrentCell, narrow: Bool) -> TensorStorage {
    backPanels(input, .inputBack, cell, narrow)
  }

  private func backPanels(
    _ weights: Tensor, _ form: Form, _ cell: RecurrentCell, _ narrow: Bool
  ) -> TensorStorage {
    let (hidden, columns) = (recurrent.shape[1], weights.shape[1])
    return weights.storage.form(key(form, cell, narrow, columns)) {
      let result = TensorStorage(
        count: sentio_recurrent_panel_size(
          paddedUnits(columns) / 16, cell.gateCount * paddedUnits(hidden), narrow ? 1 : 0))
      sentio_recurrent_pack_back(
        cell.kernel, weights.storage.pointer, hidden, columns, narrow ? 1 : 0, result.pointer)
      return result
    }!
  }

  private func key(_ form: Form, _ cell: RecurrentCell, _ narrow: Bool, _ columns: Int) -> FormKey {
    .packed(
      form: [form.rawValue, Int64(cell.gateCount), narrow ? 1 : 0],
      extents: [recurrent.shape[0], columns], strides: [])
  }

  /// The constant part of the sums, in their order, and the part that a GRU's reset gate scales.
  func biases(_ cell: RecurrentCell) -> (sums: Tensor, candidate: Tensor) {
    let hidden = recurrent.shape[1]
    let padded = paddedUnits(hidden)
    let sum = Tensor(uninitialized: [cell.gateCount * hidden])
    let candidate = Tensor.zeros([padded])
    // Where a GRU's reset gate scales the product, it scales this part of the bias too.
    let shared = cell == .gru(resetAfter: true) ? 2 * hidden : sum.count
    for index in 0..<sum.count {
      let first = inputBias?.storage.pointer[index] ?? 0
      let second = recurrentBias?.storage.pointer[index] ?? 0
      sum.storage.pointer[index] = index < shared ? first + second : first
      if index >= shared { candidate.storage.pointer[index - shared] = second }
    }
    let ordered = Tensor(uninitialized: [cell.gateCount * padded])
    sentio_recurrent_order_rows(
      cell.kernel, sum.storage.pointer, hidden, 1, ordered.storage.pointer)
    return (ordered, candidate)
  }
}

/// Hidden units, filled up to whole vectors of 16.
func paddedUnits(_ hidden: Int) -> Int { (hidden + 15) / 16 * 16 }
