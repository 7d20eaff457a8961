import SentioNN
import SentioTensor

/// A recurrent network that tells genres apart by the cepstral coefficients of a segment.
///
/// `[N, L, 13]` to logits `[N, 10]`: a recurrent layer of 64 units that gives a sequence, one that gives its last state,
/// dense 64 with ReLU and dropout 0.3, dense 10. The softmax of the drawing is part of `crossEntropy`. Parameters start
/// as Keras's; as drawn, with LSTMs, there are 57,802 of them:
///
/// | layer | LSTM | GRU (two biases a gate) | simple RNN |
/// |---|---|---|---|
/// | the sequence | 19,968 | 15,168 | 4,992 |
/// | the last state | 33,024 | 24,960 | 8,256 |
/// | dense 64 | 4,160 | 4,160 | 4,160 |
/// | dense 10 | 650 | 650 | 650 |
public struct GenreRecurrentNetwork: MaskedLayer {
  /// What happens in a step.
  public enum Cell: String, Sendable, Hashable, Codable, CaseIterable {
    /// A hyperbolic tangent without gates.
    case rnn
    /// Long short-term memory.
    case lstm
    /// The gated recurrent unit that resets after its product, as Keras has it by default.
    case gru

    /// The cell of the layers.
    public var cell: RecurrentCell {
      switch self {
      case .rnn: .rnn(.tanh)
      case .lstm: .lstm
      case .gru: .gru(resetAfter: true)
      }
    }
  }

  /// The sizes of a ``GenreRecurrentNetwork``.
  public struct Settings: Sendable, Hashable, Codable {
    /// What happens in a step.
    public var cell: Cell
    /// The frames of a segment; any number is taken.
    public var frames: Int
    /// The coefficients of a frame.
    public var coefficients: Int
    /// The units of each of the two recurrent layers.
    public var units: Int
    /// The units of the layer before the last.
    public var denseUnits: Int
    /// The probability to drop a unit before the last layer.
    public var dropout: Float
    /// The genres.
    public var genres: Int

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - cell: what happens in a step.
    ///   - frames: the frames of a segment.
    ///   - coefficients: the coefficients of a frame.
    ///   - units: the units of each of the two recurrent layers.
    ///   - denseUnits: the units of the layer before the last.
    ///   - dropout: the probability to drop a unit before the last layer.
    ///   - genres: the genres.
    public init(
      cell: Cell = .lstm, frames: Int = 130, coefficients: Int = 13, units: Int = 64,
      denseUnits: Int = 64, dropout: Float = 0.3, genres: Int = 10
    ) {
      self.cell = cell
      self.frames = frames
      self.coefficients = coefficients
      self.units = units
      self.denseUnits = denseUnits
      self.dropout = dropout
      self.genres = genres
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// The layer that gives a sequence.
  @Child("recurrent1") public var first: RecurrentLayer
  /// The layer that gives its last state.
  @Child("recurrent2") public var second: RecurrentLayer
  /// The layer before the last.
  @Child public var dense: Linear
  /// What is dropped of its output.
  @Child public var dropout: Dropout
  /// The logits.
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
    let (cell, units) = (settings.cell.cell, settings.units)
    first = RecurrentLayer(cell, settings.coefficients, units, convention: .keras, from: &stream)
    second = RecurrentLayer(
      cell, units, units, output: .last, convention: .keras, from: &stream)
    dense = Linear(units, settings.denseUnits, activation: .relu, weights: .keras, from: &stream)
    dropout = Dropout(settings.dropout)
    head = Linear(settings.denseUnits, settings.genres, weights: .keras, from: &stream)
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_first)
    visit(&_second)
    visit(&_dense)
    visit(&_dropout)
    visit(&_head)
  }

  /// The logits, `[N, genres]`.
  ///
  /// - Parameters:
  ///   - x: `[N, L, coefficients]`.
  ///   - mask: which frames count; all if nil.
  /// - Returns: `[N, genres]`.
  public func forward(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    head(dropout(dense(second(first(x, mask: mask), mask: mask))))
  }
}

/// The recurrent network as the notes draw it: a ``GenreRecurrentNetwork``, whose cell is an LSTM where nothing else is
/// said.
public typealias GenreLSTM = GenreRecurrentNetwork
