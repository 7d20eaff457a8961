import SentioNN
import SentioTensor

/// The convolutional recurrent network of the validation protocol: a mel spectrogram to valence and arousal.
///
/// `[N, mels, frames]`, or `[N, 1, mels, frames]`, to `[N, 2]`, each in (−1, 1). Convolutions go along time, and the
/// mel bands are their channels. As Keras does where nothing else is said, they keep to the inside of the sequence.
///
/// | layer | output at 128 × 1292 | parameters (Keras's) |
/// |---|---|---|
/// | convolution 32, ReLU, pooling 2 | `[N, 645, 32]` | 12,320 |
/// | convolution 64, ReLU, pooling 2 | `[N, 321, 64]` | 6,208 |
/// | convolution 128, ReLU, pooling 2 | `[N, 159, 128]` | 24,704 |
/// | LSTM 128 in both directions | `[N, 159, 256]` | 263,168 |
/// | LSTM 64 in both directions, last states | `[N, 128]` | 164,352 |
/// | dense 64, ReLU, dropout 0.5 | `[N, 64]` | 8,256 |
/// | dense 2, tanh | `[N, 2]` | 130 |
///
/// These are 479,138 parameters; with PyTorch's second bias of every LSTM 480,674. The protocol's figure of 5.8
/// million does not follow from its list.
public struct SpectrogramCRNN: Layer {
  /// The sizes of a ``SpectrogramCRNN``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The mel bands.
    public var mels: Int
    /// The frames of a spectrogram; others are taken too, from ``leastFrames`` on.
    public var frames: Int
    /// The filters of the convolutions, each followed by a pooling of 2.
    public var filters: [Int]
    /// The frames under a convolution's window.
    public var kernel: Int
    /// The units of each direction of the two LSTMs.
    public var units: [Int]
    /// The units of the layer before the last.
    public var denseUnits: Int
    /// The probability to drop a unit before the last layer.
    public var dropout: Float
    /// How weights start, and which biases LSTMs have.
    public var convention: RecurrentConvention

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - mels: the mel bands.
    ///   - frames: the frames of a spectrogram.
    ///   - filters: the filters of the convolutions, each followed by a pooling of 2.
    ///   - kernel: the frames under a convolution's window.
    ///   - units: the units of each direction of the two LSTMs.
    ///   - denseUnits: the units of the layer before the last.
    ///   - dropout: the probability to drop a unit before the last layer.
    ///   - convention: how weights start, and which biases LSTMs have.
    public init(
      mels: Int = 128, frames: Int = 1292, filters: [Int] = [32, 64, 128], kernel: Int = 3,
      units: [Int] = [128, 64], denseUnits: Int = 64, dropout: Float = 0.5,
      convention: RecurrentConvention = .keras
    ) {
      self.mels = mels
      self.frames = frames
      self.filters = filters
      self.kernel = kernel
      self.units = units
      self.denseUnits = denseUnits
      self.dropout = dropout
      self.convention = convention
    }

    /// The fewest frames of which one is left after all convolutions and poolings.
    public var leastFrames: Int {
      filters.reduce(1) { left, _ in 2 * left + kernel - 1 }
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// The convolutions.
  @Child("conv") public var convolutions: [Conv1D]
  /// The LSTM that gives a sequence.
  @Child public var lstm1: RecurrentLayer
  /// The LSTM that gives its last states.
  @Child public var lstm2: RecurrentLayer
  /// The layer before the last.
  @Child public var dense: Linear
  /// What is dropped of its output.
  @Child public var dropout: Dropout
  /// Valence and arousal.
  @Child public var head: Linear
  /// The sizes.
  public let settings: Settings

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: Settings = Settings(), from stream: inout RandomStream) {
    precondition(
      !settings.filters.isEmpty && settings.units.count == 2,
      "a CRNN of \(settings.filters.count) convolutions and \(settings.units.count) LSTMs: "
        + "at least 1 and exactly 2 are needed")
    self.settings = settings
    let (convention, units) = (settings.convention, settings.units)
    var channels = settings.mels
    var convolutions: [Conv1D] = []
    for filters in settings.filters {
      convolutions.append(
        Conv1D(
          channels, filters, kernel: settings.kernel, activation: .relu,
          weights: convention.weights, from: &stream))
      channels = filters
    }
    self.convolutions = convolutions
    lstm1 = RecurrentLayer(
      .lstm, channels, units[0], isBidirectional: true, convention: convention, from: &stream)
    lstm2 = RecurrentLayer(
      .lstm, 2 * units[0], units[1], isBidirectional: true, output: .last, convention: convention,
      from: &stream)
    dense = Linear(
      2 * units[1], settings.denseUnits, activation: .relu, weights: convention.weights,
      from: &stream)
    dropout = Dropout(settings.dropout)
    head = Linear(
      settings.denseUnits, 2, activation: .tanh, weights: convention.weights, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_convolutions)
    visit(&_lstm1)
    visit(&_lstm2)
    visit(&_dense)
    visit(&_dropout)
    visit(&_head)
  }

  /// Valence and arousal, `[N, 2]`.
  public func forward(_ x: Tensor) -> Tensor {
    let isPicture = x.rank == 4 && x.shape[1] == 1
    var y = isPicture ? x.selected(0, axis: 1) : x
    precondition(
      y.rank == 3 && y.shape[1] == settings.mels && y.shape[2] >= settings.leastFrames,
      "a spectrogram is [N, \(settings.mels), frames] of at least \(settings.leastFrames) frames, "
        + "and this is \(x.shape)")
    for convolution in convolutions { y = convolution(y).maxPooled1D(2) }
    return head(dropout(dense(lstm2(lstm1(y.transposed())))))
  }
}
