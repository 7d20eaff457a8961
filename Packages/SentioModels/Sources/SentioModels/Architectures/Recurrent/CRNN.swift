import SentioNN
import SentioTensor

/// The report's convolutional recurrent network: features of frames to valence and arousal.
///
/// `[N, L, F]` to `[N, 2]`, each in (−1, 1).
///
/// | layer | output at L = 600, F = 40 | parameters (Keras's) |
/// |---|---|---|
/// | convolution 64, batch normalization, ReLU, pooling 2 | `[N, 300, 64]` | 7,744 + 128 |
/// | convolution 128, batch normalization, ReLU, pooling 2 | `[N, 150, 128]` | 24,704 + 256 |
/// | convolution 256, batch normalization, ReLU | `[N, 150, 256]` | 98,560 + 512 |
/// | LSTM 128 in both directions, dropout 0.3 | `[N, 150, 256]` | 394,240 |
/// | LSTM 64 in both directions, last states | `[N, 128]` | 164,352 |
/// | dense 128, ReLU, dropout 0.5 | `[N, 128]` | 16,512 |
/// | dense 2, tanh | `[N, 2]` | 258 |
///
/// These are 707,266 parameters; with PyTorch's second bias of every LSTM 708,802. The report's figure of 5.8 million
/// does not follow from its drawing.
///
/// ```swift
/// let network = CRNN(from: &stream)
/// let emotions = network(features, mask: .lengths([600, 412]))
/// ```
///
/// **Masks.** What stands at frames that do not count, NaN included, influences nothing: neither outputs, nor
/// gradients, nor running statistics. Convolutions read zeros there, as they do beside the sequence; batches are
/// normalized by the frames that count; a pooled frame counts if one of its frames does; and the LSTMs start and end
/// at the frames that count. So a sequence with masked frames after it gives, in inference, what it gives alone, if its
/// length is a multiple of the poolings' product, here 4. (Alone, a last window that is not full is left out.) A
/// sequence without a frame that counts has the states 0.
public struct CRNN: MaskedLayer {
  /// The sizes of a ``CRNN``.
  public struct Settings: Sendable, Hashable, Codable {
    /// F, the features of a frame.
    public var features: Int
    /// L, the frames of a sequence; others are taken too, from the poolings' product on.
    public var frames: Int
    /// The filters of the convolutions; all but the last are followed by a pooling of 2.
    public var filters: [Int]
    /// The frames under a convolution's window.
    public var kernel: Int
    /// The units of each direction of the two LSTMs.
    public var units: [Int]
    /// The units of the layer before the last.
    public var denseUnits: Int
    /// The probability to drop an element between the LSTMs.
    public var recurrentDropout: Float
    /// The probability to drop a unit before the last layer.
    public var dropout: Float
    /// How weights start, which biases LSTMs have, and the momentum and epsilon of normalizations.
    public var convention: RecurrentConvention

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - features: F, the features of a frame.
    ///   - frames: L, the frames of a sequence.
    ///   - filters: the filters of the convolutions; all but the last are followed by a pooling of 2.
    ///   - kernel: the frames under a convolution's window.
    ///   - units: the units of each direction of the two LSTMs.
    ///   - denseUnits: the units of the layer before the last.
    ///   - recurrentDropout: the probability to drop an element between the LSTMs.
    ///   - dropout: the probability to drop a unit before the last layer.
    ///   - convention: how weights start, which biases LSTMs have, and the momentum and epsilon of normalizations.
    public init(
      features: Int = 40, frames: Int = 600, filters: [Int] = [64, 128, 256], kernel: Int = 3,
      units: [Int] = [128, 64], denseUnits: Int = 128, recurrentDropout: Float = 0.3,
      dropout: Float = 0.5, convention: RecurrentConvention = .keras
    ) {
      self.features = features
      self.frames = frames
      self.filters = filters
      self.kernel = kernel
      self.units = units
      self.denseUnits = denseUnits
      self.recurrentDropout = recurrentDropout
      self.dropout = dropout
      self.convention = convention
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// The convolutions.
  @Child public var blocks: [ConvolutionBlock]
  /// The LSTM that gives a sequence.
  @Child public var lstm1: RecurrentLayer
  /// What is dropped of that sequence.
  @Child("lstm_dropout") public var sequenceDropout: Dropout
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
    var channels = settings.features
    var blocks: [ConvolutionBlock] = []
    for (index, filters) in settings.filters.enumerated() {
      let isLast = index == settings.filters.count - 1
      blocks.append(
        ConvolutionBlock(
          channels, filters, kernel: settings.kernel, poolSize: isLast ? 1 : 2,
          convention: convention, from: &stream))
      channels = filters
    }
    self.blocks = blocks
    lstm1 = RecurrentLayer(
      .lstm, channels, units[0], isBidirectional: true, convention: convention, from: &stream)
    sequenceDropout = Dropout(settings.recurrentDropout)
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
    visit(&_blocks)
    visit(&_lstm1)
    visit(&_sequenceDropout)
    visit(&_lstm2)
    visit(&_dense)
    visit(&_dropout)
    visit(&_head)
  }

  /// Valence and arousal of sequences some of whose frames may not count.
  ///
  /// - Parameters:
  ///   - x: `[N, L, F]`; anything, NaN included, at frames that do not count.
  ///   - mask: which frames count; all if nil.
  /// - Returns: `[N, 2]`, each in (−1, 1).
  public func forward(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    let least = 1 << (settings.filters.count - 1)
    precondition(
      x.rank == 3 && x.shape[2] == settings.features && x.shape[1] >= least,
      "a CRNN takes [N, L, \(settings.features)] of at least \(least) frames, and this is \(x.shape)"
    )
    var counts = mask.map {
      $0.stepMask(batch: x.shape[0], steps: x.shape[1]).expanded(at: 1)
    }
    var y = x.transposed()
    if let counts { y = Tensor.select(where: counts, y, else: Tensor(0)) }
    for block in blocks {
      y = block(y, mask: counts)
      if block.poolSize > 1 { counts = counts?.maxPooled1D(block.poolSize) }
    }
    let left = counts.map { SequenceMask.steps($0.selected(0, axis: 1)) }
    let sequence = sequenceDropout(lstm1(y.transposed(), mask: left))
    return head(dropout(dense(lstm2(sequence, mask: left))))
  }
}
