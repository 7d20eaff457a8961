import SentioModels
import SentioNN
import SentioTensor

extension PatchProjection: GraphLayer {
  /// The convolution, and its places in a row.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    graph.tokens(
      try graph.convolution(
        x, graph.constant("projection.weight", of: self),
        bias: graph.optionalConstant("projection.bias", of: self), strides: stride.list))
  }
}

extension TransformerBlock: GraphLayer {
  /// Attention and feed-forward part, each added to what it was given.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let normalized = try graph.apply(attentionNorm, to: x)
    let found = try graph.attention(
      graph.apply(query, to: normalized), graph.apply(key, to: normalized),
      graph.apply(value, to: normalized), heads: heads)
    let y = graph.add(x, try graph.apply(projection, to: found))
    let inside = try graph.apply(inner, to: graph.apply(feedForwardNorm, to: y))
    return graph.add(y, try graph.apply(outer, to: inside))
  }
}

extension TransformerEncoder: GraphLayer {
  /// The blocks, one after the other.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    try layers.reduce(x) { try graph.apply($1, to: $0) }
  }
}

extension GraphBuilder {
  /// Position embeddings for the grid of an input, as a constant: interpolation happens here and not in the file.
  fileprivate mutating func positions(
    _ key: String, of layer: any Module, tokens: Int, from grid: HeightWidth, to target: HeightWidth
  ) throws -> GraphConstant {
    let constant = try constant(key, of: layer)
    guard grid != target else { return constant }
    let resized = PositionGrid.resized(tensor(constant), tokens: tokens, from: grid, to: target)
    return table("\(constant.name)_\(target.height)x\(target.width)", resized)
  }
}

extension VisionTransformer: GraphLayer {
  /// Patches with the class token and positions, the blocks, a normalization.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let size = settings.imageSize
    let places = try graph.positions(
      "embeddings.position_embeddings", of: self, tokens: 1,
      from: patches.grid(height: size.height, width: size.width),
      to: patches.grid(height: x.shape[2], width: x.shape[3]))
    let first = try graph.constant("embeddings.cls_token", of: self)
    let tokens = graph.add(graph.prepend(first, to: try graph.apply(patches, to: x)), places)
    return try graph.apply(norm, to: graph.apply(encoder, to: tokens))
  }
}

extension VisionClassifier: GraphLayer {
  /// The transformer, and the logits from the class token.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let tokens = try graph.apply(transformer, to: x)
    return try graph.apply(classifier, to: graph.select(tokens, 0, axis: 1))
  }
}

extension VisionEmotionRegressor: GraphLayer {
  /// The transformer, and the head on the class token.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let tokens = try graph.apply(transformer, to: x)
    return try graph.apply(head, to: graph.select(tokens, 0, axis: 1))
  }
}

extension AudioSpectrogramTransformer: GraphLayer {
  /// Patches with both tokens and positions, the blocks, a normalization.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    guard x.shape.extents == [settings.frames, settings.mels] else {
      throw graph.unsupported(
        "the input is [N, \(settings.frames), \(settings.mels)] and not \(x.shape)")
    }
    // [N, frames, mels] -> [N, 1, mels, frames]
    let image = graph.reshape(
      graph.permute(x, [0, 2, 1]), [1, settings.mels, settings.frames])
    var tokens = try graph.apply(patches, to: image)
    tokens = graph.prepend(
      try graph.constant("embeddings.distillation_token", of: self), to: tokens)
    tokens = graph.prepend(try graph.constant("embeddings.cls_token", of: self), to: tokens)
    tokens = graph.add(tokens, try graph.constant("embeddings.position_embeddings", of: self))
    return try graph.apply(norm, to: graph.apply(encoder, to: tokens))
  }
}

extension AudioClassifier: GraphLayer {
  /// The transformer, the mean of its two tokens, normalization and logits.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let tokens = graph.slice(try graph.apply(transformer, to: x), 0..<2, axis: 1)
    return try graph.apply(dense, to: graph.apply(norm, to: graph.mean(tokens, axes: [1])))
  }
}

extension AudioEmotionRegressor: GraphLayer {
  /// The transformer, the mean of its two tokens, normalization, valence and arousal.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let tokens = graph.slice(try graph.apply(transformer, to: x), 0..<2, axis: 1)
    return try graph.apply(head, to: graph.apply(norm, to: graph.mean(tokens, axes: [1])))
  }
}

extension AudioEmotionTransformer: GraphLayer {
  /// Patches with positions, the blocks, a normalization, and the head on the tokens' mean.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let size = settings.spectrogramSize
    let places = try graph.positions(
      "embeddings.position_embeddings", of: self, tokens: 0,
      from: patches.grid(height: size.height, width: size.width),
      to: patches.grid(height: x.shape[2], width: x.shape[3]))
    let tokens = graph.add(try graph.apply(patches, to: x), places)
    let y = try graph.apply(norm, to: graph.apply(encoder, to: tokens))
    return try graph.apply(head, to: graph.mean(y, axes: [1]))
  }
}

extension MobileStudent: GraphLayer {
  /// Filters of each channel, what mixes them, the class token and positions, the blocks, the head.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let filtered = try graph.convolution(
      x, graph.constant("embeddings.depthwise.weight", of: self), bias: nil,
      strides: [settings.patchSize, settings.patchSize], groups: settings.channels)
    let patches = try graph.apply(pointwise, to: graph.tokens(filtered))
    let first = try graph.constant("embeddings.cls_token", of: self)
    let tokens = graph.add(
      graph.prepend(first, to: patches),
      try graph.constant("embeddings.position_embeddings", of: self))
    let y = try graph.apply(norm, to: graph.apply(encoder, to: tokens))
    return try graph.apply(head, to: graph.select(y, 0, axis: 1))
  }
}
