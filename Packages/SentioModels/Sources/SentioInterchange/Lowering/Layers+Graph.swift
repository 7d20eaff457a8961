import SentioNN
import SentioTensor

// What the layers of SentioNN compute in inference, as operations; their formulas stand with the layers.

extension Linear: GraphLayer {
  /// Sums and activation; in a quantized layer of a rounded input.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let weight = try graph.constant("weight", of: self)
    var x = x
    if let quantized {
      x = graph.rounded(x, quantized.input)
      graph.keepIntegers(of: weight, quantized)
    }
    return try graph.linear(
      x, weight, bias: graph.optionalConstant("bias", of: self),
      activation: activation)
  }
}

extension LayerNorm: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    graph.layerNorm(
      x, gain: graph.optionalConstant("weight", of: self),
      offset: graph.optionalConstant("bias", of: self), epsilon: epsilon)
  }
}

extension GroupNorm: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    graph.add(
      .groupNorm(
        groups: groups, gain: graph.optionalConstant("weight", of: self)?.name,
        offset: graph.optionalConstant("bias", of: self)?.name, epsilon: epsilon), [x], x.shape)
  }
}

extension BatchNorm: GraphLayer {
  /// Normalization by the running statistics.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let operation = try GraphOperation.batchNorm(
      gain: graph.optionalConstant("weight", of: self)?.name,
      offset: graph.optionalConstant("bias", of: self)?.name,
      mean: graph.constant("running_mean", of: self).name,
      variance: graph.constant("running_var", of: self).name, epsilon: epsilon)
    guard axis == .last && x.shape.rank > 2 else { return graph.add(operation, [x], x.shape) }
    // [N, …, C] -> [N·…, C], which has its channels second
    let rows = graph.reshape(x, [x.shape[x.shape.rank - 1]])
    return graph.reshape(graph.add(operation, [rows], rows.shape), x.shape.extents)
  }
}

extension ActivationLayer: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    graph.function(function, x)
  }
}

extension ParametricReLU: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    graph.add(
      .parametricReLU(slopes: try graph.constant("weight", of: self).name), [x], x.shape)
  }
}

extension Dropout: GraphLayer {
  /// Nothing: in inference nothing is dropped.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue { x }
}

extension StochasticDepth: GraphLayer {
  /// Nothing: in inference nothing is dropped.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue { x }
}

extension GaussianNoise: GraphLayer {
  /// Nothing: in inference there is no noise.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue { x }
}

extension Sequential: GraphLayer {
  /// The layers, one after the other.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try layers.reduce(x) { try graph.apply($1.base, to: $0) }
  }
}

extension Parallel: GraphLayer {
  /// The branches, and what joins them.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let values = try branches.map { try graph.apply($0.base, to: x) }
    return graph.concatenate(values, axis: axis < 0 ? axis + x.shape.rank : axis)
  }
}

extension Residual: GraphLayer {
  /// Both branches and their sum.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let branch = try graph.apply(body.base, to: x)
    let straight = try shortcut.map { try graph.apply($0.base, to: x) } ?? x
    return graph.add(straight, branch)
  }
}

extension Recomputed: GraphLayer {
  /// The layer inside.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.apply(body, to: x)
  }
}

extension Flatten: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    guard axis >= 1 else { throw graph.unsupported("the batch cannot be flattened") }
    let extents = x.shape.extents
    return graph.reshape(
      x, Array(extents.prefix(axis - 1)) + [extents.dropFirst(axis - 1).reduce(1, *)])
  }
}

extension Permute: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    guard axes.first == 0, axes.count == x.shape.rank else {
      throw graph.unsupported("the batch must stay first, and the axes are \(axes)")
    }
    return graph.permute(x, axes)
  }
}

extension Reshape: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let known = extents.filter { $0 >= 0 }.reduce(1, *)
    let elements = x.shape.extents.reduce(1, *)
    guard known > 0, elements % known == 0 else {
      throw graph.unsupported("\(x.shape) cannot be reshaped to \(extents)")
    }
    return graph.reshape(x, extents.map { $0 < 0 ? elements / known : $0 })
  }
}

extension MultiHeadAttention: GraphLayer {
  /// One product for queries, keys and values, attention, and the last projection.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    guard !isCausal else { throw graph.unsupported("causal attention is not exported") }
    let sums = try graph.linear(
      x, graph.constant("in_proj_weight", of: self),
      bias: graph.optionalConstant("in_proj_bias", of: self))
    let features = weight.shape[1]
    let parts = (0..<3).map {
      graph.slice(sums, $0 * features..<($0 + 1) * features, axis: 2)
    }
    return try graph.apply(
      projection, to: graph.attention(parts[0], parts[1], parts[2], heads: heads))
  }
}

extension AttentionPooling: GraphLayer {
  /// Scores, their softmax over the steps, and the weighed sum.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let scores = try graph.apply(score, to: graph.apply(hidden, to: x))
    let weights = graph.function(.softmax(axis: 1), scores)
    // The sum over L steps is L times their mean.
    let mean = graph.mean(graph.multiply(x, weights), axes: [1])
    return graph.affine(mean, factor: Float(x.shape[1]))
  }
}

extension MeanPooling: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    graph.mean(x, axes: [1])
  }
}

extension SinusoidalPositions: GraphLayer {
  /// The sum with the waves.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let waves = graph.table("\(site.path(of: "table"))_\(x.shape[1])", table[0..<x.shape[1]])
    return graph.add(x, waves)
  }
}

extension LearnedPositions: GraphLayer {
  /// The sum with the vectors.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    // The key is the caller's choice; there is one parameter.
    guard let name = parameters.first?.path else { throw graph.unsupported("no vectors") }
    return graph.add(x, try graph.constant(name, of: self))
  }
}
