import SentioNN
import SentioTensor

/// The published audio spectrogram transformer: overlapping patches of a log-mel spectrogram, two tokens before them.
///
/// `[N, frames, mels]` to `[N, 2 + L, D]`, normalized: the class token, the distillation token, then patches, row by
/// row of frequencies. The input comes from Kaldi's filter banks, normalized to mean 0 and deviation 0.5 over AudioSet.
///
/// *Reference:* Gong, Chung and Glass, "AST: Audio spectrogram transformer", 2021; `ASTModel` of Hugging Face's
/// transformers, 5.x.
public struct AudioSpectrogramTransformer: Layer {
  /// The sizes of an ``AudioSpectrogramTransformer``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The mel bands of a frame.
    public var mels: Int
    /// The frames of an input; position embeddings fit this number alone.
    public var frames: Int
    /// The side of a patch.
    public var patchSize: Int
    /// How far patches lie apart in mel bands (height) and frames (width).
    public var stride: HeightWidth
    /// The blocks.
    public var transformer: TransformerSettings

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - mels: the mel bands of a frame.
    ///   - frames: the frames of an input.
    ///   - patchSize: the side of a patch.
    ///   - stride: how far patches lie apart in mel bands (height) and frames (width).
    ///   - transformer: the blocks.
    public init(
      mels: Int = 128, frames: Int = 1024, patchSize: Int = 16, stride: HeightWidth = 10,
      transformer: TransformerSettings = .base
    ) {
      self.mels = mels
      self.frames = frames
      self.patchSize = patchSize
      self.stride = stride
      self.transformer = transformer
      self.transformer.epsilon = 1e-12
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// What becomes of patches before the blocks.
  @Child("embeddings.patch_embeddings") public var patches: PatchProjection
  /// `[1, 1, D]`.
  @Parameter("embeddings.cls_token") public var classToken: Tensor
  /// `[1, 1, D]`.
  @Parameter("embeddings.distillation_token") public var distillationToken: Tensor
  /// `[1, 2 + L, D]`.
  @Parameter("embeddings.position_embeddings") public var positions: Tensor
  /// The blocks.
  @Child public var encoder: TransformerEncoder
  /// The normalization after the last block.
  @Child("layernorm") public var norm: LayerNorm
  /// The sizes.
  public let settings: Settings

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: Settings = Settings(), from stream: inout RandomStream) {
    self.settings = settings
    let features = settings.transformer.features
    let start = Initializer.truncatedNormal(standardDeviation: 0.02)
    let patches = PatchProjection(
      channels: 1, features: features, patch: settings.patchSize, stride: settings.stride,
      from: &stream)
    let grid = patches.grid(height: settings.mels, width: settings.frames)
    self.patches = patches
    classToken = start.tensor([1, 1, features], from: &stream)
    distillationToken = start.tensor([1, 1, features], from: &stream)
    positions = start.tensor([1, 2 + grid.height * grid.width, features], from: &stream)
    encoder = TransformerEncoder(settings.transformer, from: &stream)
    norm = LayerNorm(features, epsilon: settings.transformer.epsilon)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_classToken)
    visit(&_distillationToken)
    visit(&_positions)
    visit(&_patches)
    visit(&_encoder)
    visit(&_norm)
  }

  /// The tokens after the last block, normalized.
  public func forward(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 3 && x.shape[1] == settings.frames && x.shape[2] == settings.mels,
      "the network takes [N, \(settings.frames), \(settings.mels)], not \(x.shape)")
    let count = x.shape[0]
    // [N, frames, mels] -> [N, 1, mels, frames]
    let image = x.permuted([0, 2, 1]).reshaped([count, 1, settings.mels, settings.frames])
    let tokens = patches(image)
    let features = tokens.shape[2]
    let first = [classToken, distillationToken].map { $0.broadcast(to: [count, 1, features]) }
    return norm(encoder(Tensor.concatenate(first + [tokens], axis: 1) + positions))
  }

  /// What classifiers look at: the mean of the class token and the distillation token.
  ///
  /// - Parameter tokens: what the network gave, `[N, 2 + L, D]`.
  /// - Returns: `[N, D]`.
  public static func pooled(_ tokens: Tensor) -> Tensor {
    tokens.sliced(..<2, axis: 1).mean(axes: 1)
  }
}

/// An ``AudioSpectrogramTransformer`` with a normalization and a linear layer on it: `[N, labels]` logits.
///
/// *Reference:* `ASTForAudioClassification` of Hugging Face's transformers, 5.x.
public struct AudioClassifier: Layer {
  /// Where the network stands.
  public var site = Site()
  /// The transformer.
  @Child("audio_spectrogram_transformer") public var transformer: AudioSpectrogramTransformer
  /// The normalization of what is pooled.
  @Child("classifier.layernorm") public var norm: LayerNorm
  /// The logits.
  @Child("classifier.dense") public var dense: Linear

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the transformer's sizes.
  ///   - labels: the number of logits.
  ///   - stream: the stream to draw from.
  public init(
    _ settings: AudioSpectrogramTransformer.Settings = .init(), labels: Int,
    from stream: inout RandomStream
  ) {
    transformer = AudioSpectrogramTransformer(settings, from: &stream)
    let features = settings.transformer.features
    norm = LayerNorm(features, epsilon: settings.transformer.epsilon)
    dense = Linear(features, labels, weights: .transformer, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_transformer)
    visit(&_norm)
    visit(&_dense)
  }

  /// The logits, `[N, labels]`.
  public func forward(_ x: Tensor) -> Tensor {
    dense(norm(AudioSpectrogramTransformer.pooled(transformer(x))))
  }
}
