/// The songs that a model is most wrong about, by name.
///
///     for song in try LargestErrors(
///       ids: ids, prediction: predicted, truth: rated, scale: .unit, count: 3
///     ).songs { print(song.id, song.truth, song.prediction, song.distance) }
public struct LargestErrors: Hashable, Sendable, Codable {
  /// The scale on which points and errors are expressed.
  public let scale: EmotionScale
  /// The songs, the largest error first; of equal errors the song that stood first.
  public let songs: [Song]

  /// A song with what was said of it.
  public struct Song: Hashable, Sendable, Codable {
    /// Its name.
    public let id: String
    /// What listeners said.
    public let truth: ValenceArousal
    /// What the model says.
    public let prediction: ValenceArousal
    /// |prediction - truth| of valence.
    public let valenceError: Double
    /// |prediction - truth| of arousal.
    public let arousalError: Double
    /// The distance of the two points in the plane.
    public let distance: Double
    /// How many of the other songs have a smaller distance, as a share; 1 for the worst of all.
    public let rank: Double
  }

  /// By which error songs are ranked.
  public enum Order: String, CaseIterable, Hashable, Sendable, Codable {
    /// The distance in the plane.
    case distance
    /// The error of valence.
    case valence
    /// The error of arousal.
    case arousal
  }

  /// Finds them.
  ///
  /// - Parameters:
  ///   - ids: the names of the songs.
  ///   - prediction: what the model says, as many points with finite coordinates.
  ///   - truth: what listeners said, as many points.
  ///   - scale: the scale on which errors are expressed.
  ///   - count: how many songs at most, at least 1.
  ///   - order: by which error songs are ranked.
  /// - Throws: ``MetricsError`` for unequal lengths, no song, a coordinate that is not finite, or an impossible
  ///   `count`.
  public init(
    ids: [String], prediction: [ValenceArousal], truth: [ValenceArousal], scale: EmotionScale,
    count: Int = 10, order: Order = .distance
  ) throws(MetricsError) {
    guard count >= 1 else {
      throw .invalidOption(name: "count", found: "\(count)", expected: "at least 1")
    }
    let pairs = try EmotionPairs(
      prediction: prediction, truth: truth, scale: scale, minimum: 1, statistic: "largest errors")
    try checkEqualLengths("ids", ids.count, "truth", truth.count)
    let errors = (0..<pairs.count).map { index in
      let valence = (pairs.prediction.valence[index] - pairs.truth.valence[index]).magnitude
      let arousal = (pairs.prediction.arousal[index] - pairs.truth.arousal[index]).magnitude
      return (
        valence: valence, arousal: arousal,
        distance: (valence * valence + arousal * arousal).squareRoot()
      )
    }
    func size(_ index: Int) -> Double {
      switch order {
      case .distance: errors[index].distance
      case .valence: errors[index].valence
      case .arousal: errors[index].arousal
      }
    }
    let ranked = errors.indices.sorted { (size($1), $0) < (size($0), $1) }
    let distances = errors.map(\.distance).sorted()
    self.scale = scale
    songs = ranked.prefix(count).map { index in
      let smaller = distances.partitionPoint { $0 >= errors[index].distance }
      return Song(
        id: ids[index], truth: truth[index].on(scale), prediction: prediction[index].on(scale),
        valenceError: errors[index].valence, arousalError: errors[index].arousal,
        distance: errors[index].distance,
        rank: errors.count > 1 ? Double(smaller) / Double(errors.count - 1) : 1)
    }
  }
}

extension Array {
  /// The number of leading elements before the first one that `isAfter` is true for, by bisection.
  func partitionPoint(where isAfter: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
