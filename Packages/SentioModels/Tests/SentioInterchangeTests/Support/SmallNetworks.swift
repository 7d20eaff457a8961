import SentioModels
import SentioNN
import SentioTensor

/// A network that is small, and a shape that it takes.
struct SmallNetwork: Sendable, CustomStringConvertible {
  let description: String
  let make: @Sendable (inout RandomStream) -> any Layer
  let inputShape: [Int]
  /// The number of different tokens, where the network reads tokens.
  var vocabulary: Int?

  /// So many inputs.
  func inputs(_ count: Int, from stream: inout RandomStream) -> Tensor {
    let shape = Shape([count] + inputShape)
    guard let vocabulary else { return .normal(shape, from: &stream) }
    let tokens = (0..<shape.elementCount).map { _ in Float(stream.next(below: vocabulary)) }
    return Tensor(tokens, shape: shape)
  }

  /// The network, with every number drawn: gains, offsets and running statistics too, so that none goes unseen.
  func network() -> any Layer {
    var stream = RandomStream(seed: 11, description)
    return Self.redrawn(make(&stream))
  }

  private static func redrawn<Network: Layer>(_ network: Network) -> any Layer {
    var stream = RandomStream(seed: 12, "numbers")
    var network = network
    var state = network.stateDictionary
    for (name, value) in state.sorted(by: { $0.key < $1.key }) {
      let noise = Tensor.normal(value.shape, from: &stream)
      if name.hasSuffix("running_var") {
        state[name] = noise.squared() + 0.5
      } else if value.rank > 1 {
        state[name] = noise * (1 / Float(max(1, value.count / value.shape[0])).squareRoot())
      } else if value.rank == 1 {
        state[name] = name.hasSuffix("weight") ? noise * 0.3 + 1 : noise * 0.3
      }
    }
    do { try network.load(state) } catch { fatalError("\(error)") }
    return network
  }

  static let all = transformers + mobile + recurrent + adversarial + layers

  private static let encoder = TransformerSettings(
    features: 24, layers: 2, heads: 4, innerFeatures: 40)

  static let transformers: [SmallNetwork] = [
    SmallNetwork("vision emotion", [3, 32, 48]) {
      VisionEmotionRegressor(
        .init(imageSize: .init(height: 32, width: 48), patchSize: 8, transformer: encoder),
        from: &$0)
    },
    SmallNetwork("vision classifier of another size", [3, 40, 72]) {
      VisionClassifier(
        .init(imageSize: .init(height: 32, width: 48), patchSize: 8, transformer: encoder),
        labels: 5, from: &$0)
    },
    SmallNetwork("audio classifier", [40, 16]) {
      AudioClassifier(
        .init(
          mels: 16, frames: 40, patchSize: 6, stride: .init(height: 4, width: 5),
          transformer: encoder), labels: 5, from: &$0)
    },
    SmallNetwork("published audio emotion", [40, 16]) {
      AudioEmotionRegressor(
        .init(
          mels: 16, frames: 40, patchSize: 6, stride: .init(height: 4, width: 5),
          transformer: encoder), from: &$0)
    },
    SmallNetwork("audio emotion", [1, 16, 40]) {
      AudioEmotionTransformer(
        .init(
          spectrogramSize: .init(height: 16, width: 40), patchSize: 8, transformer: encoder),
        from: &$0)
    },
  ]

  static let mobile: [SmallNetwork] = [
    SmallNetwork("mobile student", [3, 32, 48]) {
      MobileStudent(
        .init(imageSize: .init(height: 32, width: 48), patchSize: 8, transformer: encoder),
        from: &$0)
    },
    SmallNetwork("MobileViT", [3, 64, 96]) { MobileViT(mobileSettings, from: &$0) },
    SmallNetwork("MobileViT of patches that are stretched", [3, 72, 88]) {
      MobileClassifier(mobileSettings, labels: 4, from: &$0)
    },
  ]

  private static let mobileSettings: MobileViT.Settings = {
    var settings = MobileViT.Settings(
      features: [16, 24, 32], widths: [8, 8, 16, 16, 24, 24, 32], expansion: 2)
    settings.depths = [1, 1, 1]
    return settings
  }()

