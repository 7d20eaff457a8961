import Foundation
import SentioData
import SentioMetrics

/// Valence and arousal of one song over time: its path in the plane.
///
/// ```swift
/// let track = try tracker.track(frames)
/// for point in track.points { print(point.time, point.emotion.valence, point.emotion.arousal) }
/// ```
public struct EmotionTrack: Sendable, Hashable, Codable {
  /// The points, in the order of their times.
  public var points: [Point]

  /// The emotion at a time.
  public struct Point: Sendable, Hashable, Codable {
    /// Seconds from the start of the song.
    public var time: Double
    /// Valence and arousal.
    public var emotion: ValenceArousal

    /// Creates a point.
    ///
    /// - Parameters:
    ///   - time: seconds from the start of the song.
    ///   - emotion: valence and arousal.
    public init(time: Double, emotion: ValenceArousal) {
      self.time = time
      self.emotion = emotion
    }
  }

  /// Creates a track.
  ///
  /// - Parameter points: the points, in the order of their times.
  public init(points: [Point]) { self.points = points }

  /// The mean over the points, on the first one's scale; nil without points.
  public var mean: ValenceArousal? {
    guard let scale = points.first?.emotion.scale else { return nil }
    let all = points.map { $0.emotion.on(scale) }
    let count = Double(all.count)
    return ValenceArousal(
      valence: all.reduce(0) { $0 + $1.valence } / count,
      arousal: all.reduce(0) { $0 + $1.arousal } / count, scale: scale)
  }

  /// The emotion at any time, on a straight line between two points; that of the first or last point outside.
  ///
  /// - Parameter time: seconds from the start of the song.
  /// - Returns: the emotion on the scale of the point before; nil without points.
  public func emotion(at time: Double) -> ValenceArousal? {
    guard let first = points.first, let last = points.last else { return nil }
    if time <= first.time { return first.emotion }
    if time >= last.time { return last.emotion }
    var (low, high) = (0, points.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if points[middle].time <= time { low = middle } else { high = middle }
    }
    let (a, b) = (points[low], points[high])
    let gap = b.time - a.time
    let share = gap > 0 ? (time - a.time) / gap : 0
    let end = b.emotion.on(a.emotion.scale)
    return ValenceArousal(
      valence: a.emotion.valence + share * (end.valence - a.emotion.valence),
      arousal: a.emotion.arousal + share * (end.arousal - a.emotion.arousal),
      scale: a.emotion.scale)
  }

  /// The track beside what listeners said, at the times of their samples.
  ///
  /// Samples of which a dimension is missing are left out, and so are those more than `tolerance` seconds before the
  /// first point or behind the last.
  ///
  /// - Parameters:
  ///   - id: the song's name.
  ///   - annotations: what listeners said over time.
  ///   - tolerance: how far outside of the track a sample may lie, in seconds.
  /// - Returns: the pairs, for `EmotionTrackMetrics`; nil where there are none.
  public func compared(
    as id: String, with annotations: AnnotationSequence, tolerance: Double = 0.25
  ) -> EmotionTrackMetrics.Song? {
    guard let first = points.first?.time, let last = points.last?.time else { return nil }
    var song = EmotionTrackMetrics.Song(id: id, prediction: [], truth: [])
    for (index, time) in annotations.times.enumerated() {
      let (valence, arousal) = (annotations.valence[index], annotations.arousal[index])
      guard !valence.isNaN, !arousal.isNaN, time >= first - tolerance, time <= last + tolerance,
        let said = emotion(at: time)
      else { continue }
      song.prediction.append(said)
      song.truth.append(
        ValenceArousal(valence: valence, arousal: arousal, scale: annotations.scale))
    }
    return song.truth.isEmpty ? nil : song
  }

  /// The track as a table: `time,valence,arousal`, with a line a point.
  public var commaSeparatedValues: String {
    points.reduce("time,valence,arousal\n") {
      $0
        + String(
          format: "%.3f,%.6f,%.6f\n", $1.time, $1.emotion.valence, $1.emotion.arousal)
    }
  }
}
