import SentioNN
import SentioTensor

/// A convolutional network that tells genres apart by the cepstral coefficients of a segment, as a picture.
///
/// `[N, 130, 13]` to logits `[N, 10]`; the softmax of the drawing is part of `crossEntropy`. Convolutions stay inside
/// the picture, poolings are Keras's `same`: windows of 3 × 3 every 2, half of what is missing on each side and the odd
/// row after the end.
///
/// | layer | output | parameters |
/// |---|---|---|
/// | convolution 32 of 3 × 3, ReLU | `[N, 32, 128, 11]` | 320 |
/// | pooling | `[N, 32, 64, 6]` | |
/// | convolution 64 of 3 × 3, ReLU | `[N, 64, 62, 4]` | 18,496 |
/// | pooling | `[N, 64, 31, 2]` | |
/// | convolution 128 of 2 × 2, ReLU | `[N, 128, 30, 1]` | 32,896 |
/// | all numbers in a row, frame after frame as in Keras | `[N, 3840]` | |
/// | dense 64, ReLU, dropout 0.1 | `[N, 64]` | 245,824 |
/// | dense 10 | `[N, 10]` | 650 |
///
/// These are 298,186 parameters, which start as Keras's.
public struct GenreCNN: Layer {
  /// The sizes of a ``GenreCNN``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The frames of a segment, at least 11.
    public var frames: Int
    /// The coefficients of a frame, at least 11.
    public var coefficients: Int
    /// The filters of the three convolutions.
    public var filters: [Int]
    /// The units of the layer before the last.
    public var denseUnits: Int
    /// The probability to drop a unit before the last layer.
    public var dropout: Float
    /// The genres.
    public var genres: Int

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - frames: the frames of a segment, at least 11.
    ///   - coefficients: the coefficients of a frame, at least 11.
    ///   - filters: the filters of the three convolutions.
    ///   - denseUnits: the units of the layer before the last.
    ///   - dropout: the probability to drop a unit before the last layer.
    ///   - genres: the genres.
    public init(
      frames: Int = 130, coefficients: Int = 13, filters: [Int] = [32, 64, 128],
      denseUnits: Int = 64, dropout: Float = 0.1, genres: Int = 10
    ) {
      self.frames = frames
      self.coefficients = coefficients
      self.filters = filters
      self.denseUnits = denseUnits
      self.dropout = dropout
      self.genres = genres
    }

    /// What is left of an extent before the dense layers.
    func left(of extent: Int) -> Int { ((extent - 2 + 1) / 2 - 2 + 1) / 2 - 1 }
  }

  /// Where the network stands.
  public var site = Site()
  /// The convolutions.
  @Child("conv") public var convolutions: [Conv2D]
  /// What stands between them.
  @Child public var pool: Pool2D
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
    let filters = settings.filters
    precondition(
      filters.count == 3 && settings.frames >= 11 && settings.coefficients >= 11,
      "a GenreCNN has 3 convolutions and segments from 11 x 11, not \(filters.count) and "
        + "\(settings.frames) x \(settings.coefficients)")
    self.settings = settings
    convolutions = [
      Conv2D(1, filters[0], kernel: 3, activation: .relu, weights: .keras, from: &stream),
      Conv2D(filters[0], filters[1], kernel: 3, activation: .relu, weights: .keras, from: &stream),
      Conv2D(filters[1], filters[2], kernel: 2, activation: .relu, weights: .keras, from: &stream),
    ]
    pool = Pool2D(.maximum, kernel: 3, stride: 2, padding: .same)
    let places = settings.left(of: settings.frames) * settings.left(of: settings.coefficients)
    dense = Linear(
      places * filters[2], settings.denseUnits, activation: .relu, weights: .keras, from: &stream)
    dropout = Dropout(settings.dropout)
    head = Linear(settings.denseUnits, settings.genres, weights: .keras, from: &stream)
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_convolutions)
    visit(&_pool)
    visit(&_dense)
    visit(&_dropout)
    visit(&_head)
  }

  /// The logits, `[N, genres]`.
  public func forward(_ x: Tensor) -> Tensor {
    x.requireSegments(settings.frames, settings.coefficients)
    var y = x.expanded(at: 1)
    y = pool(convolutions[0](y))
    y = pool(convolutions[1](y))
    y = convolutions[2](y).permuted([0, 2, 3, 1])
    y = y.reshaped([y.shape[0], y.shape[1] * y.shape[2] * y.shape[3]])
    return head(dropout(dense(y)))
  }
}
