import SentioNN
import SentioTensor

/// Which network, and of what size: all that is needed to make one that a file's weights fit into.
public enum NetworkSettings: Sendable, Hashable, Codable {
  /// ``VisionTransformer``: tokens.
  case visionTransformer(VisionTransformer.Settings)
  /// ``VisionClassifier``: logits.
  case visionClassifier(VisionTransformer.Settings, labels: Int)
  /// ``VisionEmotionRegressor``: valence and arousal.
  case visionEmotion(VisionTransformer.Settings)
  /// ``AudioSpectrogramTransformer``: tokens.
  case audioTransformer(AudioSpectrogramTransformer.Settings)
  /// ``AudioClassifier``: logits.
  case audioClassifier(AudioSpectrogramTransformer.Settings, labels: Int)
  /// ``AudioEmotionRegressor``: valence and arousal.
  case publishedAudioEmotion(AudioSpectrogramTransformer.Settings)
  /// ``AudioEmotionTransformer``: valence and arousal.
  case audioEmotion(AudioEmotionTransformer.Settings)
  /// ``MobileViT``: feature maps.
  case mobileViT(MobileViT.Settings)
  /// ``MobileClassifier``: logits.
  case mobileClassifier(MobileViT.Settings, labels: Int)
  /// ``MobileStudent``: valence and arousal.
  case mobileStudent(MobileStudent.Settings)
  /// ``CRNN``: valence and arousal.
  case crnn(CRNN.Settings)
  /// ``SpectrogramCRNN``: valence and arousal.
  case spectrogramCRNN(SpectrogramCRNN.Settings)
  /// ``SequenceEmotionNetwork``: valence and arousal of every step.
  case sequenceEmotion(SequenceEmotionNetwork.Settings)
  /// ``GenreMLP``: logits.
  case genreMLP(GenreMLP.Settings)
  /// ``GenreCNN``: logits.
  case genreCNN(GenreCNN.Settings)
  /// ``GenreRecurrentNetwork``: logits.
  case genreRecurrent(GenreRecurrentNetwork.Settings)
  /// ``SequenceClassifier``: logits of a sequence.
  case sequenceClassifier(SequenceClassifier.Settings)
  /// ``SequenceLabeler``: logits of every step.
  case sequenceLabeler(SequenceLabeler.Settings)
  /// ``SequenceTranslator``: logits of another sequence's steps.
  case sequenceTranslator(SequenceTranslator.Settings)
  /// ``SequenceGenerator``: logits of the next token at every step.
  case sequenceGenerator(SequenceGenerator.Settings)
  /// ``SpectrogramGenerator``: spectrograms of noise and emotions.
  case spectrogramGenerator(SpectrogramGenerator.Settings)
  /// ``SpectrogramDiscriminator``: the logit of a spectrogram's being real.
  case spectrogramDiscriminator(SpectrogramDiscriminator.Settings)

  /// The network's name in plain words.
  public var title: String {
    switch self {
    case .visionTransformer: "vision transformer"
    case .visionClassifier: "vision transformer with logits"
    case .visionEmotion: "vision transformer for valence and arousal"
    case .audioTransformer: "audio spectrogram transformer"
    case .audioClassifier: "audio spectrogram transformer with logits"
    case .publishedAudioEmotion: "audio spectrogram transformer for valence and arousal"
    case .audioEmotion: "audio transformer for valence and arousal"
    case .mobileViT: "MobileViT"
    case .mobileClassifier: "MobileViT with logits"
    case .mobileStudent: "mobile student for valence and arousal"
    case .crnn: "convolutional recurrent network for valence and arousal"
    case .spectrogramCRNN: "convolutional recurrent network over a spectrogram"
    case .sequenceEmotion: "recurrent network for valence and arousal over time"
    case .genreMLP: "multi-layer perceptron for genres"
    case .genreCNN: "convolutional network for genres"
    case .genreRecurrent(let sizes):
      switch sizes.cell {
      case .rnn: "simple recurrent network for genres"
      case .lstm: "LSTM for genres"
      case .gru: "GRU for genres"
      }
    case .sequenceClassifier(let sizes): "\(sizes.stack.cell.title) from a sequence to classes"
    case .sequenceLabeler(let sizes): "\(sizes.stack.cell.title) for a class of every step"
    case .sequenceTranslator(let sizes):
      "\(sizes.stack.cell.title) encoder and decoder\(sizes.attention == nil ? "" : " with attention")"
    case .sequenceGenerator(let sizes): "\(sizes.stack.cell.title) that generates tokens"
    case .spectrogramGenerator: "generator of spectrograms"
    case .spectrogramDiscriminator: "discriminator of spectrograms"
    }
  }

