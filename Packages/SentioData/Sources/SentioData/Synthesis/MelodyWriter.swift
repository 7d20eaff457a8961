/// Writes the melody of a section from a motif that returns: a, a', b, a.
struct MelodyWriter {
  /// A bar of melody: onsets in beats, and steps of the scale from the note before.
  struct Motif: Equatable {
    var onsets: [Double]
    var steps: [Int]
  }

  let plan: SongPlan

  func motif(density: Double, random: inout CounterRandom) -> Motif {
    let beats = plan.beatsPerBar
    let sixteenths = density > 0.45 && plan.beatsPerMinute < 125
    let grid = sixteenths ? 4 : 2
    let busy = min(max(0.47 + 0.27 * density, 0.15), 0.92)
    var onsets: [Double] = []
    for slot in 0..<(beats * grid) {
      let isBeat = slot % grid == 0
      let weight = slot == 0 ? 0.85 : isBeat ? busy + 0.15 : busy * (sixteenths ? 0.6 : 0.75)
      if random.chance(weight) { onsets.append(Double(slot) / Double(grid)) }
    }
    if onsets.isEmpty { onsets = [0] }
    let steps = onsets.map { _ in
      random.pick(weighted: [(-2, 1.2), (-1, 3), (0, 1.2), (1, 3), (2, 1.2), (3, 0.4), (-3, 0.4)])
    }
    return Motif(onsets: onsets, steps: steps)
  }

  func write(
    section: SongPlan.SectionPlan, chords: [Chord], motifs: [Motif], into score: inout ScoreDraft,
    random: inout CounterRandom
  ) {
    let cues = section.cues
    let scale = plan.mode.scale
    let centre = 64 + 10 * cues.register + Double(plan.artist.registerShift) * 0.4
    // A phrase moves over about a tenth; leaps out of it are folded back.
    let low = Int((centre - 8).rounded())
    let high = Int((centre + 8).rounded())
    func pitch(_ index: Int) -> Int {
      let octave = index >= 0 ? index / 7 : (index - 6) / 7
      return plan.tonic + 12 * octave + scale[index - 7 * octave]
    }
    var index = 0
    while pitch(index) < Int(centre.rounded()) { index += 1 }
    let ratio = min(max(0.68 - 0.38 * cues.articulation, 0.18), 1.08)
    for bar in 0..<section.bars {
      let phrase = bar % 4
      let motif = phrase == 2 ? motifs[1] : motifs[0]
      if phrase == 3, random.chance(0.2) { continue }
      let chord = chords[bar % chords.count]
      for (k, onset) in motif.onsets.enumerated() {
        let step = phrase == 1 && k == motif.steps.count - 1 ? -motif.steps[k] : motif.steps[k]
        index += step
        while pitch(index) > high { index -= 3 }
        while pitch(index) < low { index += 3 }
        var p = pitch(index)
        if onset == 0 || onset == 2 {
          // Strong beats take the nearest note of the chord, unless the section wants tension.
          if !random.chance(0.25 + 0.35 * cues.dissonance) {
            p = nearest(to: p, in: chord)
          }
        } else if cues.dissonance > 0.3, random.chance(0.18 * cues.dissonance) {
          p += 1
        }
        let next = k + 1 < motif.onsets.count ? motif.onsets[k + 1] : Double(plan.beatsPerBar)
        let beat = Double((section.firstBar + bar) * plan.beatsPerBar) + onset
        let accent = onset == 0 ? 1.5 : onset == onset.rounded() ? 0.3 : -1.0
        score.add(
          part: .melody, beat: beat, beats: (next - onset) * ratio, pitch: p, cues: cues,
          accent: accent + 0.8 * random.normal(), random: &random)
      }
    }
  }

  /// The note of a chord, in any octave, that is nearest to a pitch.
  private func nearest(to pitch: Int, in chord: Chord) -> Int {
    var best = pitch
    var distance = 99
    for tone in chord.tones.prefix(4) {
      let delta = ((plan.tonic + tone - pitch) % 12 + 18) % 12 - 6
      if abs(delta) < distance {
        distance = abs(delta)
        best = pitch + delta
      }
    }
    return best
  }
}
