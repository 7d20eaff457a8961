import SentioNN
import SentioTensor

/// A recurrent network that tells genres apart by the cepstral coefficients of a segment.
///
/// `[N, L, 13]` to logits `[N, 10]`: an LSTM of 64 units that gives a sequence (19,968 parameters), one that gives its
/// last state (33,024), dense 64 with ReLU and dropout 0.3 (4,160), dense 10 (650). These are 57,802 parameters, which
/// start as Keras's. The softmax of the drawing is part of `crossEntropy`.
public struct GenreLSTM: Layer {
  /// The sizes of a ``GenreLSTM``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The frames of a segment; any number is taken.
    public var frames: Int
    /// The coefficients of a frame.
    public var coefficients: Int
    /// The units of each of the two LSTMs.
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
    ///   - frames: the frames of a segment.
    ///   - coefficients: the coefficients of a frame.
    ///   - units: the units of each of the two LSTMs.
    ///   - denseUnits: the units of the layer before the last.
    ///   - dropout: the probability to drop a unit before the last layer.
    ///   - genres: the genres.
    public init(
      frames: Int = 130, coefficients: Int = 13, units: Int = 64, denseUnits: Int = 64,
      dropout: Float = 0.3, genres: Int = 10
    ) {
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
  /// The LSTM that gives a sequence.
  @Child public var lstm1: RecurrentLayer
  /// The LSTM that gives its last state.
  @Child public var lstm2: RecurrentLayer
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
    let units = settings.units
    lstm1 = RecurrentLayer(
      .lstm, settings.coefficients, units, convention: .keras, from: &stream)
    lstm2 = RecurrentLayer(
      .lstm, units, units, output: .last, convention: .keras, from: &stream)
    dense = Linear(units, settings.denseUnits, activation: .relu, weights: .keras, from: &stream)
    dropout = Dropout(settings.dropout)
    head = Linear(settings.denseUnits, settings.genres, weights: .keras, from: &stream)
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_lstm1)
    visit(&_lstm2)
    visit(&_dense)
    visit(&_dropout)
    visit(&_head)
  }

  /// The logits, `[N, genres]`.
  public func forward(_ x: Tensor) -> Tensor {
    head(dropout(dense(lstm2(lstm1(x)))))
  }
}
