/// A score while it is written: turns beats and cues into seconds, levels and brightness.
struct ScoreDraft {
  /// Roles in the arrangement; the raw value is the index of the part.
  enum Role: Int, CaseIterable {
    case melody, chords, sustained, bass
  }

  let plan: SongPlan
  let duration: Double
  var notes: [Score.Note] = []
  var strokes: [Score.Stroke] = []

  init(plan: SongPlan, duration: Double) {
    self.plan = plan
    self.duration = duration
    notes.reserveCapacity(1500)
    strokes.reserveCapacity(1000)
  }

  /// Players are late or early by some milliseconds; machines are not.
  private func onset(_ beat: Double, _ random: inout CounterRandom) -> Double {
    let spread = plan.artist.genre == .electronic ? 0.0 : 0.006
    return max(0, plan.time(beat: beat) + spread * random.normal())
  }

  mutating func add(
    part: Role, beat: Double, beats: Double, pitch: Int, cues: AffectCues, accent: Double,
    random: inout CounterRandom
  ) {
    let start = onset(beat, &random)
    guard start < duration - 0.05 else { return }
    let steps = 2 + 1.6 * cues.brightness + 0.25 * accent * 0.3 + 0.3 * random.normal()
    notes.append(
      Score.Note(
        part: part.rawValue, start: start, duration: max(beats * plan.secondsPerBeat, 0.05),
        pitch: min(max(pitch, 24), 100),
        velocity: DeterministicMath.amplitude(decibels: 5 * cues.loudness + accent),
        brightness: Int(min(max(steps, 0), 4).rounded())))
  }

  mutating func strike(
    _ drum: Drum, beat: Double, cues: AffectCues, accent: Double, random: inout CounterRandom
  ) {
    let start = onset(beat, &random)
    guard start < duration - 0.05 else { return }
    let velocity = DeterministicMath.amplitude(decibels: 5 * cues.loudness + accent)
    strokes.append(Score.Stroke(drum: drum, start: start, velocity: velocity))
  }
}
