import SentioNN
import SentioTensor

/// The report's audio transformer: patches of a mel spectrogram at its own resolution, and the mean of their tokens.
///
/// `[N, 1, mels, frames]` to `[N, 2]`, valence and arousal in (−1, 1). Patches of 16 × 16 that touch, 384 features, 6
/// blocks of 6 heads; no class token. Position embeddings are learned, one for each place of the grid, and brought
/// to other numbers of frames by bicubic interpolation.
public struct AudioEmotionTransformer: Layer {
  /// The sizes of an ``AudioEmotionTransformer``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The mel bands (height) and frames (width) that position embeddings are made for.
    public var spectrogramSize: HeightWidth
    /// The side of a patch.
    public var patchSize: Int
    /// The blocks.
    public var transformer: TransformerSettings

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - spectrogramSize: the mel bands (height) and frames (width) that position embeddings are made for.
    ///   - patchSize: the side of a patch.
    ///   - transformer: the blocks.
    public init(
      spectrogramSize: HeightWidth = HeightWidth(height: 128, width: 1292), patchSize: Int = 16,
      transformer: TransformerSettings = .report
    ) {
      self.spectrogramSize = spectrogramSize
      self.patchSize = patchSize
      self.transformer = transformer
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// What becomes of patches before the blocks.
  @Child("embeddings.patch_embeddings") public var patches: PatchProjection
  /// `[1, L, D]`.
  @Parameter("embeddings.position_embeddings") public var positions: Tensor
  /// The blocks.
  @Child public var encoder: TransformerEncoder
  /// The normalization after the last block.
  @Child("layernorm") public var norm: LayerNorm
  /// Valence and arousal.
  @Child public var head: Linear
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
    let patches = PatchProjection(
      channels: 1, features: features, patch: settings.patchSize, from: &stream)
    let size = settings.spectrogramSize
    let grid = patches.grid(height: size.height, width: size.width)
    self.patches = patches
    positions = Initializer.truncatedNormal(standardDeviation: 0.02)
      .tensor([1, grid.height * grid.width, features], from: &stream)
    encoder = TransformerEncoder(settings.transformer, from: &stream)
    norm = LayerNorm(features, epsilon: settings.transformer.epsilon)
    head = Linear(features, 2, activation: .tanh, weights: .transformer, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_positions)
    visit(&_patches)
    visit(&_encoder)
    visit(&_norm)
    visit(&_head)
  }

  /// Valence and arousal, `[N, 2]`.
  public func forward(_ x: Tensor) -> Tensor { head(norm(encoder(embedded(x))).mean(axes: 1)) }

  /// The tokens before the first block.
  ///
  /// - Parameter x: spectrograms, `[N, 1, mels, frames]`.
  /// - Returns: `[N, L, D]`.
  public func embedded(_ x: Tensor) -> Tensor {
    let size = settings.spectrogramSize
    let places = PositionGrid.resized(
      positions, tokens: 0, from: patches.grid(height: size.height, width: size.width),
      to: patches.grid(height: x.shape[2], width: x.shape[3]))
    return patches(x) + places
  }
}
