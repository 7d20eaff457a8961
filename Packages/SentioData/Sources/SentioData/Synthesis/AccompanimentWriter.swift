/// Writes chords, sustained background and bass of a section in the manner of the genre.
struct AccompanimentWriter {
  let plan: SongPlan

  /// How the chord instrument moves.
  enum Figure: Int, CaseIterable {
    case block, strum, offbeat, arpeggio, broken, comping
  }

  func figure(random: inout CounterRandom) -> Figure {
    switch plan.artist.genre {
    case .popRock: random.pick([.strum, .strum, .block, .arpeggio])
    case .electronic: random.pick([.offbeat, .arpeggio, .block, .arpeggio])
    case .classical: random.pick([.broken, .arpeggio, .block, .broken])
    case .jazzBlues: random.pick([.comping, .comping, .offbeat])
    case .other: random.pick([.arpeggio, .broken, .block])
    }
  }

  func write(
    section: SongPlan.SectionPlan, chords: [Chord], figure: Figure, driven: Bool,
    into score: inout ScoreDraft, random: inout CounterRandom
  ) {
    let cues = section.cues
    let beats = Double(plan.beatsPerBar)
    let ratio = min(max(0.75 - 0.35 * cues.articulation, 0.2), 1.05)
    let base = 52 + Int((4 * cues.register).rounded())
    for bar in 0..<section.bars {
      let chord = chords[bar % chords.count]
      let start = Double((section.firstBar + bar) * plan.beatsPerBar)
      let voicing = voiced(chord, above: base)
      // Power chords: a distorted third is mud.
      let struck = driven ? [voicing[0] - 12, voicing[0] - 5, voicing[0]] : voicing
      for (k, onset) in onsets(figure, cues: cues, random: &random).enumerated() {
        let isSingle = figure == .arpeggio || figure == .broken
        let order = figure == .broken ? [0, 2, 1, 2] : [0, 1, 2, 1]
        let pitches =
          isSingle ? [struck[order[k % 4] % struck.count] + (k % 8 == 7 ? 12 : 0)] : struck
        let accent = onset == onset.rounded() ? 0.5 : -1.2
        let hold = hold(figure, after: onset, beats: beats, density: cues.density)
        for pitch in pitches {
          score.add(
            part: .chords, beat: start + onset, beats: hold * ratio, pitch: pitch, cues: cues,
            accent: accent - (isSingle ? 0 : 4) + 0.6 * random.normal(), random: &random)
        }
      }
      if cues.density > -1.2 {
        for pitch in voicing.prefix(4) {
          score.add(
            part: .sustained, beat: start, beats: beats, pitch: pitch + 12, cues: cues,
            accent: -8, random: &random)
        }
        // Semitone clusters beat and rasp: tension that is heard without knowing harmony.
        if chord.tension > 0.6, random.chance(chord.tension) {
          score.add(
            part: .sustained, beat: start, beats: beats, pitch: voicing[0] + 13, cues: cues,
            accent: -6, random: &random)
        }
      }
      bass(bar: start, chord: chord, section: section, into: &score, random: &random)
    }
  }

  /// Close position above a pitch, root in the bass line's care.
  private func voiced(_ chord: Chord, above base: Int) -> [Int] {
    chord.tones.map { tone in
      let pitch = (plan.tonic + tone) % 12
      return base + ((pitch - base) % 12 + 12) % 12
    }.sorted()
  }

  private func onsets(
    _ figure: Figure, cues: AffectCues, random: inout CounterRandom
  ) -> [Double] {
    let beats = plan.beatsPerBar
    let busy = cues.density
    switch figure {
    case .block: return busy > 0.5 ? [0, Double(beats) / 2] : [0]
    case .strum:
      let step = busy > 0.1 ? 0.5 : 1.0
      return stride(from: 0, to: Double(beats), by: step).filter { $0 == 0 || random.chance(0.85) }
    case .offbeat: return (0..<beats).map { Double($0) + 0.5 }
    case .arpeggio:
      let step = busy > 0.5 && plan.beatsPerMinute < 130 ? 0.25 : busy > -0.6 ? 0.5 : 1
      return Array(stride(from: 0, to: Double(beats), by: step))
    case .broken: return Array(stride(from: 0, to: Double(beats), by: busy > -0.2 ? 0.5 : 1))
    case .comping:
      let all = [0.0, 0.5, 1, 1.5, 2.5, 3, 3.5]
      return all.filter { _ in random.chance(0.3 + 0.12 * busy) }
    }
  }

  private func hold(_ figure: Figure, after onset: Double, beats: Double, density: Double) -> Double
  {
    switch figure {
    case .block: density > 0.5 ? beats / 2 : beats
    case .strum: density > 0.1 ? 0.5 : 1
    case .offbeat: 0.4
    case .arpeggio: density > -0.6 ? 0.6 : 1.1
    case .broken: density > -0.2 ? 0.6 : 1.1
    case .comping: 0.6
    }
  }

  private func bass(
    bar start: Double, chord: Chord, section: SongPlan.SectionPlan, into score: inout ScoreDraft,
    random: inout CounterRandom
  ) {
    let cues = section.cues
    let beats = plan.beatsPerBar
    let root = 33 + ((plan.tonic + chord.tones[0] - 33) % 12 + 12) % 12
    let fifth = root + (chord.tones[2] - chord.tones[0])
    func play(_ beat: Double, _ pitch: Int, _ length: Double, _ accent: Double) {
      score.add(
        part: .bass, beat: start + beat, beats: length, pitch: pitch, cues: cues,
        accent: accent + 0.5 * random.normal(), random: &random)
    }
    switch plan.artist.genre {
    case .popRock:
      if cues.density > 0 {
        for k in 0..<(beats * 2) { play(Double(k) / 2, root, 0.45, k % 2 == 0 ? 0.5 : -1) }
      } else {
        play(0, root, 1.4, 0.5)
        play(Double(beats) / 2, random.chance(0.5) ? fifth : root, 1.4, 0)
      }
    case .electronic:
      for k in 0..<beats {
        if cues.density > -0.3 { play(Double(k) + 0.5, root, 0.4, 0) }
        if cues.density <= -0.3 || k % 2 == 1 && cues.density > 0.5 {
          play(Double(k), root, 0.4, 0)
        }
      }
    case .jazzBlues:
      let walk = [
        root, root + chord.tones[1] - chord.tones[0], fifth, fifth + random.pick([1, 2]),
      ]
      for k in 0..<beats where cues.density > -0.8 || k % 2 == 0 {
        play(Double(k), walk[k % 4], 0.9, k == 0 ? 0.5 : -0.3)
      }
    case .classical, .other:
      play(0, root, Double(beats) * 0.95, -1)
      if cues.density > 0.2 { play(Double(beats) / 2, fifth, Double(beats) * 0.45, -2) }
    }
  }
}