  /// Makes a network of random weights.
  ///
  /// - Parameter stream: the stream to draw from.
  /// - Returns: the network.
  public func makeNetwork(from stream: inout RandomStream) -> any Layer {
    switch self {
    case .visionTransformer(let sizes): VisionTransformer(sizes, from: &stream)
    case .visionClassifier(let sizes, let labels):
      VisionClassifier(sizes, labels: labels, from: &stream)
    case .visionEmotion(let sizes): VisionEmotionRegressor(sizes, from: &stream)
    case .audioTransformer(let sizes): AudioSpectrogramTransformer(sizes, from: &stream)
    case .audioClassifier(let sizes, let labels):
      AudioClassifier(sizes, labels: labels, from: &stream)
    case .publishedAudioEmotion(let sizes): AudioEmotionRegressor(sizes, from: &stream)
    case .audioEmotion(let sizes): AudioEmotionTransformer(sizes, from: &stream)
    case .mobileViT(let sizes): MobileViT(sizes, from: &stream)
    case .mobileClassifier(let sizes, let labels):
      MobileClassifier(sizes, labels: labels, from: &stream)
    case .mobileStudent(let sizes): MobileStudent(sizes, from: &stream)
    case .crnn(let sizes): CRNN(sizes, from: &stream)
    case .spectrogramCRNN(let sizes): SpectrogramCRNN(sizes, from: &stream)
    case .sequenceEmotion(let sizes): SequenceEmotionNetwork(sizes, from: &stream)
    case .genreMLP(let sizes): GenreMLP(sizes, from: &stream)
    case .genreCNN(let sizes): GenreCNN(sizes, from: &stream)
    case .genreRecurrent(let sizes): GenreRecurrentNetwork(sizes, from: &stream)
    case .sequenceClassifier(let sizes): SequenceClassifier(sizes, from: &stream)
    case .sequenceLabeler(let sizes): SequenceLabeler(sizes, from: &stream)
    case .sequenceTranslator(let sizes): SequenceTranslator(sizes, from: &stream)
    case .sequenceGenerator(let sizes): SequenceGenerator(sizes, from: &stream)
    case .spectrogramGenerator(let sizes): SpectrogramGenerator(sizes, from: &stream)
    case .spectrogramDiscriminator(let sizes): SpectrogramDiscriminator(sizes, from: &stream)
    }
  }

  /// The shape of one input, without the batch; of sequences of any length ``nominalSteps``.
  public var inputShape: [Int] {
    switch self {
    case .visionTransformer(let sizes), .visionClassifier(let sizes, _), .visionEmotion(let sizes):
      [sizes.channels, sizes.imageSize.height, sizes.imageSize.width]
    case .audioTransformer(let sizes), .audioClassifier(let sizes, _),
      .publishedAudioEmotion(let sizes):
      [sizes.frames, sizes.mels]
    case .audioEmotion(let sizes):
      [1, sizes.spectrogramSize.height, sizes.spectrogramSize.width]
    case .mobileViT(let sizes), .mobileClassifier(let sizes, _): [sizes.channels, 256, 256]
    case .mobileStudent(let sizes):
      [sizes.channels, sizes.imageSize.height, sizes.imageSize.width]
    case .crnn(let sizes): [sizes.frames, sizes.features]
    case .spectrogramCRNN(let sizes): [1, sizes.mels, sizes.frames]
    case .sequenceEmotion(let sizes): [sizes.steps, sizes.features]
    case .genreMLP(let sizes): [sizes.frames, sizes.coefficients]
    case .genreCNN(let sizes): [sizes.frames, sizes.coefficients]
    case .genreRecurrent(let sizes): [sizes.frames, sizes.coefficients]
    case .sequenceClassifier(let sizes): [Self.nominalSteps, sizes.features]
    case .sequenceLabeler(let sizes): [Self.nominalSteps, sizes.features]
    case .sequenceTranslator(let sizes):
      switch sizes.source {
      case .tokens: [Self.nominalSteps]
      case .frames(let features): [Self.nominalSteps, features]
      }
    case .sequenceGenerator: [Self.nominalSteps]
    case .spectrogramGenerator(let sizes): [sizes.noise + SpectrogramGenerator.emotionCount]
    case .spectrogramDiscriminator(let sizes):
      [1 + SpectrogramGenerator.emotionCount, sizes.mels, sizes.frames]
    }
  }

  /// The steps that a summary and an export take where a network takes any number.
  public static let nominalSteps = 32

