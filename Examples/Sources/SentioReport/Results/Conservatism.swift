/// How much a model draws one dimension's extremes towards the middle.
public struct Shrinkage: Codable, Sendable {
  /// Slope of the prediction on the label; 1 where extremes stay extreme.
  public var slope: Interval
  /// Standard deviation of the predictions over that of the labels.
  public var spread: Double?
  /// Test songs whose label is beyond 0.7 on -1 to 1.
  public var extremeCount: Int
  /// Mean distance of these labels from the scale's middle, on the report's scale.
  public var extremeLabel: Double?
  /// Mean distance of their predictions from the middle, towards the label's side.
  public var extremePrediction: Double?

  /// Creates a measurement.
  public init(
    slope: Interval, spread: Double? = nil, extremeCount: Int, extremeLabel: Double? = nil,
    extremePrediction: Double? = nil
  ) {
    self.slope = slope
    self.spread = spread
    self.extremeCount = extremeCount
    self.extremeLabel = extremeLabel
    self.extremePrediction = extremePrediction
  }
}

/// One model's caution in both dimensions.
public struct Conservatism: Codable, Sendable {
  /// The model's title.
  public var model: String
  /// Valence.
  public var valence: Shrinkage
  /// Arousal.
  public var arousal: Shrinkage

  /// Creates a record.
  public init(model: String, valence: Shrinkage, arousal: Shrinkage) {
    self.model = model
    self.valence = valence
    self.arousal = arousal
  }
}
