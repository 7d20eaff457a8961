import SentioNN
import SentioTensor

/// The discriminator of the report's conditional GAN: whether a spectrogram of an emotion is real.
///
/// `[N, 3, mels, frames]`, the spectrogram in −1…1 and two planes that are valence and arousal everywhere, to
/// `[N, 1]`: logits. The report's sigmoid is part of the loss, where it is exact for any logit;
/// ``confidence(_:emotions:)`` applies it. Convolutions have windows of 4 × 4 every 2 and one row and column of zeros at
/// each edge, and halve both extents, odd ones rounded down.
///
/// | layer | output at 128 × 1292 | parameters |
/// |---|---|---|
/// | convolution 32, leaky ReLU 0.2 | `[N, 32, 64, 646]` | 1,568 |
/// | convolution 64, batch normalization, leaky ReLU | `[N, 64, 32, 323]` | 32,896 |
/// | convolution 128, batch normalization, leaky ReLU | `[N, 128, 16, 161]` | 131,328 |
/// | convolution 256, batch normalization, leaky ReLU | `[N, 256, 8, 80]` | 524,800 |
/// | all numbers in a row, linear 1 | `[N, 1]` | 163,841 |
///
/// **Reading emotions.** With ``Settings/readsEmotions`` a second linear layer says valence and arousal, from the last
/// convolution's numbers averaged over time (as in an auxiliary classifier GAN). The report has none. It must not be
/// asked with the right emotion in the planes, or it would learn to copy it.
///
/// *Reference:* Odena, Olah and Shlens, "Conditional image synthesis with auxiliary classifier GANs" (2017).
///
/// These are 854,433 parameters; the report's figure of about 5 million does not follow from its list. Biases before a
/// normalization are left out. Weights start as ``SpectrogramGenerator`` says.
public struct SpectrogramDiscriminator: Layer {
  /// The sizes of a ``SpectrogramDiscriminator``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The mel bands.
    public var mels: Int
    /// The frames.
    public var frames: Int
    /// The channels behind each convolution.
    public var filters: [Int]
    /// What a leaky ReLU multiplies negative numbers by.
    public var slope: Float
    /// Whether there is a second head, which says the emotion.
    public var readsEmotions: Bool

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - mels: the mel bands, at least 2 to the number of convolutions.
    ///   - frames: the frames, at least as many.
    ///   - filters: the channels behind each convolution.
    ///   - slope: what a leaky ReLU multiplies negative numbers by.
    ///   - readsEmotions: whether there is a second head, which says the emotion.
    public init(
      mels: Int = 128, frames: Int = 1292, filters: [Int] = [32, 64, 128, 256], slope: Float = 0.2,
      readsEmotions: Bool = false
    ) {
      self.mels = mels
      self.frames = frames
      self.filters = filters
      self.slope = slope
      self.readsEmotions = readsEmotions
    }