  /// The number of different tokens, for networks that read tokens; nil for those that read features.
  public var vocabulary: Int? {
    switch self {
    case .sequenceGenerator(let sizes): sizes.vocabulary
    case .sequenceTranslator(let sizes):
      if case .tokens(let vocabulary, _) = sizes.source { vocabulary } else { nil }
    default: nil
    }
  }

  /// What the outputs are.
  public enum OutputKind: Sendable, Hashable {
    /// Valence and arousal, each in (−1, 1).
    case emotion
    /// Valence and arousal of every step, each in (−1, 1).
    case emotions
    /// So many logits.
    case classes(Int)
    /// So many logits of every step.
    case stepClasses(Int)
    /// Tokens or feature maps.
    case features
  }

  /// What the outputs are.
  public var outputKind: OutputKind {
    switch self {
    case .visionTransformer, .audioTransformer, .mobileViT: .features
    case .visionClassifier(_, let labels), .audioClassifier(_, let labels),
      .mobileClassifier(_, let labels):
      .classes(labels)
    case .visionEmotion, .publishedAudioEmotion, .audioEmotion, .mobileStudent, .crnn,
      .spectrogramCRNN:
      .emotion
    case .sequenceEmotion: .emotions
    case .genreMLP(let sizes): .classes(sizes.genres)
    case .genreCNN(let sizes): .classes(sizes.genres)
    case .genreRecurrent(let sizes): .classes(sizes.genres)
    case .sequenceClassifier(let sizes): .classes(sizes.outputs)
    case .sequenceLabeler(let sizes): .stepClasses(sizes.outputs)
    case .sequenceTranslator(let sizes): .stepClasses(sizes.targets + 1)
    case .sequenceGenerator(let sizes): .stepClasses(sizes.vocabulary)
    case .spectrogramGenerator: .features
    case .spectrogramDiscriminator: .classes(1)
    }
  }

  /// Why an input of this shape, batch first, does not fit; nil where it does.
  ///
  /// Networks over patches take pictures of other heights and widths than ``inputShape`` says too, as long as
  /// one patch fits, and recurrent ones other numbers of frames.
  ///
  /// - Parameter shape: the input's shape.
  /// - Returns: what would fit, and what was given.
  public func mismatch(_ shape: Shape) -> String? {
    let expected = inputShape
    let least = leastExtents
    let found = Array(shape.dropFirst())
    let fits =
      found.count == expected.count
      && zip(zip(found, expected), least).allSatisfy { pair, least in
        least.map { pair.0 >= $0 } ?? (pair.0 == pair.1)
      }
    if fits { return nil }
    let sizes = expected.map(String.init).joined(separator: ", ")
    let free = zip(expected, least).compactMap { size, least in
      least.map { "any number from \($0) in the place of \(size)" }
    }
    let others = free.isEmpty ? "" : ", or " + free.joined(separator: " and ")
    return "[N, \(sizes)] is expected\(others), and the shape is \(shape)"
  }

  /// Why an input, batch first, does not fit: its shape, or a number that is no token; nil where it does.
  ///
  /// - Parameter x: the input.
  /// - Returns: what would fit, and what was given.
  public func mismatch(of x: Tensor) -> String? {
    if let mismatch = mismatch(x.shape) { return mismatch }
    guard let vocabulary else { return nil }
    return x.withUnsafeBufferPointer { values in
      values.firstIndex { !($0 >= 0 && $0 < Float(vocabulary) && $0 == $0.rounded(.down)) }
        .map {
          "tokens are whole numbers from 0 to \(vocabulary - 1), and \(values[$0]) is among them"
        }
    }
  }

  /// For each extent of an input the least one, where others than ``inputShape``'s are taken.
  private var leastExtents: [Int?] {
    switch self {
    case .audioTransformer, .audioClassifier, .publishedAudioEmotion, .genreMLP, .genreCNN:
      [nil, nil]
    case .mobileStudent: [nil, nil, nil]
    case .visionTransformer(let sizes), .visionClassifier(let sizes, _), .visionEmotion(let sizes):
      [nil, sizes.patchSize, sizes.patchSize]
    case .audioEmotion(let sizes): [nil, sizes.patchSize, sizes.patchSize]
    case .mobileViT, .mobileClassifier: [nil, 1, 1]
    case .crnn(let sizes): [1 << (sizes.filters.count - 1), nil]
    case .spectrogramCRNN(let sizes): [nil, nil, sizes.leastFrames]
    case .genreRecurrent, .sequenceEmotion, .sequenceClassifier, .sequenceLabeler: [1, nil]
    case .sequenceTranslator, .sequenceGenerator: inputShape.count == 1 ? [1] : [1, nil]
    case .spectrogramGenerator: [nil]
    case .spectrogramDiscriminator: [nil, nil, nil]
    }
  }
}
