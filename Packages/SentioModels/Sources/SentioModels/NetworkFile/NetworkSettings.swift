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
  /// ``AudioEmotionTransformer``: valence and arousal.
  case audioEmotion(AudioEmotionTransformer.Settings)
  /// ``MobileViT``: feature maps.
  case mobileViT(MobileViT.Settings)
  /// ``MobileClassifier``: logits.
  case mobileClassifier(MobileViT.Settings, labels: Int)
  /// ``MobileStudent``: valence and arousal.
  case mobileStudent(MobileStudent.Settings)

  /// The network's name in plain words.
  public var title: String {
    switch self {
    case .visionTransformer: "vision transformer"
    case .visionClassifier: "vision transformer with logits"
    case .visionEmotion: "vision transformer for valence and arousal"
    case .audioTransformer: "audio spectrogram transformer"
    case .audioClassifier: "audio spectrogram transformer with logits"
    case .audioEmotion: "audio transformer for valence and arousal"
    case .mobileViT: "MobileViT"
    case .mobileClassifier: "MobileViT with logits"
    case .mobileStudent: "mobile student for valence and arousal"
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
    case .audioEmotion(let sizes): AudioEmotionTransformer(sizes, from: &stream)
    case .mobileViT(let sizes): MobileViT(sizes, from: &stream)
    case .mobileClassifier(let sizes, let labels):
      MobileClassifier(sizes, labels: labels, from: &stream)
    case .mobileStudent(let sizes): MobileStudent(sizes, from: &stream)
    }
  }

  /// The shape of one input, without the batch.
  public var inputShape: [Int] {
    switch self {
    case .visionTransformer(let sizes), .visionClassifier(let sizes, _), .visionEmotion(let sizes):
      [sizes.channels, sizes.imageSize.height, sizes.imageSize.width]
    case .audioTransformer(let sizes), .audioClassifier(let sizes, _): [sizes.frames, sizes.mels]
    case .audioEmotion(let sizes):
      [1, sizes.spectrogramSize.height, sizes.spectrogramSize.width]
    case .mobileViT(let sizes), .mobileClassifier(let sizes, _): [sizes.channels, 256, 256]
    case .mobileStudent(let sizes):
      [sizes.channels, sizes.imageSize.height, sizes.imageSize.width]
    }
  }

  /// Why an input of this shape, batch first, does not fit; nil where it does.
  ///
  /// Networks over patches take pictures of other heights and widths than ``inputShape`` says too, as long as
  /// one patch fits.
  ///
  /// - Parameter shape: the input's shape.
  /// - Returns: what would fit, and what was given.
  public func mismatch(_ shape: Shape) -> String? {
    let expected = inputShape
    let isFixed: Bool
    var least = 1
    switch self {
    case .audioTransformer, .audioClassifier, .mobileStudent: isFixed = true
    case .visionTransformer(let sizes), .visionClassifier(let sizes, _), .visionEmotion(let sizes):
      (isFixed, least) = (false, sizes.patchSize)
    case .audioEmotion(let sizes): (isFixed, least) = (false, sizes.patchSize)
    case .mobileViT, .mobileClassifier: isFixed = false
    }
    let found = Array(shape.dropFirst())
    let fits =
      found.count == expected.count
      && (isFixed
        ? found == expected
        : found[0] == expected[0] && found.dropFirst().allSatisfy { $0 >= least })
    if fits { return nil }
    let sizes = expected.map(String.init).joined(separator: ", ")
    return isFixed
      ? "[N, \(sizes)] is expected, and the shape is \(shape)"
      : "[N, \(sizes)] or another height and width from \(least) is expected, and the shape is \(shape)"
  }
}
