/// The metrics of a model within groups of songs, such as genres.
///
/// A group that is too small, or whose truths do not vary, has no number but a reason: a
/// concordance correlation of five songs says nothing, and a table should not pretend.
public struct GroupBreakdown: Hashable, Sendable, Codable {
  /// The scale on which the errors are expressed.
  public let scale: EmotionScale
  /// One row per group, the largest first and equals by name.
  public internal(set) var rows: [Row]

  /// The songs of one group.
  public struct Row: Hashable, Sendable, Codable {
    /// The group's name.
    public let name: String
    /// The number of songs in it.
    public let count: Int
    /// The metrics over its songs alone; nil where ``unscoredReason`` says why.
    public let metrics: EmotionMetrics?
    /// Why there are no metrics; nil where there are.
    public let unscoredReason: UnscoredReason?
    /// The intervals of some metrics; nil where none were asked for, or there are no metrics.
    public internal(set) var intervals: EmotionIntervals?
  }

  /// Why a group has no metrics.
  public enum UnscoredReason: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The group has fewer songs than a score needs.
    case tooFewSongs(minimum: Int)
    /// All its songs have the same truth in a dimension.
    case constantTruth(EmotionDimension)

    /// A few words for a table's cell.
    public var description: String {
      switch self {
      case .tooFewSongs(let minimum): "fewer than \(minimum) songs"
      case .constantTruth(let dimension): "all songs have the same true \(dimension.rawValue)"
      }
    }
  }

  /// Scores each group.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 1 point with finite coordinates.
  ///   - truth: what listeners said, as many points.
  ///   - groups: the name of each song's group, in the same order.
  ///   - scale: the scale on which errors are expressed.
  ///   - minimumCount: the fewest songs that are scored, at least 2.
  /// - Throws: ``MetricsError`` for unequal lengths, no song, a coordinate that is not finite, or
  ///   an impossible option.
  public init(
    prediction: [ValenceArousal], truth: [ValenceArousal], groups: [String],
    scale: EmotionScale, minimumCount: Int = 10
  ) throws(MetricsError) {
    guard minimumCount >= 2 else {
      throw .invalidOption(
        name: "minimumCount", found: "\(minimumCount)", expected: "at least 2")
    }
    let pairs = try EmotionPairs(
      prediction: prediction, truth: truth, scale: scale, minimum: 1,
      statistic: "group breakdown")
    try checkEqualLengths("groups", groups.count, "truth", truth.count)
    var members: [String: [Int]] = [:]
    for (index, group) in groups.enumerated() { members[group, default: []].append(index) }
    var rows: [Row] = []
    for (name, indices) in members {
      let constant = EmotionDimension.allCases.first { dimension in
        let values = pairs.truth[dimension]
        return indices.allSatisfy { values[$0] == values[indices[0]] }
      }
      if indices.count < minimumCount {
        rows.append(
          Row(
            name: name, count: indices.count, metrics: nil,
            unscoredReason: .tooFewSongs(minimum: minimumCount)))
      } else if let constant {
        rows.append(
          Row(
            name: name, count: indices.count, metrics: nil,
            unscoredReason: .constantTruth(constant)))
      } else {
        let metrics = try EmotionMetrics(
          prediction: indices.map { prediction[$0] }, truth: indices.map { truth[$0] },
          scale: scale)
        rows.append(
          Row(name: name, count: indices.count, metrics: metrics, unscoredReason: nil))
      }
    }
    self.scale = scale
    self.rows = rows.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }

  /// The row of one group; nil if no song belongs to it.
  public subscript(name: String) -> Row? { rows.first { $0.name == name } }
}