    /// Reads sizes; files of earlier versions have no second head.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      mels = try values.decode(Int.self, forKey: .mels)
      frames = try values.decode(Int.self, forKey: .frames)
      filters = try values.decode([Int].self, forKey: .filters)
      slope = try values.decode(Float.self, forKey: .slope)
      readsEmotions = try values.decodeIfPresent(Bool.self, forKey: .readsEmotions) ?? false
    }

    /// The extents behind the last convolution.
    public var grid: HeightWidth {
      HeightWidth(height: mels >> filters.count, width: frames >> filters.count)
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// The convolutions.
  @Child("conv") public var convolutions: [Conv2D]
  /// The normalizations behind all but the first.
  @Child("norm") public var norms: [BatchNorm]
  /// The logit.
  @Child public var head: Linear
  /// Valence and arousal; nil where the network does not read emotions.
  @Child("emotion") public var emotionHead: Linear?
  /// The sizes.
  public let settings: Settings

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: Settings = Settings(), from stream: inout RandomStream) {
    let grid = settings.grid
    precondition(
      !settings.filters.isEmpty && grid.height >= 1 && grid.width >= 1,
      "a discriminator of \(settings.filters.count) halvings leaves nothing of \(settings.mels) x "
        + "\(settings.frames)")
    self.settings = settings
    var channels = 1 + SpectrogramGenerator.emotionCount
    var convolutions: [Conv2D] = []
    for (index, filters) in settings.filters.enumerated() {
      convolutions.append(
        Conv2D(
          channels, filters, kernel: 4, stride: 2, padding: .symmetric(1), bias: index == 0,
          weights: .adversarial, from: &stream))
      channels = filters
    }
    self.convolutions = convolutions
    norms = settings.filters.dropFirst().map { BatchNorm($0) }
    head = Linear(channels * grid.height * grid.width, 1, from: &stream)
    emotionHead =
      settings.readsEmotions
      ? Linear(channels * grid.height, SpectrogramGenerator.emotionCount, from: &stream) : nil
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_convolutions)
    visit(&_norms)
    visit(&_head)
    visit(&_emotionHead)
  }

  /// Logits, `[N, 1]`, from `[N, 3, mels, frames]`.
  public func forward(_ x: Tensor) -> Tensor {
    let y = convolved(x)
    return head(y.reshaped([y.shape[0], -1]))
  }

  /// What the last convolution gives, `[N, C, height, width]`.
  private func convolved(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && x.shape[1] == 1 + SpectrogramGenerator.emotionCount
        && x.shape[2] == settings.mels && x.shape[3] == settings.frames,
      "a discriminator takes [N, 3, \(settings.mels), \(settings.frames)], and this is \(x.shape)")
    var y = convolutions[0](x).leakyRelu(slope: settings.slope)
    for (convolution, norm) in zip(convolutions.dropFirst(), norms) {
      y = norm(convolution(y)).leakyRelu(slope: settings.slope)
    }
    return y
  }

  /// Logits, and the emotions that are read from the spectrograms.
  ///
  /// - Parameters:
  ///   - spectrograms: `[N, 1, mels, frames]` in −1…1.
  ///   - emotions: `[N, 2]` for the planes; of other clips, where emotions are to be read.
  /// - Returns: logits `[N, 1]`, and `[N, 2]`, nil for a network that does not read emotions.
  public func reading(
    _ spectrograms: Tensor, emotions: Tensor
  ) -> (logits: Tensor, emotions: Tensor?) {
    let y = convolved(withPlanes(spectrograms, emotions))
    let count = y.shape[0]
    // [N, C, height, width] -> [N, C · height]
    let found = emotionHead.map { $0(y.mean(axes: [3]).reshaped([count, -1])) }
    return (head(y.reshaped([count, -1])), found)
  }

  /// Logits for spectrograms and emotions.
  ///
  /// - Parameters:
  ///   - spectrograms: `[N, 1, mels, frames]` in −1…1.
  ///   - emotions: `[N, 2]`, valence before arousal, each in −1…1.
  /// - Returns: `[N, 1]`; above 0 is real.
  public func callAsFunction(_ spectrograms: Tensor, emotions: Tensor) -> Tensor {
    self(withPlanes(spectrograms, emotions))
  }

  private func withPlanes(_ spectrograms: Tensor, _ emotions: Tensor) -> Tensor {
    let (count, shape) = (spectrograms.shape[0], spectrograms.shape)
    // [N, 2] -> [N, 2, mels, frames]
    let planes = emotions.reshaped([count, SpectrogramGenerator.emotionCount, 1, 1])
      .broadcast(to: [count, SpectrogramGenerator.emotionCount, shape[2], shape[3]])
    return Tensor.concatenate([spectrograms, planes], axis: 1)
  }

  /// How sure the network is that spectrograms are real: the sigmoid of the logits.
  ///
  /// - Parameters:
  ///   - spectrograms: `[N, 1, mels, frames]` in −1…1.
  ///   - emotions: `[N, 2]`, valence before arousal, each in −1…1.
  /// - Returns: N numbers from 0 to 1.
  public func confidence(_ spectrograms: Tensor, emotions: Tensor) -> [Float] {
    self(spectrograms, emotions: emotions).sigmoid().scalars
  }
}
