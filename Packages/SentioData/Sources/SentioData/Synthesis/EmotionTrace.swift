/// The emotion that a listener perceives from moment to moment, and keeps as an overall impression.
struct EmotionTrace: Sendable {
  /// Steps a second at which the trace is kept.
  static let rate = 10
  /// Seconds that an impression takes to follow the music.
  private static let inertia = 1.5

  /// One value each tenth of a second.
  let points: [PerceivedEmotion]

  init(_ score: Score) {
    let count = Int((score.duration * Double(Self.rate)).rounded())
    let follow = 1 / (Double(Self.rate) * Self.inertia)
    var now = score.sections.first?.emotion ?? PerceivedEmotion(valence: 0, arousal: 0)
    var points: [PerceivedEmotion] = []
    points.reserveCapacity(count)
    var section = 0
    for k in 0..<count {
      let time = Double(k) / Double(Self.rate)
      while section + 1 < score.sections.count, score.sections[section + 1].start <= time {
        section += 1
      }
      let target = score.sections.isEmpty ? now : score.sections[section].emotion
      now.valence += follow * (target.valence - now.valence)
      now.arousal += follow * (target.arousal - now.arousal)
      points.append(now)
    }
    self.points = points
  }

  /// The value at a time in seconds, which is held before the start and after the end.
  func at(_ time: Double) -> PerceivedEmotion {
    guard let last = points.indices.last else { return PerceivedEmotion(valence: 0, arousal: 0) }
    return points[min(max(Int(time * Double(Self.rate)), 0), last)]
  }

  /// The impression of the whole: later moments weigh up to half as much again as the first.
  var overall: PerceivedEmotion {
    var sum = PerceivedEmotion(valence: 0, arousal: 0)
    var weight = 0.0
    for (k, point) in points.enumerated() {
      let w = 1 + 0.5 * Double(k) / Double(max(points.count - 1, 1))
      sum.valence += w * point.valence
      sum.arousal += w * point.arousal
      weight += w
    }
    guard weight > 0 else { return sum }
    return PerceivedEmotion(valence: sum.valence / weight, arousal: sum.arousal / weight)
  }
}
