import SentioNN
import SentioTensor

/// A transformer over the patches of a picture.
///
/// `[N, C, H, W]` becomes a class token and one token for each patch; the result is `[N, 1 + L, D]`, normalized.
/// The class token stands first. Pictures of another size than the settings' get position embeddings by bicubic
/// interpolation.
///
/// *Reference:* Dosovitskiy et al., "An image is worth 16×16 words", 2021; `ViTModel` of Hugging Face's
/// transformers, 5.x, without its pooler.
public struct VisionTransformer: Layer {
  /// The sizes of a ``VisionTransformer``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The height and the width that position embeddings are made for.
    public var imageSize: HeightWidth
    /// The side of a patch.
    public var patchSize: Int
    /// C.
    public var channels: Int
    /// The blocks.
    public var transformer: TransformerSettings

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - imageSize: the height and the width that position embeddings are made for.
    ///   - patchSize: the side of a patch.
    ///   - channels: C.
    ///   - transformer: the blocks.
    public init(
      imageSize: HeightWidth = 224, patchSize: Int = 16, channels: Int = 3,
      transformer: TransformerSettings = .base
    ) {
      self.imageSize = imageSize
      self.patchSize = patchSize
      self.channels = channels
      self.transformer = transformer
    }

    /// ViT-B/16 for pictures of 224 × 224 in three channels.
    public static let base16 = Settings()
  }

  /// Where the network stands.
  public var site = Site()
  /// What becomes of patches before the blocks.
  @Child("embeddings.patch_embeddings") public var patches: PatchProjection
  /// `[1, 1, D]`.
  @Parameter("embeddings.cls_token") public var classToken: Tensor
  /// `[1, 1 + L, D]`.
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
  public init(_ settings: Settings = .base16, from stream: inout RandomStream) {
    self.settings = settings
    let features = settings.transformer.features
    let start = Initializer.truncatedNormal(standardDeviation: 0.02)
    let patches = PatchProjection(
      channels: settings.channels, features: features, patch: settings.patchSize, from: &stream)
    let grid = patches.grid(height: settings.imageSize.height, width: settings.imageSize.width)
    self.patches = patches
    classToken = start.tensor([1, 1, features], from: &stream)
    positions = start.tensor([1, 1 + grid.height * grid.width, features], from: &stream)
    encoder = TransformerEncoder(settings.transformer, from: &stream)
    norm = LayerNorm(features, epsilon: settings.transformer.epsilon)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_classToken)
    visit(&_positions)
    visit(&_patches)
    visit(&_encoder)
    visit(&_norm)
  }

  /// The tokens after the last block, normalized.
  public func forward(_ x: Tensor) -> Tensor { norm(encoder(embedded(x))) }

  /// The class token after the last block, normalized: what regressors and classifiers read.
  ///
  /// - Parameter x: pictures, `[N, C, H, W]`.
  /// - Returns: `[N, D]`, the first token of ``forward(_:)``, without the work for the others that it does not need.
  public func encodedClassToken(of x: Tensor) -> Tensor {
    norm(encoder.first(1, of: embedded(x))).selected(0, axis: 1)
  }

  /// The tokens before the first block.
  ///
  /// - Parameter x: pictures, `[N, C, H, W]`.
  /// - Returns: `[N, 1 + L, D]`.
  public func embedded(_ x: Tensor) -> Tensor {
    let tokens = patches(x)
    let (count, features) = (x.shape[0], tokens.shape[2])
    let first = classToken.broadcast(to: [count, 1, features])
    let size = settings.imageSize
    let places = PositionGrid.resized(
      positions, tokens: 1, from: patches.grid(height: size.height, width: size.width),
      to: patches.grid(height: x.shape[2], width: x.shape[3]))
    return Tensor.concatenate([first, tokens], axis: 1) + places
  }
}

/// A ``VisionTransformer`` with a linear layer on its class token: one logit for each label, `[N, labels]`.
///
/// *Reference:* `ViTForImageClassification` of Hugging Face's transformers, 5.x.
public struct VisionClassifier: Layer {
  /// Where the network stands.
  public var site = Site()
  /// The transformer.
  @Child("vit") public var transformer: VisionTransformer
  /// The logits from the class token.
  @Child public var classifier: Linear

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the transformer's sizes.
  ///   - labels: the number of logits.
  ///   - stream: the stream to draw from.
  public init(
    _ settings: VisionTransformer.Settings = .base16, labels: Int, from stream: inout RandomStream
  ) {
    transformer = VisionTransformer(settings, from: &stream)
    classifier = Linear(
      settings.transformer.features, labels, weights: .transformer, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_transformer)
    visit(&_classifier)
  }

  /// The logits, `[N, labels]`.
  public func forward(_ x: Tensor) -> Tensor {
    classifier(
      site.isObserved ? transformer(x).selected(0, axis: 1) : transformer.encodedClassToken(of: x))
  }
}
