import SentioTensor

extension RecurrentLayer {
  /// All layers, one after the other.
  func compute(
    _ x: Tensor, from states: [RecurrentState]?, mask: SequenceMask?
  ) -> (output: Tensor, states: [RecurrentState]) {
    precondition(x.rank == 3, "a recurrent layer takes [N, L, D], and this is \(x.shape)")
    precondition(
      states == nil || states?.count == layerCount,
      "\(states?.count ?? 0) states for \(layerCount) recurrent layers")
    var sequence = x
    var finals: [RecurrentState] = []
    let perLayer = isBidirectional ? 2 : 1
    for layer in 0..<layerCount {
      if layer > 0 { sequence = droppedBetween(sequence, layer) }
      let forward = directions.list[layer * perLayer]
      let reverse = isBidirectional ? directions.list[layer * perLayer + 1] : nil
      let result = sequence.recurrent(
        cell, forward.weights, reverse: reverse?.weights, from: states?[layer], mask: mask,
        dropout: factors(sequence, layer), truncation: truncation)
      finals.append(result.state)
      let isSum = isResidual && sequence.shape == result.output.shape
      sequence = isSum ? result.output + cleared(sequence, mask) : result.output
    }
    return (output == .sequence ? sequence : finals[layerCount - 1].hidden, finals)
  }

  /// What a layer passes to the next, in training with zeros in it.
  private func droppedBetween(_ sequence: Tensor, _ layer: Int) -> Tensor {
    guard let pass = site.training, dropout.betweenLayers > 0 else { return sequence }
    return pass.draw(for: site, "between.l\(layer)") {
      sequence.dropout(dropout.betweenLayers, from: &$0)
    }
  }

  /// What inputs and state are multiplied by at every step, in training.
  private func factors(_ sequence: Tensor, _ layer: Int) -> RecurrentDropout? {
    guard let pass = site.training, dropout.input > 0 || dropout.state > 0 else { return nil }
    return pass.draw(for: site, "steps.l\(layer)") {
      RecurrentDropout(
        input: dropout.input, state: dropout.state, batch: sequence.shape[0],
        inputs: sequence.shape[2], units: units * (isBidirectional ? 2 : 1), from: &$0)
    }
  }

  /// The sequence with zeros at the steps that do not count.
  private func cleared(_ sequence: Tensor, _ mask: SequenceMask?) -> Tensor {
    guard let mask else { return sequence }
    let counts = mask.stepMask(batch: sequence.shape[0], steps: sequence.shape[1])
    return Tensor.select(where: counts.expanded(at: 2), sequence, else: Tensor(0))
  }
}

extension SequenceMask {
  /// The mask as `[N, L]`: 1 where a step counts, 0 elsewhere.
  ///
  /// - Parameters:
  ///   - batch: N.
  ///   - steps: L.
  /// - Returns: the tensor.
  public func stepMask(batch: Int, steps: Int) -> Tensor {
    switch self {
    case .steps(let mask):
      precondition(
        mask.shape == [batch, steps],
        "a mask of shape \(mask.shape) does not fit \(batch) sequences of \(steps) steps")
      return mask.detached() .!= Tensor(0)
    case .lengths(let lengths):
      precondition(
        lengths.count == batch && lengths.allSatisfy { (0...steps).contains($0) },
        "lengths \(lengths) do not fit \(batch) sequences of \(steps) steps")
      let places = Tensor.ramp(steps).reshaped([1, steps])
      return places .< Tensor(lengths.map(Float.init), shape: [batch, 1])
    }
  }
}
