/// The sizes of a recurrent layer at work, checked against all that it is given.
struct RecurrentExtents: Sendable {
  let batch: Int
  let steps: Int
  /// D.
  let inputs: Int
  /// H.
  let hidden: Int
  let directions: Int

  /// What a row of the output holds.
  var units: Int { directions * hidden }
  /// H, filled up to whole vectors.
  var padded: Int { paddedUnits(hidden) }

  /// Stops the program at the caller's line where something does not fit.
  init(
    _ x: Tensor, _ cell: RecurrentCell, _ directions: [RecurrentWeights],
    _ initial: RecurrentState?, _ dropout: RecurrentDropout?, _ truncation: Int?,
    _ file: StaticString, _ line: UInt
  ) {
    require(
      x.rank == 3, "recurrent: inputs are [N, L, D], and the shape is \(x.shape)", file, line)
    let recurrent = directions[0].recurrent.shape
    require(
      recurrent.rank == 2 && recurrent[1] > 0 && recurrent[0] == cell.gateCount * recurrent[1],
      "recurrent: weights \(recurrent) of the state are not [\(cell.gateCount)·H, H], as \(cell) "
        + "with inputs \(x.shape) needs", file, line)
    (batch, steps, inputs) = (x.shape[0], x.shape[1], x.shape[2])
    (hidden, self.directions) = (recurrent[1], directions.count)
    for weights in directions {
      require(
        weights.input.shape == [recurrent[0], inputs],
        "recurrent: weights \(weights.input.shape) of the inputs do not fit inputs \(x.shape) and "
          + "weights \(recurrent) of the state", file, line)
      require(
        weights.recurrent.shape == recurrent,
        "recurrent: weights \(weights.recurrent.shape) of the reverse direction do not fit "
          + "\(recurrent) of the forward one", file, line)
      for bias in [weights.inputBias, weights.recurrentBias].compactMap({ $0 }) {
        require(
          bias.shape == [recurrent[0]],
          "recurrent: a bias of shape \(bias.shape) does not fit weights \(recurrent)", file, line)
      }
    }
    let state: Shape = [batch, units]
    for tensor in [initial?.hidden, initial?.cell].compactMap({ $0 }) {
      require(
        tensor.shape == state,
        "recurrent: an initial state of shape \(tensor.shape) is not \(state), as inputs \(x.shape) "
          + "need", file, line)
    }
    require(
      initial == nil || (initial?.cell != nil) == cell.hasCellState,
      "recurrent: the initial state of \(cell) \(cell.hasCellState ? "needs" : "has no") cells",
      file,
      line)
    if let factors = dropout?.input {
      require(
        factors.shape == [batch, inputs],
        "recurrent: dropout of shape \(factors.shape) does not fit inputs \(x.shape)", file, line)
    }
    if let factors = dropout?.state {
      require(
        factors.shape == state,
        "recurrent: dropout of shape \(factors.shape) does not fit states \(state)", file, line)
    }
    require(
      truncation == nil || truncation! > 0,
      "recurrent: a gradient cannot be truncated to \(truncation ?? 0) steps", file, line)
  }
}
