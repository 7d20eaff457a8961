import SentioNN
import SentioTensor

/// A multi-layer perceptron that tells genres apart by the cepstral coefficients of a segment.
///
/// `[N, 130, 13]` to logits `[N, 10]`: all numbers in a row, dense 512, 256 and 64 with ReLU, dense 10. As drawn it
/// has 1,014,218 parameters, which start as Keras's. The softmax of the drawing is part of `crossEntropy`.
public struct GenreMLP: Layer {
  /// The sizes of a ``GenreMLP``.
  public struct Settings: Sendable, Hashable, Codable {
    /// The frames of a segment.
    public var frames: Int
    /// The coefficients of a frame.
    public var coefficients: Int
    /// The units of the layers before the last.
    public var units: [Int]
    /// The genres.
    public var genres: Int

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - frames: the frames of a segment.
    ///   - coefficients: the coefficients of a frame.
    ///   - units: the units of the layers before the last.
    ///   - genres: the genres.
    public init(
      frames: Int = 130, coefficients: Int = 13, units: [Int] = [512, 256, 64], genres: Int = 10
    ) {
      self.frames = frames
      self.coefficients = coefficients
      self.units = units
      self.genres = genres
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// The layers before the last.
  @Child public var dense: [Linear]
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
    var inputs = settings.frames * settings.coefficients
    var dense: [Linear] = []
    for units in settings.units {
      dense.append(Linear(inputs, units, activation: .relu, weights: .keras, from: &stream))
      inputs = units
    }
    self.dense = dense
    head = Linear(inputs, settings.genres, weights: .keras, from: &stream)
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_dense)
    visit(&_head)
  }

  /// The logits, `[N, genres]`.
  public func forward(_ x: Tensor) -> Tensor {
    x.requireSegments(settings.frames, settings.coefficients)
    var y = x.reshaped([x.shape[0], settings.frames * settings.coefficients])
    for layer in dense { y = layer(y) }
    return head(y)
  }
}

extension Tensor {
  /// Stops the program where this is not a batch of segments.
  ///
  /// - Parameters:
  ///   - frames: the frames of a segment.
  ///   - coefficients: the coefficients of a frame.
  func requireSegments(_ frames: Int, _ coefficients: Int) {
    precondition(
      rank == 3 && shape[1] == frames && shape[2] == coefficients,
      "segments are [N, \(frames), \(coefficients)], and this is \(shape)")
  }
}
