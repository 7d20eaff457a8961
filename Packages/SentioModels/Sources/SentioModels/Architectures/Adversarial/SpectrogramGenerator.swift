import SentioNN
import SentioTensor

/// The generator of the report's conditional GAN: noise and an emotion to a mel spectrogram.
///
/// `[N, 102]`, 100 numbers of noise, valence and arousal, to `[N, 1, mels, frames]` in (−1, 1);
/// ``SpectrogramRange`` leads from there to the spectrograms of the front ends. Transposed convolutions have windows of
/// 4 × 4 every 2 and cut one row and column at each edge, so that each doubles both extents.
///
/// | layer | output at 128 × 1292 | parameters |
/// |---|---|---|
/// | linear 102 → 663,552 | `[N, 1024, 8, 81]` | 68,345,856 |
/// | transposed convolution 256, batch normalization, ReLU | `[N, 256, 16, 162]` | 4,194,816 |
/// | transposed convolution 128, batch normalization, ReLU | `[N, 128, 32, 324]` | 524,544 |
/// | transposed convolution 64, batch normalization, ReLU | `[N, 64, 64, 648]` | 131,200 |
/// | transposed convolution 1, tanh | `[N, 1, 128, 1296]` | 1,025 |
/// | two frames cut at each end | `[N, 1, 128, 1292]` | |
///
/// These are 73,197,441 parameters; the report says about 73 million.
///
/// **The reading.** The report reshapes the 663,552 numbers to `[64, 16, 323]`, which holds 330,752, and four doublings
/// of 16 × 323 do not end at 128 × 1292. 663,552 is 1024 · 8 · 81, and four doublings of 8 × 81 give 128 × 1296. Its
/// drawing names the widths 64 → 128 → 64 → 32 → 1: the 64 that it starts from is ruled out by the 663,552. Halving
/// widths from 256 on come to the 73 million that it counts; with the drawing's own 128, 64, 32
/// (``Settings/drawn``) the generator has 70,607,809. Biases before a normalization are left out, as they change
/// nothing.
///
/// **Where weights start.** The report does not say. Its rate, β₁, slope and normalizations are DCGAN's, and so is the
/// start here: convolutions normal with a deviation of 0.02, biases 0; the linear layer as PyTorch's. From PyTorch's own
/// start, whose last layer is ten times as large, a rate of 2e-4 takes thousands of updates to get rid of the noise
/// that the first clips are.
///
/// *Reference:* Radford, Metz and Chintala, "Unsupervised representation learning with deep convolutional generative
/// adversarial networks" (2016), section 4.
///
/// **The emotion's part.** Beside 100 numbers of noise with a deviation of 1, two of an emotion with a deviation of s are
/// worth 2·s² / 100 of the linear layer's variance: 0.2 % at s = 0.33. Adam moves every weight by about the rate, so that
/// it stays little for thousands of updates. ``Settings/emotionGain``, g, is what the two are multiplied by first, and
/// makes it 2·g²·s² / 100. 1 is the report to the letter.
///
/// Other sizes keep the form: `mels` must be divisible by 2 to the number of convolutions, and frames are those of the
/// next larger grid, cut evenly at both ends.
public struct SpectrogramGenerator: Layer {
  /// The sizes of a ``SpectrogramGenerator``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The mel bands: a multiple of ``doubling``.
    public var mels: Int
    /// The frames.
    public var frames: Int
    /// The numbers of noise.
    public var noise: Int
    /// The channels of the grid that the linear layer gives.
    public var gridChannels: Int
    /// The channels behind each transposed convolution but the last.
    public var filters: [Int]
    /// What the outputs stand for.
    public var range: SpectrogramRange
    /// What valence and arousal are multiplied by before the linear layer; above 0.
    public var emotionGain: Float

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - mels: the mel bands, a multiple of 2 to the number of convolutions, one more than `filters`.
    ///   - frames: the frames.
    ///   - noise: the numbers of noise.
    ///   - gridChannels: the channels of the grid that the linear layer gives.
    ///   - filters: the channels behind each transposed convolution but the last.
    ///   - range: what the outputs stand for.
    ///   - emotionGain: what valence and arousal are multiplied by before the linear layer; above 0.
    public init(
      mels: Int = 128, frames: Int = 1292, noise: Int = 100, gridChannels: Int = 1024,
      filters: [Int] = [256, 128, 64], range: SpectrogramRange = SpectrogramRange(),
      emotionGain: Float = 1
    ) {
      self.mels = mels
      self.frames = frames
      self.noise = noise
      self.gridChannels = gridChannels
      self.filters = filters
      self.range = range
      self.emotionGain = emotionGain
    }

