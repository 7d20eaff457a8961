/// Measures the cues of a section from the notes that will be played, not from what was intended.
struct CueMeter {
  let plan: SongPlan
  let draft: ScoreDraft

  func cues(from start: Double, to end: Double, tension: Double, driven: Bool) -> AffectCues {
    var cues = AffectCues(mode: plan.mode.cue)
    cues.tempo = DeterministicMath.log2(plan.beatsPerMinute / 108) / 0.75
    let notes = draft.notes.filter { $0.start >= start && $0.start < end }
    let melody = notes.filter { $0.part == ScoreDraft.Role.melody.rawValue }
    let span = max(end - start, 0.5)

    // Chord notes struck together count once.
    var onsets = 0.0
    var last = -1.0
    for note in notes.map(\.start).sorted() where note - last > 0.03 {
      onsets += 1
      last = note
    }
    cues.density = bounded(DeterministicMath.log2(max(onsets, 1) / span / 3.3) / 1.2)

    let level = mean(notes.map { DeterministicMath.decibels(amplitude: $0.velocity) })
    // Three of the four parts are written some decibels below the melody.
    cues.loudness = bounded((level + 3.2) / 5)
    cues.register = bounded((mean(melody.map { Double($0.pitch) }, empty: 62) - 64) / 10)
    let steps = mean(notes.map { Double($0.brightness) }, empty: 2)
    cues.brightness = bounded((steps - 2) / 1.6 + (driven ? 0.35 : 0))

    let ordered = melody.sorted { $0.start < $1.start }
    var ratios: [Double] = []
    for (a, b) in zip(ordered, ordered.dropFirst()) where b.start - a.start < 1.5 {
      ratios.append(min(a.duration / max(b.start - a.start, 0.05), 1.2))
    }
    cues.articulation = bounded((0.68 - mean(ratios, empty: 0.68)) / 0.38)
    cues.dissonance = bounded((tension - 0.35) / 0.4)
    let beats = draft.strokes.filter { $0.start >= start && $0.start < end }
    let drive = beats.reduce(0.0) { sum, stroke in
      sum + stroke.velocity / max(DeterministicMath.amplitude(decibels: 5 * cues.loudness), 0.1)
    }
    cues.percussiveness = bounded(drive / span / 2.5 - 1)
    return cues
  }

  private func bounded(_ x: Double) -> Double { min(max(x, -1.6), 1.6) }

  private func mean(_ values: [Double], empty: Double = 0) -> Double {
    values.isEmpty ? empty : values.reduce(0, +) / Double(values.count)
  }
}
