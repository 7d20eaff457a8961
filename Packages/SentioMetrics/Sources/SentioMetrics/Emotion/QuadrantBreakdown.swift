/// The errors of a model by the quadrant in which each song truly lies.
///
/// A model that is good on average can be poor where songs are rare; this is the report's table
/// of errors by quadrant, with the quadrants that the wrong predictions land in.
public struct QuadrantBreakdown: Hashable, Sendable, Codable {
  /// The scale on which the errors are expressed.
  public let scale: EmotionScale
  /// One row per quadrant, in the order of ``Quadrant``.
  public let rows: [Row]
  /// How often songs of each quadrant were predicted in each; class i is quadrant i + 1.
  public let confusion: ConfusionMatrix

  /// The songs of one true quadrant.
  public struct Row: Hashable, Sendable, Codable {
    /// The true quadrant.
    public let quadrant: Quadrant
    /// The number of songs in it.
    public let count: Int
    /// The mean absolute error of valence over them; NaN without songs.
    @UndefinedAsNull public private(set) var valenceMeanAbsoluteError: Double
    /// The mean absolute error of arousal over them; NaN without songs.
    @UndefinedAsNull public private(set) var arousalMeanAbsoluteError: Double
    /// The number of songs that are predicted in their true quadrant.
    public let correctCount: Int
    /// The wrong quadrant that most of the others are predicted in, the first of equals; nil if
    /// there is none.
    public let commonestConfusion: Quadrant?
  }

  /// Breaks the errors down.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 1 point with finite coordinates.
  ///   - truth: what listeners said, as many points.
  ///   - scale: the scale on which errors are expressed.
  /// - Throws: ``MetricsError`` for unequal lengths, no song, or a coordinate that is not finite.
  public init(
    prediction: [ValenceArousal], truth: [ValenceArousal], scale: EmotionScale
  ) throws(MetricsError) {
    let pairs = try EmotionPairs(
      prediction: prediction, truth: truth, scale: scale, minimum: 1,
      statistic: "quadrant breakdown")
    let quadrants = Quadrant.allCases
    let confusion = try ConfusionMatrix(
      prediction: prediction.map { $0.quadrant.rawValue - 1 },
      truth: truth.map { $0.quadrant.rawValue - 1 }, classCount: quadrants.count)
    var errors = [SIMD2<Double>](repeating: .zero, count: quadrants.count)
    for (index, point) in truth.enumerated() {
      let valence = (pairs.prediction.valence[index] - pairs.truth.valence[index]).magnitude
      let arousal = (pairs.prediction.arousal[index] - pairs.truth.arousal[index]).magnitude
      errors[point.quadrant.rawValue - 1] += SIMD2(valence, arousal)
    }
    rows = quadrants.enumerated().map { own, quadrant in
      let count = confusion.truthCount(of: own)
      var commonest: Int?
      for other in quadrants.indices where other != own {
        let found = confusion[truth: own, prediction: other]
        let most = commonest.map { confusion[truth: own, prediction: $0] } ?? 0
        if found > most { commonest = other }
      }
      return Row(
        quadrant: quadrant, count: count,
        valenceMeanAbsoluteError: errors[own][0] / Double(count),
        arousalMeanAbsoluteError: errors[own][1] / Double(count),
        correctCount: confusion[truth: own, prediction: own],
        commonestConfusion: commonest.map { quadrants[$0] })
    }
    self.scale = scale
    self.confusion = confusion
  }

  /// The row of one quadrant.
  public subscript(quadrant: Quadrant) -> Row { rows[quadrant.rawValue - 1] }

  /// The share of all songs that are predicted in their true quadrant.
  public var accuracy: Double { confusion.accuracy }
}
