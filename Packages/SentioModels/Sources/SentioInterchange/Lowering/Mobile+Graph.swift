import SentioModels
import SentioNN
import SentioTensor

extension MobileConvolution: GraphLayer {
  /// Convolution, normalization, activation.
  package func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let border = (weight.shape[2] - 1) / 2
    var y = try graph.convolution(
      x, graph.constant("convolution.weight", of: self), bias: nil, strides: stride.list,
      groups: groups, padding: .symmetric(border))
    if let normalization { y = try graph.apply(normalization, to: y) }
    return graph.function(.fused(activation), y)
  }
}

extension InvertedResidual: GraphLayer {
  /// The three convolutions, added to the input where shapes allow.
  package func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let inside = try graph.apply(depthwise, to: graph.apply(expand, to: x))
    let y = try graph.apply(reduce, to: inside)
    return isResidual ? graph.add(x, y) : y
  }
}

extension InvertedResiduals: GraphLayer {
  /// The blocks, one after the other.
  package func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try layers.reduce(x) { try graph.apply($1, to: $0) }
  }
}

extension MobileViTBlock: GraphLayer {
  /// Convolutions, the transformer over corresponding places of all patches, and what joins both.
  package func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let x = try graph.apply(downsampling, to: x)
    let map = try graph.apply(widening, to: graph.apply(local, to: x))
    let (channels, height, width) = (map.shape[1], map.shape[2], map.shape[3])
    let (rows, columns) = ((height + patch - 1) / patch, (width + patch - 1) / patch)
    let size = [rows * patch, columns * patch]
    // The same place of every patch as one sequence: [N, C, H, W] -> [N·p·p, patches, C]
    let cells = graph.reshape(
      graph.resize(map, to: size), [channels, rows, patch, columns, patch])
    var tokens = graph.permute(cells, [0, 3, 5, 2, 4, 1])
    tokens = graph.reshape(tokens, [rows * columns, channels])
    tokens = try graph.apply(norm, to: graph.apply(transformer, to: tokens))
    // The way back: [N·p·p, patches, C] -> [N, C, H, W]
    tokens = graph.reshape(tokens, [patch, patch, rows, columns, channels])
    var far = graph.permute(tokens, [0, 5, 3, 1, 4, 2])
    far = graph.resize(graph.reshape(far, [channels] + size), to: [height, width])
    let near = try graph.apply(projection, to: far)
    return try graph.apply(fusion, to: graph.concatenate([x, near], axis: 1))
  }
}

extension MobileViT.Stages: GraphLayer {
  /// The five stages.
  package func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let start = try graph.apply(second, to: graph.apply(first, to: x))
    return try rest.blocks.reduce(start) { try graph.apply($1, to: $0) }
  }
}

extension MobileViT: GraphLayer {
  /// Stem, stages, the last widening.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.apply(widening, to: graph.apply(stages, to: graph.apply(stem, to: x)))
  }
}

extension MobileClassifier: GraphLayer {
  /// The network, the mean of its maps, the logits.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let maps = try graph.apply(network, to: x)
    return try graph.apply(classifier, to: graph.mean(maps, axes: [2, 3]))
  }
}
