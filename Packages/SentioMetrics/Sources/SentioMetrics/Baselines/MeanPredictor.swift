/// The model that has learned nothing but the mean: what every other one must beat.
///
/// It has concordance correlation 0 and, on the set that it was fitted on, R² = 0. Fit it on the
/// training songs, as any model: the mean of the test songs is not known in advance.
public struct MeanPredictor: Hashable, Sendable, Codable {
  /// The point that is predicted for every song.
  public let prediction: ValenceArousal

  /// Fits the mean.
  ///
  /// - Parameters:
  ///   - trainingTruth: at least 1 point with finite coordinates, on any scales.
  ///   - scale: the scale of the prediction.
  /// - Throws: ``MetricsError`` for no point, a coordinate that is not finite, or an empty scale.
  public init(
    trainingTruth: [ValenceArousal], scale: EmotionScale
  ) throws(MetricsError) {
    try checkScale(scale)
    try checkCount(trainingTruth.count, minimum: 1, statistic: "mean predictor")
    let columns = try EmotionColumns(trainingTruth, scale: scale, argument: "trainingTruth")
    let count = Double(trainingTruth.count)
    prediction = ValenceArousal(
      valence: columns.valence.reduce(0, +) / count,
      arousal: columns.arousal.reduce(0, +) / count, scale: scale)
  }

  /// The prediction, `count` times.
  ///
  /// - Parameter count: the number of songs, at least 0.
  /// - Returns: as many equal points.
  public func predictions(count: Int) -> [ValenceArousal] {
    Array(repeating: prediction, count: count)
  }
}
