/// The regression metrics of valence and arousal, and their mean, on a named scale.
///
///     let metrics = try EmotionMetrics(prediction: predicted, truth: rated, scale: .unit)
///     metrics.mean.concordanceCorrelation
///     metrics.on(.deam1to9).mean.meanSquaredError    // 16 times that on .unit
public struct EmotionMetrics: Hashable, Sendable, Codable {
  /// The scale on which the errors are expressed.
  public let scale: EmotionScale
  /// The metrics of valence.
  public let valence: RegressionMetrics
  /// The metrics of arousal.
  public let arousal: RegressionMetrics

  /// The number of songs.
  public var count: Int { valence.count }

  /// The mean of the two dimensions, metric by metric.
  ///
  /// The mean of two root mean squared errors is not the root of the mean squared error of both
  /// dimensions together; it is what the literature's tables show.
  public var mean: RegressionMetrics {
    RegressionMetrics(count: count) { (valence[$0] + arousal[$0]) / 2 }
  }

  /// Scores a set of songs after taking both sides to `scale`.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 2 points with finite coordinates, each on
  ///     whatever scale it carries.
  ///   - truth: what listeners said, as many points.
  ///   - scale: the scale on which errors are expressed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 songs, or a coordinate that is
  ///   not finite; the argument is then named as `prediction.valence` and the like.
  public init(
    prediction: [ValenceArousal], truth: [ValenceArousal], scale: EmotionScale
  ) throws(MetricsError) {
    let pairs = try EmotionPairs(
      prediction: prediction, truth: truth, scale: scale, minimum: 2,
      statistic: "emotion metrics")
    self.init(pairs)
  }

  init(_ pairs: EmotionPairs) {
    scale = pairs.scale
    valence = RegressionMetrics(
      checkedPrediction: pairs.prediction.valence, truth: pairs.truth.valence)
    arousal = RegressionMetrics(
      checkedPrediction: pairs.prediction.arousal, truth: pairs.truth.arousal)
  }

  private init(scale: EmotionScale, valence: RegressionMetrics, arousal: RegressionMetrics) {
    self.scale = scale
    self.valence = valence
    self.arousal = arousal
  }

  /// The same metrics with the errors expressed on another scale.
  public func on(_ other: EmotionScale) -> EmotionMetrics {
    EmotionMetrics(
      scale: other, valence: valence.converted(from: scale, to: other),
      arousal: arousal.converted(from: scale, to: other))
  }
}

/// Points of the plane as two columns on one scale.
struct EmotionColumns: Sendable {
  var valence: [Double]
  var arousal: [Double]

  init(
    _ points: [ValenceArousal], scale: EmotionScale, argument: String
  ) throws(MetricsError) {
    valence = points.map { $0.scale.convert($0.valence, to: scale) }
    arousal = points.map { $0.scale.convert($0.arousal, to: scale) }
    try checkFinite(valence, argument: "\(argument).valence")
    try checkFinite(arousal, argument: "\(argument).arousal")
  }

  subscript(dimension: EmotionDimension) -> [Double] {
    switch dimension {
    case .valence: valence
    case .arousal: arousal
    }
  }
}

/// Checked predictions and truths of both dimensions on one scale.
struct EmotionPairs: Sendable {
  let scale: EmotionScale
  let prediction: EmotionColumns
  let truth: EmotionColumns
  var count: Int { truth.valence.count }

  init(
    prediction: [ValenceArousal], truth: [ValenceArousal], scale: EmotionScale, minimum: Int,
    statistic: String
  ) throws(MetricsError) {
    try checkScale(scale)
    try checkEqualLengths("prediction", prediction.count, "truth", truth.count)
    try checkCount(prediction.count, minimum: minimum, statistic: statistic)
    self.scale = scale
    self.prediction = try EmotionColumns(prediction, scale: scale, argument: "prediction")
    self.truth = try EmotionColumns(truth, scale: scale, argument: "truth")
  }
}

func checkScale(_ scale: EmotionScale) throws(MetricsError) {
  guard scale.lower.isFinite, scale.upper.isFinite, scale.lower < scale.upper else {
    throw .invalidOption(
      name: "scale", found: "\(scale.lower)...\(scale.upper)", expected: "a finite lower < upper")
  }
}
