import SentioNN
import SentioTensor

/// The published ``AudioSpectrogramTransformer`` with valence and arousal from its two tokens.
///
/// `[N, frames, mels]` to `[N, 2]`, each in (−1, 1): the mean of the class token and the distillation token, normalized,
/// and a linear layer with tanh. Everything but that layer has the names of `ASTForAudioClassification`, so that the
/// weights of a published checkpoint start it.
///
/// *Reference:* Gong, Chung and Glass, "AST: Audio spectrogram transformer", 2021, for all but the head.
public struct AudioEmotionRegressor: Layer {
  /// Where the network stands.
  public var site = Site()
  /// The transformer.
  @Child("audio_spectrogram_transformer") public var transformer: AudioSpectrogramTransformer
  /// The normalization of what is pooled.
  @Child("classifier.layernorm") public var norm: LayerNorm
  /// Valence and arousal.
  @Child public var head: Linear

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the transformer's sizes.
  ///   - stream: the stream to draw from.
  public init(
    _ settings: AudioSpectrogramTransformer.Settings = .init(), from stream: inout RandomStream
  ) {
    transformer = AudioSpectrogramTransformer(settings, from: &stream)
    let features = settings.transformer.features
    norm = LayerNorm(features, epsilon: settings.transformer.epsilon)
    head = Linear(features, 2, activation: .tanh, weights: .transformer, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_transformer)
    visit(&_norm)
    visit(&_head)
  }

  /// Valence and arousal, `[N, 2]`.
  public func forward(_ x: Tensor) -> Tensor {
    head(norm(AudioSpectrogramTransformer.pooled(transformer(x))))
  }
}