    /// Reads sizes; files of earlier versions have no gain, which is 1.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      mels = try values.decode(Int.self, forKey: .mels)
      frames = try values.decode(Int.self, forKey: .frames)
      noise = try values.decode(Int.self, forKey: .noise)
      gridChannels = try values.decode(Int.self, forKey: .gridChannels)
      filters = try values.decode([Int].self, forKey: .filters)
      range = try values.decode(SpectrogramRange.self, forKey: .range)
      emotionGain = try values.decodeIfPresent(Float.self, forKey: .emotionGain) ?? 1
    }

    /// The widths that the report draws: 128, 64, 32 and 1.
    public static let drawn = Settings(filters: [128, 64, 32])

    /// How many times larger the spectrogram is than the grid, on either axis.
    public var doubling: Int { 1 << (filters.count + 1) }

    /// What the inputs are multiplied by: noise by 1, the emotion by its gain.
    public var inputGains: Tensor {
      Tensor(
        Array(repeating: 1, count: noise)
          + Array(repeating: emotionGain, count: SpectrogramGenerator.emotionCount))
    }

    /// The extents of the grid.
    public var grid: HeightWidth {
      HeightWidth(height: mels / doubling, width: (frames + doubling - 1) / doubling)
    }
  }

  /// The numbers of an emotion: valence and arousal.
  public static let emotionCount = 2

  /// Where the network stands.
  public var site = Site()
  /// From noise and emotion to the grid.
  @Child public var linear: Linear
  /// The transposed convolutions.
  @Child("upsampling") public var convolutions: [TransposedConv2D]
  /// The normalizations behind all but the last.
  @Child("norm") public var norms: [BatchNorm]
  /// The sizes.
  public let settings: Settings

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: Settings = Settings(), from stream: inout RandomStream) {
    precondition(
      settings.mels >= settings.doubling && settings.mels % settings.doubling == 0
        && settings.frames >= 1,
      "a generator of \(settings.filters.count + 1) doublings gives \(settings.doubling), "
        + "\(2 * settings.doubling)… mel bands, and \(settings.mels) x \(settings.frames) is asked for"
    )
    self.settings = settings
    let grid = settings.grid
    linear = Linear(
      settings.noise + Self.emotionCount, settings.gridChannels * grid.height * grid.width,
      from: &stream)
    var channels = settings.gridChannels
    var convolutions: [TransposedConv2D] = []
    for filters in settings.filters {
      convolutions.append(
        TransposedConv2D(
          channels, filters, kernel: 4, stride: 2, padding: .symmetric(1), bias: false,
          weights: .adversarial, from: &stream))
      channels = filters
    }
    convolutions.append(
      TransposedConv2D(
        channels, 1, kernel: 4, stride: 2, padding: .symmetric(1), activation: .tanh,
        weights: .adversarial, from: &stream))
    self.convolutions = convolutions
    norms = settings.filters.map { BatchNorm($0) }
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_linear)
    visit(&_convolutions)
    visit(&_norms)
  }

  /// Spectrograms in (−1, 1), `[N, 1, mels, frames]`, from `[N, noise + 2]`.
  public func forward(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 2 && x.shape[1] == settings.noise + Self.emotionCount,
      "a generator takes [N, \(settings.noise + Self.emotionCount)], and this is \(x.shape)")
    let grid = settings.grid
    let input = settings.emotionGain == 1 ? x : x * settings.inputGains
    // [N, channels · height · width] -> [N, channels, height, width]
    var y = linear(input).reshaped([x.shape[0], settings.gridChannels, grid.height, grid.width])
    for (convolution, norm) in zip(convolutions, norms) { y = norm(convolution(y)).relu() }
    y = convolutions[norms.count](y)
    let before = (y.shape[3] - settings.frames) / 2
    return y.sliced(before..<before + settings.frames, axis: 3)
  }

  /// Spectrograms in (−1, 1) for noise and emotions.
  ///
  /// - Parameters:
  ///   - noise: `[N, noise]`, independent and normal.
  ///   - emotions: `[N, 2]`, valence before arousal, each in −1…1.
  /// - Returns: `[N, 1, mels, frames]`.
  public func callAsFunction(noise: Tensor, emotions: Tensor) -> Tensor {
    self(Tensor.concatenate([noise, emotions], axis: 1))
  }
}

extension WeightSettings {
  /// Where the convolutions of a generator and its discriminator start: normal with a deviation of 0.02, biases 0.
  static let adversarial = WeightSettings(initializer: .normal(standardDeviation: 0.02))
}
