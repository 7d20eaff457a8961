import SentioNN
import SentioTensor

/// The report's student: a small transformer whose patches come from a depthwise separable convolution.
///
/// `[N, C, H, W]` to `[N, 2]`, valence and arousal in (−1, 1): 32 filters a channel over patches of 16 × 16, 8 blocks of 384 features, 6 heads, feed-forward parts of twice
/// the width, a class token, and a head 384 → 192 → 2. True MobileViT blocks are in ``MobileViT``.
public struct MobileStudent: Layer {
  /// The sizes of a ``MobileStudent``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The height and the width of an input.
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
    ///   - imageSize: the height and the width of an input.
    ///   - patchSize: the side of a patch.
    ///   - channels: C.
    ///   - transformer: the blocks.
    public init(
      imageSize: HeightWidth = 224, patchSize: Int = 16, channels: Int = 3,
      transformer: TransformerSettings = TransformerSettings(
        features: 384, layers: 8, heads: 6, innerFeatures: 768)
    ) {
      self.imageSize = imageSize
      self.patchSize = patchSize
      self.channels = channels
      self.transformer = transformer
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// One filter for each channel, `[C, 1, p, p]`.
  @Parameter("embeddings.depthwise.weight") public var depthwise: Tensor
  /// What mixes the channels of a patch into a token.
  @Child("embeddings.pointwise") public var pointwise: Linear
  /// `[1, 1, D]`.
  @Parameter("embeddings.cls_token") public var classToken: Tensor
  /// `[1, 1 + L, D]`.
  @Parameter("embeddings.position_embeddings") public var positions: Tensor
  /// The blocks.
  @Child public var encoder: TransformerEncoder
  /// The normalization after the last block.
  @Child("layernorm") public var norm: LayerNorm
  /// Valence and arousal from the class token.
  @Child public var head: Sequential
  /// The sizes.
  public let settings: Settings

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: Settings = Settings(), from stream: inout RandomStream) {
    self.settings = settings
    let (features, patch) = (settings.transformer.features, settings.patchSize)
    let start = Initializer.truncatedNormal(standardDeviation: 0.02)
    let places = (settings.imageSize.height / patch) * (settings.imageSize.width / patch)
    depthwise = Initializer.he(.normal, fan: .input)
      .tensor([settings.channels * Self.filters, 1, patch, patch], from: &stream)
    pointwise = Linear(settings.channels * Self.filters, features, from: &stream)
    classToken = start.tensor([1, 1, features], from: &stream)
    positions = start.tensor([1, 1 + places, features], from: &stream)
    encoder = TransformerEncoder(settings.transformer, from: &stream)
    norm = LayerNorm(features, epsilon: settings.transformer.epsilon)
    head = Sequential {
      Linear(features, features / 2, activation: .gelu(), from: &stream)
      Linear(features / 2, 2, activation: .tanh, from: &stream)
    }
  }

  /// The filters of each channel: with one alone a patch would come down to as many numbers as it has channels.
  static let filters = 32

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_depthwise)
    visit(&_pointwise)
    visit(&_classToken)
    visit(&_positions)
    visit(&_encoder)
    visit(&_norm)
    visit(&_head)
  }

  /// The tokens before the first block, `[N, 1 + L, D]`.
  ///
  /// - Parameter x: pictures, `[N, C, H, W]`.
  /// - Returns: the class token, and one for each patch.
  public func embedded(_ x: Tensor) -> Tensor {
    let filtered = x.convolved2D(
      depthwise, stride: HeightWidth(settings.patchSize), groups: settings.channels)
    // [N, C·f, h, w] -> [N, h·w, C·f]
    let patches = filtered.reshaped([filtered.shape[0], filtered.shape[1], -1]).permuted([0, 2, 1])
    let tokens = pointwise(patches)
    let first = classToken.broadcast(to: [x.shape[0], 1, tokens.shape[2]])
    return Tensor.concatenate([first, tokens], axis: 1) + positions
  }

  /// Valence and arousal, `[N, 2]`.
  public func forward(_ x: Tensor) -> Tensor {
    let tokens = embedded(x)
    // Nobody reads the other tokens after the last block.
    return head(norm(encoder.first(1, of: tokens)).selected(0, axis: 1))
  }
}
