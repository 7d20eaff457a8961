/// The ellipse that a model's errors fill: their mean and their covariance in the valence-arousal plane.
///
///     let ellipse = try ErrorEllipse(prediction: predicted, truth: rated, scale: .unit)
///     let curve = ellipse.outline(coverage: 0.5, around: song.truth)    // points to draw
///
/// A long axis along the diagonal says that the model errs in valence and arousal together.
public struct ErrorEllipse: Hashable, Sendable, Codable {
  /// The scale of the errors.
  public let scale: EmotionScale
  /// The number of songs.
  public let count: Int
  /// The mean error of valence, prediction - truth.
  public let valenceBias: Double
  /// The mean error of arousal.
  public let arousalBias: Double
  /// The variance of valence's errors, divided by n - 1.
  public let valenceVariance: Double
  /// The variance of arousal's errors.
  public let arousalVariance: Double
  /// The covariance of the two errors.
  public let covariance: Double
  private let errors: [SIMD2<Double>]

  /// Measures errors.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 2 points with finite coordinates.
  ///   - truth: what listeners said, as many points.
  ///   - scale: the scale on which errors are expressed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 songs, or a coordinate that is not finite.
  ///
  /// *Reference:* `numpy.cov` 2.4.
  public init(
    prediction: [ValenceArousal], truth: [ValenceArousal], scale: EmotionScale
  ) throws(MetricsError) {
    let pairs = try EmotionPairs(
      prediction: prediction, truth: truth, scale: scale, minimum: 2, statistic: "error ellipse")
    let errors = (0..<pairs.count).map {
      SIMD2(
        pairs.prediction.valence[$0] - pairs.truth.valence[$0],
        pairs.prediction.arousal[$0] - pairs.truth.arousal[$0])
    }
    let mean = errors.reduce(.zero, +) / Double(errors.count)
    var (squares, products) = (SIMD2<Double>(), 0.0)
    for error in errors {
      let gap = error - mean
      squares += gap * gap
      products += gap.x * gap.y
    }
    let divisor = Double(errors.count - 1)
    self.scale = scale
    self.errors = errors
    count = errors.count
    (valenceBias, arousalBias) = (mean.x, mean.y)
    (valenceVariance, arousalVariance) = (squares.x / divisor, squares.y / divisor)
    covariance = products / divisor
  }

  /// The standard deviation of the errors along the long axis.
  public var majorDeviation: Double { eigenvalues.0.squareRoot() }
  /// The standard deviation of the errors along the short axis.
  public var minorDeviation: Double { eigenvalues.1.squareRoot() }

  /// The direction of the long axis in radians, from the valence axis towards arousal, in -π/2...π/2; 0 for a circle.
  public var angle: Double {
    arcTangent(y: 2 * covariance, x: valenceVariance - arousalVariance) / 2
  }

  private var eigenvalues: (Double, Double) {
    let half = (valenceVariance + arousalVariance) / 2
    let gap = (valenceVariance - arousalVariance) / 2
    let root = (gap * gap + covariance * covariance).squareRoot()
    // Round-off may leave the smaller one of a straight line below zero.
    return (half + root, max(0, half - root))
  }

  /// By how many deviations an ellipse is wide that holds a share of the errors, if these are normal.
  ///
  ///     k = √(-2 ln(1 - coverage))
  ///
  /// - Parameter coverage: the share, more than 0 and less than 1.
  /// - Returns: the factor: 1.177 for half of the errors, 2.448 for 95 %.
  /// - Throws: ``MetricsError/invalidOption(name:found:expected:)`` for another `coverage`.
  public static func factor(coverage: Double) throws(MetricsError) -> Double {
    guard coverage > 0, coverage < 1 else {
      throw .invalidOption(name: "coverage", found: "\(coverage)", expected: "between 0 and 1")
    }
    return (-2 * naturalLogarithm(1 - coverage)).squareRoot()
  }

  /// The share of the errors that really lie inside such an ellipse about the mean error.
  ///
  /// Far from `coverage` where the errors are not normal: heavy tails, or two kinds of songs.
  ///
  /// - Parameter coverage: the share if errors were normal, more than 0 and less than 1.
  /// - Returns: the share that was found; NaN where the ellipse has no area.
  /// - Throws: ``MetricsError/invalidOption(name:found:expected:)`` for another `coverage`.
  public func share(inside coverage: Double) throws(MetricsError) -> Double {
    let factor = try Self.factor(coverage: coverage)
    let determinant = valenceVariance * arousalVariance - covariance * covariance
    guard determinant > 0, !errors.isEmpty else { return .nan }
    let inside = errors.count {
      let (x, y) = ($0.x - valenceBias, $0.y - arousalBias)
      let squared =
        (x * x * arousalVariance - 2 * x * y * covariance + y * y * valenceVariance) / determinant
      return squared <= factor * factor
    }
    return Double(inside) / Double(count)
  }

  /// The outline of an ellipse that holds a share of the errors, as a closed polygon.
  ///
  /// - Parameters:
  ///   - coverage: the share if errors are normal, more than 0 and less than 1.
  ///   - point: where a song truly lies; the ellipse shows where its prediction falls, so its middle is displaced by
  ///     the mean error.
  ///   - corners: the number of points, at least 3.
  /// - Returns: the corners, on ``scale``; the first is at the end of the long axis.
  /// - Throws: ``MetricsError/invalidOption(name:found:expected:)`` for another `coverage` or number.
  public func outline(
    coverage: Double, around point: ValenceArousal, corners: Int = 64
  ) throws(MetricsError) -> [ValenceArousal] {
    guard corners >= 3 else {
      throw .invalidOption(name: "corners", found: "\(corners)", expected: "at least 3")
    }
    let factor = try Self.factor(coverage: coverage)
    let center = point.on(scale)
    let (major, minor) = (factor * majorDeviation, factor * minorDeviation)
    let (cosine, sine) = (cosineOf(angle), sineOf(angle))
    return (0..<corners).map { corner in
      let turn = 2 * Double.pi * Double(corner) / Double(corners)
      let (x, y) = (major * cosineOf(turn), minor * sineOf(turn))
      return ValenceArousal(
        valence: center.valence + valenceBias + x * cosine - y * sine,
        arousal: center.arousal + arousalBias + x * sine + y * cosine, scale: scale)
    }
  }

  // The errors themselves stay out of a report's JSON: it has them song by song.
  private enum CodingKeys: String, CodingKey {
    case scale, count, valenceBias, arousalBias, valenceVariance, arousalVariance, covariance
  }

  /// Reads an ellipse; ``share(inside:)`` of it is NaN, since the errors are not written.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    scale = try values.decode(EmotionScale.self, forKey: .scale)
    count = try values.decode(Int.self, forKey: .count)
    valenceBias = try values.decode(Double.self, forKey: .valenceBias)
    arousalBias = try values.decode(Double.self, forKey: .arousalBias)
    valenceVariance = try values.decode(Double.self, forKey: .valenceVariance)
    arousalVariance = try values.decode(Double.self, forKey: .arousalVariance)
    covariance = try values.decode(Double.self, forKey: .covariance)
    errors = []
  }
}
