import CSentioTensorKernels

extension RecurrentPass {
  /// The gradients of the inputs, the initial state, and each direction's tensors, in this order.
  ///
  /// Back through the steps go the gradients of the sums alone. Those of inputs and weights are products over
  /// all steps of all sequences at once.
  ///
  /// - Parameters:
  ///   - kept: what the forward way left; it is overwritten.
  ///   - arriving: the gradients of the results.
  ///   - wanted: which gradients are.
  /// - Returns: the gradients; nil where none is wanted.
  func backward(
    _ kept: Kept, _ arriving: ArrivingGradients.Parts, wanted: [Bool]
  ) -> [Tensor?] {
    let (batch, units) = (extents.batch, extents.units)
    let hiddenStart = Tensor(uninitialized: [batch, units])
    let cellStart = cell.hasCellState ? Tensor(uninitialized: [batch, units]) : nil
    // Sums in double precision, as two floats' memory each, of every block and direction.
    let biasCount = sums + extents.padded
    let biasSums = Tensor.zeros([extents.directions, blocks, 2 * biasCount])
    goBack(kept, arriving, hiddenStart, cellStart, biasSums)

    var wanted = wanted[...]
    var gradients: [Tensor?] = []
    gradients.append(wanted.removeFirst() ? inputGradient(kept.gates) : nil)
    if initial != nil { gradients.append(wanted.removeFirst() ? hiddenStart : nil) }
    if initial?.cell != nil { gradients.append(wanted.removeFirst() ? cellStart : nil) }
    var weightsWanted: [(input: Bool, recurrent: Bool)] = []
    var rest = wanted
    for weights in directions {
      weightsWanted.append((rest.removeFirst(), rest.removeFirst()))
      rest = rest.dropFirst(weights.tensors.count - 2)
    }
    let products = weightGradients(kept, weightsWanted)
    for (direction, weights) in directions.enumerated() {
      wanted = wanted.dropFirst(2)
      gradients += [products[direction].input, products[direction].recurrent]
      let biases = biasGradients(biasSums, direction)
      if weights.inputBias != nil {
        gradients.append(wanted.removeFirst() ? biases.input : nil)
      }
      if weights.recurrentBias != nil {
        gradients.append(wanted.removeFirst() ? biases.recurrent : nil)
      }
    }
    return gradients
  }

  /// Goes through the steps and turns the gates' values into the gradients of their sums.
  private func goBack(
    _ kept: Kept, _ arriving: ArrivingGradients.Parts, _ hiddenStart: Tensor, _ cellStart: Tensor?,
    _ biasSums: Tensor
  ) {
    let count = extents.directions
    let panels = directions.map { $0.recurrentBackPanels(cell, narrow: narrow) }
    let biasCount = sums + extents.padded
    let biases = UnsafeMutableRawPointer(biasSums.storage.pointer).assumingMemoryBound(
      to: Double.self)
    func work(_ direction: Int, _ rows: Range<Int>) -> sentio_recurrent_backward {
      sentio_recurrent_backward(
        layer: layer(direction, rows), truncation: truncation,
        back_panels: panels[direction].pointer,
        y: walk(arriving.output, direction, rows, width: extents.hidden, directions: count),
        hidden_end: state(arriving.hidden, direction, rows),
        cell_end: state(arriving.cell, direction, rows), end_row: extents.units,
        gates: walk(kept.gates, direction, rows, width: sums, directions: count),
        hidden_before: walk(
          kept.hidden, direction, rows, width: extents.padded, directions: count),
        cell_before: walk(kept.cell, direction, rows, width: extents.padded, directions: count),
        candidate: walk(kept.candidate, direction, rows, width: extents.padded, directions: count),
        bias: nil, candidate_bias: nil, hidden_start: state(hiddenStart, direction, rows),
        cell_start: state(cellStart, direction, rows), start_row: extents.units)
    }
    // Blocks have one size, or the last has a sequence more.
    let size = [0, blocks - 1].map { block in
      var work = work(0, rows(of: block))
      return sentio_recurrent_backward_scratch(&work)
    }.max()!
    forEachBlock(scratch: size) { direction, block, scratch in
      var work = work(direction, rows(of: block))
      work.bias = biases + (direction * blocks + block) * biasCount
      if cell == .gru(resetAfter: true) { work.candidate_bias = work.bias + sums }
      sentio_recurrent_backward(&work, scratch)
    }
    withExtendedLifetime((panels, mask, dropout, arriving, kept)) {}
  }

  /// `[G·H]` each: the blocks' sums, added in their order.
  private func biasGradients(
    _ biasSums: Tensor, _ direction: Int
  ) -> (input: Tensor, recurrent: Tensor) {
    let (hidden, count) = (extents.hidden, sums + extents.padded)
    let ordered = Tensor(uninitialized: [count])
    let blockSums = UnsafeMutableRawPointer(biasSums.storage.pointer).assumingMemoryBound(
      to: Double.self)
    for index in 0..<count {
      var sum = 0.0
      for block in 0..<blocks { sum += blockSums[(direction * blocks + block) * count + index] }
      ordered.storage.pointer[index] = Float(sum)
    }
    let input = Tensor(uninitialized: [cell.gateCount * hidden])
    sentio_recurrent_restore_rows(
      cell.kernel, ordered.storage.pointer, 1, hidden, 1, ~0, input.storage.pointer)
    guard cell == .gru(resetAfter: true) else { return (input, input) }
    let recurrent = Tensor(uninitialized: [cell.gateCount * hidden])
    recurrent.storage.pointer.update(from: input.storage.pointer, count: 2 * hidden)
    (recurrent.storage.pointer + 2 * hidden).update(
      from: ordered.storage.pointer + sums, count: hidden)
    return (input, recurrent)
  }
}
