import SentioNN
import SentioTensor

extension HeightWidth {
  /// Both numbers, the rows' first.
  var list: [Int] { [height, width] }
}

extension Conv1D: GraphLayer {
  /// Convolution and activation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.convolution(
      x, graph.constant("weight", of: self), bias: graph.optionalConstant("bias", of: self),
      strides: [stride], dilations: [dilation], groups: groups, padding: padding,
      activation: activation)
  }
}

extension Conv2D: GraphLayer {
  /// Convolution and activation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.convolution(
      x, graph.constant("weight", of: self), bias: graph.optionalConstant("bias", of: self),
      strides: stride.list, dilations: dilation.list, groups: groups, padding: padding,
      activation: activation)
  }
}

extension SeparableConv1D: GraphLayer {
  /// Both convolutions.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.apply(pointwise, to: graph.apply(depthwise, to: x))
  }
}

extension SeparableConv2D: GraphLayer {
  /// Both convolutions.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.apply(pointwise, to: graph.apply(depthwise, to: x))
  }
}

extension TransposedConv1D: GraphLayer {
  /// Transposed convolution and activation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.transposedConvolution(
      x, graph.constant("weight", of: self), bias: graph.optionalConstant("bias", of: self),
      strides: [stride], dilations: [dilation], groups: groups, padding: padding,
      outputPadding: [outputPadding], activation: activation)
  }
}

extension TransposedConv2D: GraphLayer {
  /// Transposed convolution and activation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.transposedConvolution(
      x, graph.constant("weight", of: self), bias: graph.optionalConstant("bias", of: self),
      strides: stride.list, dilations: dilation.list, groups: groups, padding: padding,
      outputPadding: outputPadding.list, activation: activation)
  }
}

extension PatchEmbedding: GraphLayer {
  /// The convolution, and its places in a row.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    graph.tokens(try graph.apply(projection, to: x))
  }
}

extension Pool1D: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.pool(
      x, kind, kernel: [kernel], strides: [stride], padding: padding, roundsUp: roundsUp)
  }
}

extension Pool2D: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try graph.pool(
      x, kind, kernel: kernel.list, strides: stride.list, padding: padding, roundsUp: roundsUp)
  }
}

extension GlobalPool: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    graph.globalPool(x, isMaximum: kind == .maximum)
  }
}

extension AdaptivePool: GraphLayer {
  /// Windows, where the cells divide the input.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let extents = Array(x.shape.extents.dropFirst())
    let cells = extents.count == 1 ? [cells.width] : cells.list
    guard zip(extents, cells).allSatisfy({ $0 % $1 == 0 }) else {
      throw graph.unsupported(
        "\(cells) cells do not divide \(x.shape), and ONNX has no such pooling")
    }
    let kernel = zip(extents, cells).map { $0 / $1 }
    return try graph.pool(x, kind, kernel: kernel, strides: kernel)
  }
}

extension Upsample: GraphLayer {
  /// One operation.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let factors = x.shape.rank == 3 ? [factor.width] : factor.list
    let size = zip(x.shape.extents.dropFirst(), factors).map { $0 * $1 }
    return graph.resize(x, to: size, interpolation)
  }
}

extension GraphBuilder {
  /// The places of feature maps in a row: `[N, D, h, w]` to `[N, h·w, D]`.
  ///
  /// - Parameter maps: the feature maps.
  /// - Returns: the tokens.
  public mutating func tokens(_ maps: GraphValue) -> GraphValue {
    let (features, places) = (maps.shape[1], maps.shape.extents.dropFirst().reduce(1, *))
    return permute(reshape(maps, [features, places]), [0, 2, 1])
  }
}
