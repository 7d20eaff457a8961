import SentioModels
import SentioNN
import SentioTensor
import Testing

/// One tiny network of every kind, with inputs for it.
struct NetworkSample: Sendable, CustomTestStringConvertible {
  let name: String
  let settings: NetworkSettings
  /// The real steps of eight sequences, for networks that take masks.
  var lengths: [Int]?
  /// The steps of an input, for networks that take any number.
  var steps: Int?
  /// The share of the loss that may be left when eight samples have been learned by heart.
  var rest = 0.05

  var testDescription: String { name }

  static let transformer = TransformerSettings(
    features: 12, layers: 1, heads: 2, innerFeatures: 16)
  static let vision = VisionTransformer.Settings(
    imageSize: HeightWidth(height: 8, width: 12), patchSize: 4, transformer: transformer)
  static let audio = AudioSpectrogramTransformer.Settings(
    mels: 16, frames: 24, patchSize: 8, stride: HeightWidth(8), transformer: transformer)

  /// Those that predict emotions or classes.
  static let predicting: [NetworkSample] =
    [
      // Its head drops units, whatever the settings.
      NetworkSample(name: "vision transformer", settings: .visionEmotion(vision), rest: 0.15),
      NetworkSample(name: "vision classifier", settings: .visionClassifier(vision, labels: 5)),
      NetworkSample(name: "published audio regressor", settings: .publishedAudioEmotion(audio)),
      NetworkSample(name: "audio classifier", settings: .audioClassifier(audio, labels: 5)),
      NetworkSample(
        name: "audio transformer",
        settings: .audioEmotion(
          .init(
            spectrogramSize: HeightWidth(height: 8, width: 12), patchSize: 4,
            transformer: transformer))),
      NetworkSample(
        name: "student",
        settings: .mobileStudent(
          .init(
            imageSize: HeightWidth(height: 8, width: 12), patchSize: 4, transformer: transformer))),
      NetworkSample(
        name: "CRNN",
        settings: .crnn(
          .init(
            features: 5, frames: 16, filters: [6, 7, 8], units: [5, 4], denseUnits: 9,
            recurrentDropout: 0, dropout: 0)),
        lengths: [16, 15, 9, 16, 4, 12, 16, 7]),
      NetworkSample(
        name: "CRNN over a spectrogram",
        settings: .spectrogramCRNN(
          .init(
            mels: 6, frames: 31, filters: [5, 6, 7], units: [5, 4], denseUnits: 9, dropout: 0))),
      NetworkSample(
        name: "emotion over time",
        settings: .sequenceEmotion(
          .init(features: 5, steps: 6, filters: [8, 9], kernel: 3, units: 9, dropout: 0))),
      NetworkSample(
        name: "MLP",
        settings: .genreMLP(.init(frames: 6, coefficients: 5, units: [12, 9], genres: 4))),
      NetworkSample(
        name: "CNN",
        settings: .genreCNN(
          .init(
            frames: 14, coefficients: 13, filters: [4, 5, 6], denseUnits: 9, dropout: 0, genres: 4)
        )),
    ]
    + GenreRecurrentNetwork.Cell.allCases.map { cell in
      NetworkSample(
        name: cell.rawValue,
        settings: .genreRecurrent(
          .init(
            cell: cell, frames: 9, coefficients: 5, units: 7, denseUnits: 8, dropout: 0, genres: 4)),
        lengths: [9, 9, 5, 1, 9, 7, 9, 3])
    }
    + SequenceClassifier.Readout.allCases.map { readout in
      NetworkSample(
        name: "sequence to a class by \(readout.rawValue)",
        settings: .sequenceClassifier(
          .init(
            features: 5, outputs: 4, .init(.gru, units: 9, isBidirectional: true), readout: readout)
        ), lengths: [7, 7, 5, 1, 6, 7, 2, 3], steps: 7)
    }
    + [
      NetworkSample(
        name: "a class of every step",
        settings: .sequenceLabeler(
          .init(
            features: 5, outputs: 3,
            .init(.lstm, units: 16, layers: 2, isBidirectional: true, isResidual: true))),
        steps: 4, rest: 0.3),
      NetworkSample(
        name: "the next token",
        settings: .sequenceGenerator(
          .init(vocabulary: 9, embedding: 12, .init(.lstm, units: 24), conditions: 2)),
        steps: 4, rest: 0.3),
    ]

  /// Eight inputs.
  func inputs() -> Tensor {
    var stream = RandomStream(seed: 8, name)
    var extents = settings.inputShape
    if let steps { extents[0] = steps }
    let shape = Shape([8] + extents)
    if let vocabulary = settings.vocabulary {
      return Tensor(
        (0..<shape.elementCount).map { _ in Float(stream.next(below: vocabulary)) }, shape: shape)
    }
    return .normal(shape, from: &stream)
  }

  /// What should come out of them.
  func targets() -> Tensor {
    var stream = RandomStream(seed: 9, name)
    switch settings.outputKind {
    case .classes(let count): return .oneHot((0..<8).map { $0 % count }, depth: count)
    case .stepClasses(let count):
      return .uniform([8, steps ?? 1, count], in: -0.8..<0.8, from: &stream)
    case .emotions:
      return .uniform([8, settings.inputShape[0], 2], in: -0.8..<0.8, from: &stream)
    case .emotion, .features: return .uniform([8, 2], in: -0.8..<0.8, from: &stream)
    }
  }

  var loss: Loss {
    if case .classes = settings.outputKind { .crossEntropy() } else { .meanSquaredError }
  }

  func network(seed: UInt64 = 1) -> any Layer {
    var stream = RandomStream(seed: seed, name)
    return settings.makeNetwork(from: &stream)
  }

  /// What a network gives for inputs of the sample's lengths.
  func output(of network: some Layer, _ x: Tensor) -> Tensor { network(x, lengths: lengths) }
}
