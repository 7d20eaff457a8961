/// How much a model draws one dimension's extremes towards the middle.
public struct Shrinkage: Codable, Sendable {
  /// Slope of the prediction on the label; 1 where extremes stay extreme.
  public var slope: Interval
  /// Standard deviation of the predictions over that of the labels.
  public var spread: Interval?
  /// Test songs whose label is beyond 0.7 on -1 to 1.
  public var extremeCount: Int
  /// How far the predictions of these songs reach towards their labels' extremes: the mean distance
  /// from the middle on the label's side, over that of the labels; `nil` where there are none.
  public var reach: Interval?

  /// Creates a measurement.
  public init(
    slope: Interval, spread: Interval? = nil, extremeCount: Int, reach: Interval? = nil
  ) {
    self.slope = slope
    self.spread = spread
    self.extremeCount = extremeCount
    self.reach = reach
  }
}

/// One model's caution in both dimensions.
public struct ConservatismResult: Codable, Sendable {
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
