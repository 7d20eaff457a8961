import SentioNN
import SentioTensor

/// A small network of convolutions and transformers, for pictures on small devices.
///
/// `[N, C, H, W]` to feature maps `[N, F, ⌈H/32⌉, ⌈W/32⌉]`.
///
/// *Reference:* Mehta and Rastegari, "MobileViT: light-weight, general-purpose, and mobile-friendly vision
/// transformer", 2022; `MobileViTModel` of Hugging Face's transformers, 5.x, whose names the members have.
public struct MobileViT: Layer {
  /// The sizes of a ``MobileViT``.
  public struct Settings: Sendable, Hashable, Codable {
    /// C.
    public var channels = 3
    /// The features of the three transformers' tokens.
    public var features: [Int]
    /// The channels after the stem, the five stages and the last widening.
    public var widths: [Int]
    /// What inverted residuals widen channels by.
    public var expansion: Float
    /// The heads of an attention.
    public var heads = 4
    /// What a feed-forward part widens features by.
    public var innerRatio: Float = 2
    /// The blocks of the three transformers.
    public var depths = [2, 4, 3]
    /// The side of a patch.
    public var patchSize = 2
    /// The side of the convolutions beside the transformers.
    public var kernel = 3
    /// What keeps the normalizations of tokens from dividing by 0.
    public var epsilon: Float = 1e-5
    /// The probability of a feature to be dropped from what a part adds, in training.
    public var dropout: Float = 0.1
    /// The probability of an attention's weight to be dropped, in training.
    public var attentionDropout: Float = 0
    /// Whether queries, keys and values have biases.
    public var hasAttentionBias = true

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - features: of the three transformers' tokens.
    ///   - widths: the channels after the stem, the five stages and the last widening: seven numbers.
    ///   - expansion: what inverted residuals widen channels by.
    public init(features: [Int], widths: [Int], expansion: Float) {
      precondition(
        features.count == 3 && widths.count == 7,
        "MobileViT has 3 transformers and 7 widths, not \(features.count) and \(widths.count)")
      (self.features, self.widths, self.expansion) = (features, widths, expansion)
    }

    /// 1.3 million parameters with 1,000 labels.
    public static let extraExtraSmall = Settings(
      features: [64, 80, 96], widths: [16, 16, 24, 48, 64, 80, 320], expansion: 2)
    /// 2.3 million parameters with 1,000 labels.
    public static let extraSmall = Settings(
      features: [96, 120, 144], widths: [16, 32, 48, 64, 80, 96, 384], expansion: 4)
    /// 5.6 million parameters with 1,000 labels.
    public static let small = Settings(
      features: [144, 192, 240], widths: [16, 32, 64, 96, 128, 160, 640], expansion: 4)
  }

  /// The five stages under one name.
  package struct Stages: Layer {
    package var site = Site()
    @Child("layer.0") package var first: InvertedResiduals
    @Child("layer.1") package var second: InvertedResiduals
    @Child("layer") package var rest: NumberedBlocks

    init(_ settings: Settings, from stream: inout RandomStream) {
      let widths = settings.widths
      first = InvertedResiduals(
        widths[0], widths[1], stride: 1, count: 1, expansion: settings.expansion, from: &stream)
      second = InvertedResiduals(
        widths[1], widths[2], stride: 2, count: 3, expansion: settings.expansion, from: &stream)
      rest = NumberedBlocks(
        first: 2,
        blocks: (0..<3).map { index in
          let features = settings.features[index]
          var transformer = TransformerSettings(
            features: features, layers: settings.depths[index], heads: settings.heads,
            innerFeatures: Int(Float(features) * settings.innerRatio))
          transformer.activation = .silu
          transformer.epsilon = settings.epsilon
          transformer.dropout = settings.dropout
          transformer.attentionDropout = settings.attentionDropout
          transformer.hasAttentionBias = settings.hasAttentionBias
          return MobileViTBlock(
            widths[index + 2], widths[index + 3], transformer, patch: settings.patchSize,
            kernel: settings.kernel, expansion: settings.expansion, from: &stream)
        })
    }

    package mutating func visitMembers(_ visit: inout MemberVisitor) {
      visit(&_first)
      visit(&_second)
      visit(&_rest)
    }

    package func forward(_ x: Tensor) -> Tensor { rest.blocks.reduce(second(first(x))) { $1($0) } }
  }

  /// Blocks whose numbers go on from those of stages of another kind.
  package struct NumberedBlocks: ModuleGroup {
    let first: Int
    package var blocks: [MobileViTBlock]

    package mutating func visitModules(_ visitor: inout MemberVisitor) {
      for index in blocks.indices {
        visitor.descend(to: String(first + index)) { blocks[index].visitModules(&$0) }
      }
    }
  }

  /// Where the network stands.
  public var site = Site()
  @Child("conv_stem") package var stem: MobileConvolution
  @Child("encoder") package var stages: Stages
  @Child("conv_1x1_exp") package var widening: MobileConvolution
  /// The sizes.
  public let settings: Settings

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: Settings = .extraSmall, from stream: inout RandomStream) {
    self.settings = settings
    stem = MobileConvolution(
      settings.channels, settings.widths[0], kernel: 3, stride: 2, from: &stream)
    stages = Stages(settings, from: &stream)
    widening = MobileConvolution(settings.widths[5], settings.widths[6], kernel: 1, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_stem)
    visit(&_stages)
    visit(&_widening)
  }

  /// The feature maps.
  public func forward(_ x: Tensor) -> Tensor { widening(stages(stem(x))) }
}

/// A ``MobileViT`` with a linear layer on the mean of its feature maps: `[N, labels]` logits.
///
/// *Reference:* `MobileViTForImageClassification` of Hugging Face's transformers, 5.x.
public struct MobileClassifier: Layer {
  /// Where the network stands.
  public var site = Site()
  /// The feature maps.
  @Child("mobilevit") public var network: MobileViT
  /// What is dropped before the logits, in training.
  @Child public var dropout: Dropout
  /// The logits.
  @Child public var classifier: Linear

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - labels: the number of logits.
  ///   - dropout: the probability of a feature to be dropped before the logits, in training.
  ///   - stream: the stream to draw from.
  public init(
    _ settings: MobileViT.Settings = .extraSmall, labels: Int, dropout: Float = 0.1,
    from stream: inout RandomStream
  ) {
    network = MobileViT(settings, from: &stream)
    self.dropout = Dropout(dropout)
    classifier = Linear(settings.widths[6], labels, weights: .transformer, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_network)
    visit(&_dropout)
    visit(&_classifier)
  }

  /// The logits, `[N, labels]`.
  public func forward(_ x: Tensor) -> Tensor {
    classifier(dropout(network(x).mean(axes: 2, 3)))
  }
}
