import CSentioTensorKernels

/// How the parameters of a layer start.
///
/// ```swift
/// let weight = Initializer.he(.normal).tensor([64, 3, 7, 7], from: &stream)
/// ```
public enum Initializer: Sendable, Hashable {
  /// One value.
  case constant(Float)
  /// Uniform in `[-limit, limit)`.
  case uniform(limit: Float)
  /// Normal with mean 0.
  case normal(standardDeviation: Float)
  /// Normal with mean 0, and nothing beyond two standard deviations.
  case truncatedNormal(standardDeviation: Float)
  /// A variance of `scale / fan`, by one of three distributions.
  ///
  /// Uniform: up to `√(3·scale/fan)`. Normal: with deviation `√(scale/fan)`. Truncated normal: with this
  /// deviation after the cut, for which that before it is 1.1368 times as much.
  ///
  /// *Reference:* `keras.initializers.VarianceScaling`, 3.x.
  case varianceScaling(scale: Float, fan: FanMode = .input, Distribution = .truncatedNormal)
  /// Orthonormal rows or columns, whichever are fewer, times a gain; further axes count as columns.
  ///
  /// *Reference:* Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in
  /// deep linear neural networks", 2014; `torch.nn.init.orthogonal_`, 2.x.
  case orthogonal(gain: Float = 1)

  /// Zeros.
  public static let zeros = Initializer.constant(0)
  /// Ones.
  public static let ones = Initializer.constant(1)

  /// A variance of `2 / (fanIn + fanOut)`, for layers that are linear around 0.
  ///
  /// - Parameter distribution: uniform is Keras's usual choice.
  /// - Returns: the initializer.
  ///
  /// *Reference:* Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
  /// networks", 2010; `torch.nn.init.xavier_uniform_` and `xavier_normal_`, 2.x.
  public static func glorot(_ distribution: Distribution = .uniform) -> Initializer {
    .varianceScaling(scale: 1, fan: .average, distribution)
  }

  /// A variance of `2 / ((1 + slope²) · fan)`, for layers with a (leaky) ReLU.
  ///
  /// With the slope √5 and the uniform distribution this is what PyTorch's layers start with.
  ///
  /// - Parameters:
  ///   - distribution: PyTorch's normal one has no cut, Keras's has.
  ///   - fan: what the variance is kept of: the input going forward, the gradient going back.
  ///   - slope: that of the activation below 0.
  /// - Returns: the initializer.
  ///
  /// *Reference:* He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015;
  /// `torch.nn.init.kaiming_uniform_` and `kaiming_normal_`, 2.x.
  public static func he(
    _ distribution: Distribution = .normal, fan: FanMode = .input, slope: Float = 0
  ) -> Initializer {
    .varianceScaling(scale: 2 / (1 + slope * slope), fan: fan, distribution)
  }

  /// A variance of `1 / fanIn`, for layers with a SELU or another activation of slope 1 around 0.
  ///
  /// - Parameter distribution: Keras's choice is the truncated normal one.
  /// - Returns: the initializer.
  ///
  /// *Reference:* LeCun, Bottou, Orr and Müller, "Efficient backprop", 1998;
  /// `keras.initializers.LecunNormal`, 3.x.
  public static func leCun(_ distribution: Distribution = .truncatedNormal) -> Initializer {
    .varianceScaling(scale: 1, fan: .input, distribution)
  }

  /// Draws the parameters.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - fans: how many numbers each output is made of, and each input goes to; by default
  ///     those of a weight `[O, I, …]`.
  ///   - stream: the stream to draw from; as many words as the distribution takes.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the parameters.
  public func tensor(
    _ shape: Shape, fans: Fans? = nil, from stream: inout RandomStream,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    switch self {
    case .constant(let value): return Tensor(repeating: value, shape)
    case .uniform(let limit):
      // An empty range would be a mistake to `Range`; a limit of 0 is just zeros.
      return limit > 0 ? .uniform(shape, in: -limit..<limit, from: &stream) : .zeros(shape)
    case .normal(let deviation):
      return .normal(shape, standardDeviation: deviation, from: &stream)
    case .truncatedNormal(let deviation):
      return .truncatedNormal(shape, standardDeviation: deviation, from: &stream)
    case .varianceScaling(let scale, let mode, let distribution):
      let fan = (fans ?? Fans(ofWeight: shape, file: file, line: line)).count(mode)
      require(
        fan > 0 && scale > 0,
        "an initial variance of \(scale) / \(fan) for shape \(shape) is not above 0", file, line)
      return distribution.initializer(variance: scale / fan).tensor(shape, from: &stream)
    case .orthogonal(let gain):
      require(shape.rank >= 2, "orthogonal: shape \(shape) is no matrix", file, line)
      return Self.orthogonal(shape, gain, &stream)
    }
  }

  private static func orthogonal(
    _ shape: Shape, _ gain: Float, _ stream: inout RandomStream
  ) -> Tensor {
    let rows = shape[0]
    let columns = shape.dropFirst().reduce(1, *)
    let isWide = columns >= rows
    let (fewer, more) = isWide ? (rows, columns) : (columns, rows)
    // In double precision: the rounding of the result is then the only one.
    var matrix = Tensor.normal([fewer, more], from: &stream).scalars.map(Double.init)
    matrix.withUnsafeMutableBufferPointer {
      sentio_orthonormalize_rows($0.baseAddress, fewer, more)
    }
    let result = Tensor(matrix.map { Float($0) * gain }, shape: [fewer, more])
    return (isWide ? result : result.transposed()).reshaped(shape)
  }
}

extension Initializer {
  /// The shape of the distribution that parameters are drawn from.
  public enum Distribution: Sendable, Hashable {
    /// All values up to a limit with the same probability.
    case uniform
    /// The normal distribution.
    case normal
    /// The normal distribution up to two standard deviations.
    case truncatedNormal

    fileprivate func initializer(variance: Float) -> Initializer {
      switch self {
      case .uniform: .uniform(limit: (3 * variance).squareRoot())
      case .normal: .normal(standardDeviation: variance.squareRoot())
      case .truncatedNormal:
        // The deviation of the standard normal distribution between -2 and 2.
        .truncatedNormal(standardDeviation: variance.squareRoot() / 0.879_625_66)
      }
    }
  }
}
