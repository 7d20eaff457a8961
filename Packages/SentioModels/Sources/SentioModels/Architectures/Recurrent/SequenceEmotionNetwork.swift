import SentioNN
import SentioTensor

/// Features step by step to valence and arousal step by step: many to many.
///
/// `[N, L, F]` to `[N, L, 2]`, each in (−1, 1). A step is whatever the labels are given for, half a second for DEAM's.
///
/// | layer | output at F = 40 |
/// |---|---|
/// | batch normalization of the features | `[N, L, 40]` |
/// | convolutions of 5 steps, batch normalization, ReLU | `[N, L, 64]`, `[N, L, 64]` |
/// | LSTM 64 in both directions, dropout 0.3 | `[N, L, 128]` |
/// | dense 2, tanh, at every step | `[N, L, 2]` |
///
/// These are 100,562 parameters. The first normalization takes features as a ``SequenceInput`` makes them, hertz beside
/// decibels: its running statistics travel with the weights.
///
/// **Masks.** As in ``CRNN``: what stands at steps that do not count, NaN included, influences nothing. Outputs there
/// are 0.
public struct SequenceEmotionNetwork: MaskedLayer {
  /// The sizes of a ``SequenceEmotionNetwork``.
  public struct Settings: Sendable, Hashable, Codable {
    /// F, the features of a step.
    public var features: Int
    /// L, the steps of a sequence; any other number is taken too.
    public var steps: Int
    /// The filters of the convolutions.
    public var filters: [Int]
    /// The steps under a convolution's window.
    public var kernel: Int
    /// The units of each direction of the LSTM.
    public var units: Int
    /// The LSTM's layers.
    public var layers: Int
    /// The probability to drop an element before the last layer.
    public var dropout: Float
    /// How weights start, which biases LSTMs have, and the momentum and epsilon of normalizations.
    public var convention: RecurrentConvention

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - features: F, the features of a step.
    ///   - steps: L, the steps of a sequence.
    ///   - filters: the filters of the convolutions.
    ///   - kernel: the steps under a convolution's window.
    ///   - units: the units of each direction of the LSTM.
    ///   - layers: the LSTM's layers.
    ///   - dropout: the probability to drop an element before the last layer.
    ///   - convention: how weights start, which biases LSTMs have, and the momentum and epsilon of normalizations.
    public init(
      features: Int = 40, steps: Int = 90, filters: [Int] = [64, 64], kernel: Int = 5,
      units: Int = 64, layers: Int = 1, dropout: Float = 0.3,
      convention: RecurrentConvention = .pyTorch
    ) {
      self.features = features
      self.steps = steps
      self.filters = filters
      self.kernel = kernel
      self.units = units
      self.layers = layers
      self.dropout = dropout
      self.convention = convention
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// The normalization of the features.
  @Child("features_norm") public var inputNorm: BatchNorm
  /// The convolutions.
  @Child public var blocks: [ConvolutionBlock]
  /// The LSTM.
  @Child public var lstm: RecurrentLayer
  /// What is dropped of its output.
  @Child public var dropout: Dropout
  /// Valence and arousal of a step.
  @Child public var head: Linear
  /// The sizes.
  public let settings: Settings

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: Settings = Settings(), from stream: inout RandomStream) {
    self.settings = settings
    let convention = settings.convention
    inputNorm = BatchNorm(settings.features, update: convention.batchStatistics)
    var channels = settings.features
    var blocks: [ConvolutionBlock] = []
    for filters in settings.filters {
      blocks.append(
        ConvolutionBlock(
          channels, filters, kernel: settings.kernel, poolSize: 1, convention: convention,
          from: &stream))
      channels = filters
    }
    self.blocks = blocks
    lstm = RecurrentLayer(
      .lstm, channels, settings.units, layers: settings.layers, isBidirectional: true,
      convention: convention, from: &stream)
    dropout = Dropout(settings.dropout)
    head = Linear(
      2 * settings.units, 2, activation: .tanh, weights: convention.weights, from: &stream)
  }

  /// Hands over the members.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_inputNorm)
    visit(&_blocks)
    visit(&_lstm)
    visit(&_dropout)
    visit(&_head)
  }

  /// Valence and arousal of every step.
  ///
  /// - Parameters:
  ///   - x: `[N, L, F]`; anything, NaN included, at steps that do not count.
  ///   - mask: which steps count; all if nil.
  /// - Returns: `[N, L, 2]`, each in (−1, 1), 0 at steps that do not count.
  public func forward(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    precondition(
      x.rank == 3 && x.shape[2] == settings.features && x.shape[1] >= 1,
      "the network takes [N, L, \(settings.features)] of at least 1 step, and this is \(x.shape)")
    // [N, 1, L]
    let counts = mask.map {
      $0.stepMask(batch: x.shape[0], steps: x.shape[1]).expanded(at: 1)
    }
    func cleared(_ y: Tensor) -> Tensor {
      counts.map { Tensor.select(where: $0, y, else: Tensor(0)) } ?? y
    }
    // [N, L, F] -> [N, F, L]
    var y = cleared(x.transposed())
    y = cleared(counts.map { inputNorm(y, counting: $0) } ?? inputNorm(y))
    for block in blocks { y = block(y, mask: counts) }
    let sequence = dropout(
      lstm(y.transposed(), mask: counts.map { .steps($0.selected(0, axis: 1)) }))
    let emotions = head(sequence)
    // [N, 1, L] -> [N, L, 1]
    return counts.map { Tensor.select(where: $0.transposed(), emotions, else: Tensor(0)) }
      ?? emotions
  }
}
