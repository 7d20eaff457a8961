import SentioTensor

/// The sizes of a transformer's encoder.
public struct TransformerSettings: Sendable, Hashable, Codable {
  /// D, the features of a token.
  public var features: Int
  /// The number of blocks.
  public var layers: Int
  /// The heads of an attention, which divide D.
  public var heads: Int
  /// The features between the two layers of a block's feed-forward part.
  public var innerFeatures: Int
  /// What keeps the normalizations' divisors from 0.
  public var epsilon: Float = 1e-6
  /// The probability of a feature to be dropped from what a part adds to the tokens, in training.
  public var dropout: Float = 0
  /// The probability of an attention's weight to be dropped, in training.
  public var attentionDropout: Float = 0
  /// Whether queries, keys and values have biases.
  public var hasAttentionBias = true
  /// What is applied between the two layers of a feed-forward part.
  public var activation = Function.gelu

  /// An activation by the name that checkpoints' settings give it.
  public enum Function: String, Sendable, Hashable, Codable, CaseIterable {
    /// GELU by the error function.
    case gelu
    /// GELU by the hyperbolic tangent.
    case geluTanh = "gelu_new"
    /// x · sigmoid(x).
    case silu
    /// max(x, 0).
    case relu

    /// The same as the tensor operations call it.
    public var activation: Activation {
      switch self {
      case .gelu: .gelu()
      case .geluTanh: .gelu(.tanh)
      case .silu: .silu
      case .relu: .relu
      }
    }
  }

  /// Creates sizes.
  ///
  /// - Parameters:
  ///   - features: D, at least 1.
  ///   - layers: the number of blocks.
  ///   - heads: the heads of an attention, which divide D.
  ///   - innerFeatures: the features inside a feed-forward part; 4 · D if nil.
  public init(features: Int, layers: Int, heads: Int, innerFeatures: Int? = nil) {
    precondition(
      features > 0 && heads > 0 && layers >= 0 && features % heads == 0,
      "a transformer of \(features) features cannot have \(heads) heads and \(layers) layers")
    self.features = features
    self.layers = layers
    self.heads = heads
    self.innerFeatures = innerFeatures ?? 4 * features
  }

  /// ViT-B and AST-B: 12 blocks of 768 features, 12 heads.
  public static let base = TransformerSettings(features: 768, layers: 12, heads: 12)
  /// The report's audio transformer: 6 blocks of 384 features, 6 heads.
  public static let report = TransformerSettings(features: 384, layers: 6, heads: 6)
}
