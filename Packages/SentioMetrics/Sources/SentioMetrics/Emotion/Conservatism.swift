/// How far a model keeps away from the ends of the plane.
///
/// A model that is trained on a squared error answers an uncertain song with something near the mean. Three figures
/// say how much, each by dimension and with its interval: the slope of the predictions on the truths, the ratio of
/// their spreads, and how far the predictions of extreme songs reach.
///
///     let conservatism = try Conservatism(prediction: predicted, truth: rated, scale: .unit)
///     conservatism.arousal.slope                  // 0.620 [0.550, 0.690]
///     conservatism.arousal.extremes.reach         // 0.550 [0.480, 0.630]: 55 % of the way from neutral
public struct Conservatism: Hashable, Sendable, Codable {
  /// The scale on which the errors are expressed.
  public let scale: EmotionScale
  /// Beyond which distance from the midpoint a coordinate is extreme, as a share of half the scale's width.
  public let threshold: Double
  /// The figures of valence.
  public let valence: Dimension
  /// The figures of arousal.
  public let arousal: Dimension
  /// The songs that are extreme in either dimension, with distances measured in the plane.
  public let extremes: Extremes

  /// The figures of one dimension.
  public struct Dimension: Hashable, Sendable, Codable {
    /// cov(p, t) / var(t); see ``predictionSlope(prediction:truth:)``.
    public let slope: ConfidenceInterval
    /// The standard deviation of the predictions over that of the truths, 1 for a model that uses the whole range.
    ///
    /// The slope is this ratio times the correlation: a low slope with a ratio of 1 is noise, not caution.
    public let spread: ConfidenceInterval
    /// The songs that are extreme in this dimension.
    public let extremes: Extremes
  }

  /// The songs whose truth is extreme, beside the others.
  public struct Extremes: Hashable, Sendable, Codable {
    /// The number of extreme songs.
    public let count: Int
    /// How far predictions go along the way from neutral to the truth: `Σ p·t / |t| / Σ |t|`, about the midpoint.
    ///
    /// 1 where extreme songs are predicted as extreme as they are, 0 where they are called neutral, negative where
    /// they are taken for their opposite; NaN without extreme songs.
    public let reach: ConfidenceInterval
    /// The mean absolute error over the extreme songs; NaN without any.
    @UndefinedAsNull public private(set) var meanAbsoluteError: Double
    /// The mean absolute error over the other songs; NaN without any.
    @UndefinedAsNull public private(set) var otherMeanAbsoluteError: Double

    /// The share of the way from neutral that is missing, 1 - reach.
    public var shrinkage: Double { 1 - reach.estimate }
  }

  /// Measures caution.
  ///
  /// Intervals are percentiles over resamples of songs; a resample without an extreme song takes no part in the
  /// interval of the reach.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 2 points with finite coordinates.
  ///   - truth: what listeners said, as many points.
  ///   - scale: the scale on which errors are expressed; the other figures have no unit.
  ///   - threshold: beyond which distance from the midpoint a coordinate is extreme, as a share of half the scale's
  ///     width, more than 0 and less than 1.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 songs, a coordinate that is not finite, or an
  ///   impossible option.
  public init(
    prediction: [ValenceArousal], truth: [ValenceArousal], scale: EmotionScale,
    threshold: Double = 0.7, level: Double = 0.95, resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    guard threshold > 0, threshold < 1 else {
      throw .invalidOption(name: "threshold", found: "\(threshold)", expected: "between 0 and 1")
    }
    let pairs = try EmotionPairs(
      prediction: prediction, truth: truth, scale: scale, minimum: 2, statistic: "conservatism")
    let songs = ExtremeSongs(pairs, threshold: threshold)
    let tables = EmotionDimension.allCases.map {
      MomentTable(prediction: pairs.prediction[$0], truth: pairs.truth[$0])
    }
    @Sendable func values(_ moments: [RegressionMoments], _ reaches: SIMD3<Double>) -> [Double] {
      moments.flatMap { [$0.predictionSlope, $0.spread] } + (0..<3).map { reaches[$0] }
    }
    let width = 7
    let replicates = resampling.bootstrap(sampleCount: pairs.count, width: width) {
      indices, output in
      for (offset, value) in values(tables.map { $0.moments(indices) }, songs.reaches(indices))
        .enumerated()
      { output[offset] = value }
    }
    let whole = EmotionDimension.allCases.map {
      RegressionAccumulator(checkedPrediction: pairs.prediction[$0], truth: pairs.truth[$0]).moments
    }
    let estimates = values(whole, songs.reaches)
    func interval(_ position: Int) throws(MetricsError) -> ConfidenceInterval {
      try BootstrapDistribution(
        estimate: estimates[position],
        replicates: (0..<resampling.count).map { replicates[$0 * width + position] }
      ).interval(level: level)
    }
    func extremes(_ group: Int) throws(MetricsError) -> Extremes {
      let errors = songs.meanErrors(group)
      return Extremes(
        count: songs.count(group), reach: try interval(4 + group),
        meanAbsoluteError: errors.extreme, otherMeanAbsoluteError: errors.other)
    }
    self.scale = scale
    self.threshold = threshold
    valence = Dimension(
      slope: try interval(0), spread: try interval(1), extremes: try extremes(0))
    arousal = Dimension(
      slope: try interval(2), spread: try interval(3), extremes: try extremes(1))
    self.extremes = try extremes(2)
  }
}

