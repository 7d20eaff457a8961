import SentioNN
import SentioTensor

extension VisionTransformer: AttentiveNetwork {
  /// The number of blocks.
  public var blockCount: Int { encoder.layers.count }
  /// The features of a token.
  public var tokenFeatures: Int { settings.transformer.features }
  /// The class token.
  public var leadingTokens: Int { 1 }
  /// The class token.
  public var readout: TokenReadout { .leading(1) }
  /// The channels of a picture.
  public var inputChannels: Int { settings.channels }
  /// The size that position embeddings are made for.
  public var inputSize: HeightWidth { settings.imageSize }

  /// The rows and columns of patches of a picture.
  public func patchGrid(of size: HeightWidth) -> HeightWidth {
    patches.grid(height: size.height, width: size.width)
  }

  /// The tokens after the last block, normalized, with each block shown.
  public func forward(_ x: Tensor, attention: Bool, visit: (BlockTrace) -> Void) -> Tensor {
    norm(encoder.forward(embedded(x), attention: attention, visit: visit))
  }
}

extension VisionClassifier: AttentiveNetwork {
  /// The number of blocks.
  public var blockCount: Int { transformer.blockCount }
  /// The features of a token.
  public var tokenFeatures: Int { transformer.tokenFeatures }
  /// The class token.
  public var leadingTokens: Int { 1 }
  /// The class token.
  public var readout: TokenReadout { .leading(1) }
  /// The channels of a picture.
  public var inputChannels: Int { transformer.inputChannels }
  /// The size that position embeddings are made for.
  public var inputSize: HeightWidth { transformer.inputSize }

  /// The rows and columns of patches of a picture.
  public func patchGrid(of size: HeightWidth) -> HeightWidth { transformer.patchGrid(of: size) }

  /// The logits, with each block shown.
  public func forward(_ x: Tensor, attention: Bool, visit: (BlockTrace) -> Void) -> Tensor {
    classifier(
      transformer.forward(x, attention: attention, visit: visit).selected(0, axis: 1))
  }
}

extension VisionEmotionRegressor: AttentiveNetwork {
  /// The number of blocks.
  public var blockCount: Int { transformer.blockCount }
  /// The features of a token.
  public var tokenFeatures: Int { transformer.tokenFeatures }
  /// The class token.
  public var leadingTokens: Int { 1 }
  /// The class token.
  public var readout: TokenReadout { .leading(1) }
  /// The channels of a picture.
  public var inputChannels: Int { transformer.inputChannels }
  /// The size that position embeddings are made for.
  public var inputSize: HeightWidth { transformer.inputSize }

  /// The rows and columns of patches of a picture.
  public func patchGrid(of size: HeightWidth) -> HeightWidth { transformer.patchGrid(of: size) }

  /// Valence and arousal, with each block shown.
  public func forward(_ x: Tensor, attention: Bool, visit: (BlockTrace) -> Void) -> Tensor {
    head(transformer.forward(x, attention: attention, visit: visit).selected(0, axis: 1))
  }
}

extension MobileStudent: AttentiveNetwork {
  /// The number of blocks.
  public var blockCount: Int { encoder.layers.count }
  /// The features of a token.
  public var tokenFeatures: Int { settings.transformer.features }
  /// The class token.
  public var leadingTokens: Int { 1 }
  /// The class token.
  public var readout: TokenReadout { .leading(1) }
  /// The channels of a picture.
  public var inputChannels: Int { settings.channels }
  /// The size of the pictures.
  public var inputSize: HeightWidth { settings.imageSize }

  /// The rows and columns of patches of a picture.
  public func patchGrid(of size: HeightWidth) -> HeightWidth {
    HeightWidth(
      height: size.height / settings.patchSize, width: size.width / settings.patchSize)
  }

  /// Valence and arousal, with each block shown.
  public func forward(_ x: Tensor, attention: Bool, visit: (BlockTrace) -> Void) -> Tensor {
    let tokens = encoder.forward(embedded(x), attention: attention, visit: visit)
    return head(norm(tokens).selected(0, axis: 1))
  }
}

extension AudioEmotionTransformer: AttentiveNetwork {
  /// The number of blocks.
  public var blockCount: Int { encoder.layers.count }
  /// The features of a token.
  public var tokenFeatures: Int { settings.transformer.features }
  /// None.
  public var leadingTokens: Int { 0 }
  /// The mean of all tokens.
  public var readout: TokenReadout { .mean }
  /// One.
  public var inputChannels: Int { 1 }
  /// The size that position embeddings are made for.
  public var inputSize: HeightWidth { settings.spectrogramSize }

  /// The rows and columns of patches of a spectrogram.
  public func patchGrid(of size: HeightWidth) -> HeightWidth {
    patches.grid(height: size.height, width: size.width)
  }

  /// Valence and arousal, with each block shown.
  public func forward(_ x: Tensor, attention: Bool, visit: (BlockTrace) -> Void) -> Tensor {
    let tokens = encoder.forward(embedded(x), attention: attention, visit: visit)
    return head(norm(tokens).mean(axes: 1))
  }
}
