import SentioNN
import SentioTensor

/// The report's final model: a ``VisionTransformer`` over a mel spectrogram, with valence and arousal from its class token.
///
/// `[N, 3, 224, 224]` to `[N, 2]`, each in (−1, 1). The head: normalization, dropout 0.2, 768 → 512, GELU, dropout 0.2,
/// 512 → 128, GELU, dropout 0.1, 128 → 2, tanh. ``SpectrogramImage`` makes the input.
public struct VisionEmotionRegressor: Layer {
  /// Where the network stands.
  public var site = Site()
  /// The transformer.
  @Child("vit") public var transformer: VisionTransformer
  /// Valence and arousal from the class token.
  @Child public var head: Sequential

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the transformer's sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: VisionTransformer.Settings = .base16, from stream: inout RandomStream) {
    transformer = VisionTransformer(settings, from: &stream)
    let features = settings.transformer.features
    // The report's widths for 768 features, and in their proportion for others.
    let (first, second) = (max(2, features * 2 / 3), max(2, features / 6))
    head = Sequential {
      LayerNorm(features, epsilon: settings.transformer.epsilon)
      Dropout(0.2)
      Linear(features, first, activation: .gelu(), from: &stream)
      Dropout(0.2)
      Linear(first, second, activation: .gelu(), from: &stream)
      Dropout(0.1)
      Linear(second, 2, activation: .tanh, from: &stream)
    }
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_transformer)
    visit(&_head)
  }

  /// Valence and arousal, `[N, 2]`.
  public func forward(_ x: Tensor) -> Tensor {
    head(
      site.isObserved ? transformer(x).selected(0, axis: 1) : transformer.encodedClassToken(of: x))
  }
}

/// Spectrograms as the pictures that a ``VisionTransformer`` was trained on.
public enum SpectrogramImage {
  /// ImageNet's mean of each channel, red first.
  public static let mean: [Float] = [0.485, 0.456, 0.406]
  /// ImageNet's standard deviation of each channel.
  public static let standardDeviation: [Float] = [0.229, 0.224, 0.225]

  /// Resizes spectrograms bilinearly, repeats them in channels and normalizes each; by default in ImageNet's three.
  ///
  /// - Parameters:
  ///   - spectrograms: `[N, 1, mels, frames]`, values from 0 to 1.
  ///   - size: height and width of the pictures.
  ///   - mean: what is taken off, for each channel.
  ///   - standardDeviation: what is divided by, for each channel.
  ///   - antialiased: whether a number of a smaller picture is a mean of all that it stands for, rather than of its two
  ///     neighbours in each direction.
  /// - Returns: `[N, channels, height, width]`.
  public static func make(
    _ spectrograms: Tensor, size: HeightWidth = 224, mean: [Float] = Self.mean,
    standardDeviation: [Float] = Self.standardDeviation, antialiased: Bool = false
  ) -> Tensor {
    precondition(
      spectrograms.rank == 4 && spectrograms.shape[1] == 1,
      "spectrograms are [N, 1, mels, frames], not \(spectrograms.shape)")
    let gray = spectrograms.resized2D(to: size, antialiased: antialiased)
    return Tensor.concatenate(
      zip(mean, standardDeviation).map { (gray - $0) * (1 / $1) }, axis: 1)
  }
}