/// What the reach of extreme songs needs of each song; the groups are valence, arousal, either.
private struct ExtremeSongs: Sendable {
  /// Of each song how far it is predicted along its way from neutral, 0 where it is not extreme.
  private var reached: [SIMD3<Double>] = []
  /// Of each song how far it is from neutral, 0 where it is not extreme.
  private var distance: [SIMD3<Double>] = []
  private var errors: [SIMD3<Double>] = []

  init(_ pairs: EmotionPairs, threshold: Double) {
    let (middle, bound) = (
      pairs.scale.midpoint, threshold * (pairs.scale.upper - pairs.scale.lower) / 2
    )
    for index in 0..<pairs.count {
      let truth = SIMD2(pairs.truth.valence[index], pairs.truth.arousal[index]) - middle
      let said = SIMD2(pairs.prediction.valence[index], pairs.prediction.arousal[index]) - middle
      let error = said - truth
      let (isFirst, isSecond) = (truth.x.magnitude > bound, truth.y.magnitude > bound)
      let length = (truth.x * truth.x + truth.y * truth.y).squareRoot()
      let along = length > 0 ? (said.x * truth.x + said.y * truth.y) / length : 0
      reached.append(
        SIMD3(
          isFirst ? (truth.x < 0 ? -said.x : said.x) : 0,
          isSecond ? (truth.y < 0 ? -said.y : said.y) : 0, isFirst || isSecond ? along : 0))
      distance.append(
        SIMD3(
          isFirst ? truth.x.magnitude : 0, isSecond ? truth.y.magnitude : 0,
          isFirst || isSecond ? length : 0))
      errors.append(
        SIMD3(error.x.magnitude, error.y.magnitude, (error.x.magnitude + error.y.magnitude) / 2))
    }
  }

  /// The reaches of the resample that `indices` name; NaN where it has no extreme song.
  func reaches(_ indices: UnsafeBufferPointer<UInt32>) -> SIMD3<Double> {
    var (near, far) = (SIMD3<Double>(), SIMD3<Double>())
    for index in indices {
      near += reached[Int(index)]
      far += distance[Int(index)]
    }
    return near / far
  }

  /// The reaches of all songs.
  var reaches: SIMD3<Double> { reached.reduce(.zero, +) / distance.reduce(.zero, +) }

  func count(_ group: Int) -> Int { distance.count { $0[group] > 0 } }

  func meanErrors(_ group: Int) -> (extreme: Double, other: Double) {
    var (sums, counts) = (SIMD2<Double>(), SIMD2<Double>())
    for index in errors.indices {
      let side = distance[index][group] > 0 ? 0 : 1
      sums[side] += errors[index][group]
      counts[side] += 1
    }
    return (sums[0] / counts[0], sums[1] / counts[1])
  }
}

extension RegressionMoments {
  /// The standard deviation of the predictions over that of the truths; NaN for a constant truth.
  fileprivate var spread: Double {
    guard !hasConstantTruth else { return .nan }
    return hasConstantPrediction ? 0 : (predictionSquares / truthSquares).squareRoot()
  }
}