  static let recurrent: [SmallNetwork] = [
    SmallNetwork("CRNN", [25, 5]) {
      CRNN(
        .init(features: 5, frames: 25, filters: [12, 10, 8], units: [7, 6], denseUnits: 9),
        from: &$0)
    },
    SmallNetwork("CRNN of PyTorch's convention", [24, 5]) {
      CRNN(
        .init(
          features: 5, frames: 24, filters: [12, 8], units: [7, 6], denseUnits: 9,
          convention: .pyTorch), from: &$0)
    },
    SmallNetwork("CRNN over a spectrogram", [1, 6, 60]) {
      SpectrogramCRNN(
        .init(mels: 6, frames: 60, filters: [12, 10, 8], units: [7, 6], denseUnits: 9), from: &$0)
    },
    SmallNetwork("genre MLP", [14, 13]) {
      GenreMLP(.init(frames: 14, units: [16, 12]), from: &$0)
    },
    SmallNetwork("genre CNN", [21, 13]) {
      GenreCNN(.init(frames: 21, filters: [4, 5, 6], denseUnits: 8), from: &$0)
    },
    SmallNetwork("genre GRU", [14, 13]) {
      GenreRecurrentNetwork(.init(cell: .gru, frames: 14, units: 7, denseUnits: 8), from: &$0)
    },
    SmallNetwork("class of a sequence", [11, 5]) {
      SequenceClassifier(
        .init(features: 5, outputs: 3, .init(.lstm, units: 4, isBidirectional: true)), from: &$0)
    },
    SmallNetwork("class of a sequence by sums", [11, 8]) {
      SequenceClassifier(
        .init(
          features: 8, outputs: 3,
          .init(.gru, units: 4, layers: 2, isBidirectional: true, isResidual: true)), from: &$0)
    },
    SmallNetwork("class of a sequence by attention", [11, 5]) {
      SequenceClassifier(
        .init(features: 5, outputs: 3, .init(.rnn, units: 4), readout: .attention), from: &$0)
    },
    SmallNetwork("next token", [11], vocabulary: 7) {
      SequenceGenerator(
        .init(vocabulary: 7, embedding: 5, .init(.lstm, units: 4), conditions: 2), from: &$0)
    },
    SmallNetwork("class of every step", [11, 5]) {
      SequenceLabeler(.init(features: 5, outputs: 3, .init(.gru, units: 4, layers: 2)), from: &$0)
    },
    SmallNetwork("emotion of every step", [11, 9]) {
      SequenceEmotionNetwork(
        .init(features: 9, filters: [6, 5], kernel: 5, units: 4, layers: 2), from: &$0)
    },
  ]

  static let adversarial: [SmallNetwork] = [
    SmallNetwork("generator", [12]) {
      SpectrogramGenerator(
        .init(mels: 16, frames: 29, noise: 10, gridChannels: 6, filters: [5, 4, 3]), from: &$0)
    },
    SmallNetwork("generator with a louder emotion", [12]) {
      SpectrogramGenerator(
        .init(
          mels: 16, frames: 29, noise: 10, gridChannels: 6, filters: [5, 4, 3], emotionGain: 6),
        from: &$0)
    },
    SmallNetwork("discriminator that reads emotions", [3, 16, 29]) {
      SpectrogramDiscriminator(
        .init(mels: 16, frames: 29, filters: [4, 5, 6, 7], readsEmotions: true), from: &$0)
    },
    SmallNetwork("discriminator", [3, 16, 29]) {
      SpectrogramDiscriminator(.init(mels: 16, frames: 29, filters: [4, 5, 6, 7]), from: &$0)
    },
  ]

  static let layers: [SmallNetwork] = [
    SmallNetwork("cells and residuals", [9, 6]) { stream in
      Sequential {
        RecurrentLayer(.gru(), 6, 6, layers: 2, isResidual: true, from: &stream)
        RecurrentLayer(.rnn(.relu), 6, 4, isBidirectional: true, from: &stream)
        RecurrentLayer(
          .gru(resetAfter: true), 8, 3, isBidirectional: true, output: .last,
          convention: .keras, from: &stream)
        Linear(6, 4, activation: .silu, from: &stream)
      }
    },
    SmallNetwork("images up and down", [4, 9, 12]) { stream in
      Sequential {
        Conv2D(4, 6, kernel: 3, stride: 2, padding: .same, activation: .gelu(.tanh), from: &stream)
        GroupNorm(6, groups: 3)
        ParametricReLU(channels: 6)
        TransposedConv2D(6, 5, kernel: 4, stride: 2, padding: .same, from: &stream)
        BatchNorm(5)
        ActivationLayer(.leakyReLU(slope: 0.2))
        Upsample(2)
        Pool2D(.maximum, kernel: 3, stride: 2, padding: .same, roundsUp: true)
        Residual(SeparableConv2D(5, 5, kernel: 3, padding: .same, from: &stream))
        ActivationLayer(.elu(scale: 0.7))
        Pool2D(.average(countsPadding: false), kernel: 3, stride: 3, padding: .symmetric(1))
        GlobalPool(.maximum)
        ActivationLayer(.logSoftmax())
      }
    },
    SmallNetwork("signals and attention", [4, 21]) { stream in
      Sequential {
        Parallel.multiScale(4, 3, from: &stream)
        TransposedConv1D(9, 8, kernel: 3, stride: 2, outputPadding: 1, from: &stream)
        Pool1D(.average(), kernel: 3, padding: .symmetric(1))
        Conv1D(8, 8, kernel: 3, dilation: 2, groups: 2, padding: .causal, from: &stream)
        Permute([0, 2, 1])
        SinusoidalPositions(maximum: 32, features: 8)
        MultiHeadAttention(8, heads: 2, from: &stream)
        LayerNorm(8)
        AttentionPooling(8, units: 5, from: &stream)
        ActivationLayer(.hardSwish)
        ActivationLayer(.softplus)
        Reshape([2, 4])
        Flatten()
      }
    },
  ]

  private init(
    _ description: String, _ inputShape: [Int], vocabulary: Int? = nil,
    _ make: @escaping @Sendable (inout RandomStream) -> any Layer
  ) {
    (self.description, self.inputShape, self.make) = (description, inputShape, make)
    self.vocabulary = vocabulary
  }
}
