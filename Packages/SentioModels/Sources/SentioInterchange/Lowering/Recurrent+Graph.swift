import SentioModels
import SentioNN
import SentioTensor

extension RecurrentLayer: GraphLayer {
  /// One operation a layer.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try lowered(x, in: &graph, lengthDivisor: nil)
  }

  /// One operation a layer, over as many steps as the graph's lengths say.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - graph: takes the operations.
  ///   - lengthDivisor: what lengths are divided by, rounded up; nil where all steps count.
  ///   - givesLastState: whether the last state comes out, whatever the layer's own output is.
  /// - Returns: the output.
  /// - Throws: `InterchangeError` where layers are residual and lengths count.
  func lowered(
    _ x: GraphValue, in graph: inout GraphBuilder, lengthDivisor: Int?,
    givesLast givesLastState: Bool = false
  ) throws -> GraphValue {
    var sequence = x
    for layer in 0..<layerCount {
      let isLast = layer == layerCount - 1
      let directions = try (isBidirectional ? ["", "_reverse"] : [""]).map { suffix in
        let key = "l\(layer)\(suffix)"
        return GraphRecurrence.Direction(
          input: try graph.constant("weight_ih_\(key)", of: self).name,
          recurrent: try graph.constant("weight_hh_\(key)", of: self).name,
          inputBias: graph.optionalConstant("bias_ih_\(key)", of: self)?.name,
          recurrentBias: graph.optionalConstant("bias_hh_\(key)", of: self)?.name)
      }
      let givesLast = isLast && (givesLastState || output == .last)
      let features = units * directions.count
      let recurrence = GraphRecurrence(
        cell: cell, units: units, directions: directions, givesLast: givesLast,
        lengthDivisor: lengthDivisor)
      let extents = givesLast ? [features] : [sequence.shape[1], features]
      let y = graph.add(
        .recurrent(recurrence), [sequence],
        GraphShape(extents, multiple: sequence.shape.multiple))
      let isSum = isResidual && y.shape == sequence.shape
      guard !(isSum && lengthDivisor != nil) else {
        throw graph.unsupported("residual recurrent layers are not exported with lengths")
      }
      sequence = isSum ? graph.add(y, sequence) : y
    }
    return sequence
  }
}

extension ConvolutionBlock: GraphLayer {
  /// Convolution, normalization, rectification, pooling.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try lowered(x, in: &graph, mask: nil)
  }

  /// The same, with zeros where a frame does not count.
  func lowered(
    _ x: GraphValue, in graph: inout GraphBuilder, mask: GraphValue?
  ) throws -> GraphValue {
    var y = try graph.apply(norm, to: graph.apply(convolution, to: x))
    y = graph.function(.fused(.relu), y)
    if let mask { y = graph.add(.masked, [y, mask], y.shape) }
    guard poolSize > 1 else { return y }
    return try graph.pool(y, .maximum, kernel: [poolSize], strides: [poolSize])
  }
}

extension CRNN: GraphLayer {
  /// The blocks, both LSTMs, and the layers behind them.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let masked = graph.graph.takesLengths
    let steps = x.shape[1]
    var divisor = 1
    var y = graph.permute(x, [0, 2, 1])
    if masked {
      y = graph.add(.masked, [y, graph.stepMask(steps: steps, divisor: 1)], y.shape)
    }
    for block in blocks {
      let mask = masked ? graph.stepMask(steps: y.shape[2], divisor: divisor) : nil
      y = try block.lowered(y, in: &graph, mask: mask)
      divisor *= block.poolSize
    }
    let left = masked ? divisor : nil
    y = try lstm1.lowered(graph.permute(y, [0, 2, 1]), in: &graph, lengthDivisor: left)
    y = try lstm2.lowered(y, in: &graph, lengthDivisor: left)
    return try graph.apply(head, to: graph.apply(dense, to: y))
  }
}

extension GraphBuilder {
  /// Which steps count, `[N, 1, steps]`: those before the graph's lengths divided by a number, rounded up.
  mutating func stepMask(steps: Int, divisor: Int) -> GraphValue {
    add(.stepMask(steps: steps, divisor: divisor), [], GraphShape([1, steps]))
  }
}

extension SpectrogramCRNN: GraphLayer {
  /// The convolutions with their poolings, both LSTMs, and the layers behind them.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    var y = x.shape.rank == 4 ? graph.select(x, 0, axis: 1) : x
    for convolution in convolutions {
      y = try graph.pool(
        graph.apply(convolution, to: y), .maximum, kernel: [2], strides: [2])
    }
    y = try graph.apply(lstm1, to: graph.permute(y, [0, 2, 1]))
    y = try graph.apply(lstm2, to: y)
    return try graph.apply(head, to: graph.apply(dense, to: y))
  }
}

extension GenreMLP: GraphLayer {
  /// All numbers in a row, and the dense layers.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    var y = graph.reshape(x, [x.shape.extents.reduce(1, *)])
    for layer in dense { y = try graph.apply(layer, to: y) }
    return try graph.apply(head, to: y)
  }
}

extension GenreCNN: GraphLayer {
  /// The convolutions with their poolings, and the dense layers over frames.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    var y = graph.reshape(x, [1] + x.shape.extents)
    y = try graph.apply(pool, to: graph.apply(convolutions[0], to: y))
    y = try graph.apply(pool, to: graph.apply(convolutions[1], to: y))
    y = graph.permute(try graph.apply(convolutions[2], to: y), [0, 2, 3, 1])
    y = graph.reshape(y, [y.shape.extents.reduce(1, *)])
    return try graph.apply(head, to: graph.apply(dense, to: y))
  }
}

extension GenreRecurrentNetwork: GraphLayer {
  /// Both recurrent layers, and the dense layers.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let divisor = graph.graph.takesLengths ? 1 : nil
    var y = try first.lowered(x, in: &graph, lengthDivisor: divisor)
    y = try second.lowered(y, in: &graph, lengthDivisor: divisor)
    return try graph.apply(head, to: graph.apply(dense, to: y))
  }
}

extension SequenceEmotionNetwork: GraphLayer {
  /// Normalization, the blocks, the LSTM, and valence and arousal at every step.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let mask = graph.graph.takesLengths ? graph.stepMask(steps: x.shape[1], divisor: 1) : nil
    func cleared(_ y: GraphValue, _ graph: inout GraphBuilder) -> GraphValue {
      mask.map { graph.add(.masked, [y, $0], y.shape) } ?? y
    }
    var y = cleared(graph.permute(x, [0, 2, 1]), &graph)
    y = cleared(try graph.apply(inputNorm, to: y), &graph)
    for block in blocks { y = try block.lowered(y, in: &graph, mask: mask) }
    y = try lstm.lowered(
      graph.permute(y, [0, 2, 1]), in: &graph, lengthDivisor: mask == nil ? nil : 1)
    let emotions = try graph.apply(head, to: y)
    guard let mask else { return emotions }
    return graph.add(.masked, [emotions, graph.permute(mask, [0, 2, 1])], emotions.shape)
  }
}
