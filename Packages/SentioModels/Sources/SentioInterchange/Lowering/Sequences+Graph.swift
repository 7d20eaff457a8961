import SentioModels
import SentioNN
import SentioTensor

extension SequenceClassifier: GraphLayer {
  /// The recurrent layers, the readout, and the head.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let divisor = graph.graph.takesLengths ? 1 : nil
    return try graph.apply(head, to: vector(x, in: &graph, lengthDivisor: divisor))
  }

  private func vector(
    _ x: GraphValue, in graph: inout GraphBuilder, lengthDivisor: Int?
  ) throws -> GraphValue {
    if settings.readout == .last, !settings.stack.isResidual {
      return try recurrent.lowered(
        x, in: &graph, lengthDivisor: lengthDivisor, givesLast: true)
    }
    guard lengthDivisor == nil || settings.readout == .last else {
      throw graph.unsupported(
        "a readout by \(settings.readout.rawValue) is not exported with lengths: leave out --lengths, or train one "
          + "that reads the last step")
    }
    let sequence = try recurrent.lowered(x, in: &graph, lengthDivisor: lengthDivisor)
    switch settings.readout {
    case .mean: return graph.mean(sequence, axes: [1])
    case .attention:
      guard let pooling else { throw graph.unsupported("the network has no attention") }
      return try graph.apply(pooling, to: sequence)
    case .last:
      // A residual layer's sum with its input is in the sequence only, not in the state.
      let (steps, units) = (sequence.shape[1], settings.stack.units)
      let last = graph.select(sequence, steps - 1, axis: 1)
      guard settings.stack.isBidirectional else { return last }
      let first = graph.select(sequence, 0, axis: 1)
      return graph.concatenate(
        [
          graph.slice(last, 0..<units, axis: 1), graph.slice(first, units..<2 * units, axis: 1),
        ], axis: 1)
    }
  }
}

extension SequenceLabeler: GraphLayer {
  /// The recurrent layers, and the head at every step.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let divisor = graph.graph.takesLengths ? 1 : nil
    let sequence = try recurrent.lowered(x, in: &graph, lengthDivisor: divisor)
    return try graph.apply(head, to: sequence)
  }
}

extension SequenceGenerator: GraphLayer {
  /// The tokens' rows, the recurrent layers, and the head at every step; condition 0 where there are conditions.
  ///
  /// One pass over tokens that are known. Whoever generates with it runs it again for each token that was drawn.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    guard x.shape.rank == 2 else {
      throw graph.unsupported("tokens are [N, L], and the input is \(x.shape)")
    }
    var y = graph.rows(x, of: try graph.constant("weight", of: embedding))
    if let condition {
      let first = condition.weight.selected(0, axis: 0)
      y = graph.add(y, graph.table("condition.first", first))
    }
    y = try recurrent.lowered(
      y, in: &graph, lengthDivisor: graph.graph.takesLengths ? 1 : nil)
    return try graph.apply(head, to: y)
  }
}

extension SequenceTranslator: GraphLayer {
  /// Not exported: decoding is a loop that ends where the network says so, and graphs have none.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    throw graph.unsupported(
      "encoders with decoders are not exported, since decoding is a loop of unknown length: keep the .sentio file"
    )
  }
}
