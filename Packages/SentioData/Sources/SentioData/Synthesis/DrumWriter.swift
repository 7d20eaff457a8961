/// Writes the percussion of a section: a groove of the genre, thinned or filled by the cue.
struct DrumWriter {
  let plan: SongPlan

  func write(
    section: SongPlan.SectionPlan, into score: inout ScoreDraft, random: inout CounterRandom
  ) {
    let cues = section.cues
    let weight = min(max((cues.percussiveness + 1) / 2, 0), 1.15)
    guard weight > 0.18 else { return }
    let level = -9 + 11 * weight
    let beats = plan.beatsPerBar
    var touch = random.fork()
    let halfTime = random.chance(0.25) && plan.beatsPerMinute > 120
    for bar in 0..<section.bars {
      let start = Double((section.firstBar + bar) * beats)
      func hit(_ drum: Drum, _ beat: Double, _ accent: Double = 0) {
        score.strike(
          drum, beat: start + beat, cues: cues, accent: level + accent + 0.7 * touch.normal(),
          random: &touch)
      }
      if bar == 0, section.firstBar > 0, weight > 0.5 { hit(.crash, 0, -4) }
      switch plan.artist.genre {
      case .popRock: rock(hit, weight: weight, halfTime: halfTime, isFill: bar % 4 == 3, &random)
      case .electronic: electronic(hit, weight: weight, &random)
      case .jazzBlues: jazz(hit, weight: weight, &random)
      case .classical:
        if bar % 2 == 0 { hit(.tom, 0, -2) }
        if weight > 0.45 { hit(.tom, Double(beats) - 0.5, -5) }
      case .other:
        for k in 0..<(beats * 2) { hit(.shaker, Double(k) / 2, k % 2 == 0 ? -3 : -7) }
        if weight > 0.35 { hit(.tom, 0, -3) }
      }
    }
  }

  private func rock(
    _ hit: (Drum, Double, Double) -> Void, weight: Double, halfTime: Bool, isFill: Bool,
    _ random: inout CounterRandom
  ) {
    hit(.kick, 0, 0)
    hit(.kick, halfTime ? 1.5 : 2, -0.5)
    if weight > 0.6, random.chance(0.5) { hit(.kick, 2.5, -2) }
    if halfTime { hit(.snare, 2, 0) } else { for b in [1.0, 3] { hit(.snare, b, 0) } }
    for k in 0..<8 where weight > 0.35 || k % 2 == 0 {
      hit(weight > 0.85 ? .openHat : .closedHat, Double(k) / 2, k % 2 == 0 ? -5 : -8)
    }
    if isFill, weight > 0.5 { for k in 0..<4 { hit(.tom, 3 + Double(k) / 4, -3 + Double(k)) } }
  }

  private func electronic(
    _ hit: (Drum, Double, Double) -> Void, weight: Double, _ random: inout CounterRandom
  ) {
    for k in 0..<4 where weight > 0.4 || k % 2 == 0 { hit(.kick, Double(k), 1) }
    for k in [1.0, 3] { hit(.clap, k, -1) }
    for k in 0..<4 where weight > 0.3 { hit(.openHat, Double(k) + 0.5, -5) }
    if weight > 0.6 {
      for k in 0..<16 where random.chance(0.8) { hit(.closedHat, Double(k) / 4, -9) }
    }
  }

  private func jazz(
    _ hit: (Drum, Double, Double) -> Void, weight: Double, _ random: inout CounterRandom
  ) {
    for k in 0..<4 { hit(weight > 0.5 ? .ride : .brush, Double(k), k % 2 == 0 ? -4 : -2) }
    for k in [1.5, 3.5] where weight > 0.3 { hit(weight > 0.5 ? .ride : .brush, k, -6) }
    for k in [1.0, 3] { hit(.closedHat, k, -4) }
    if weight > 0.5 {
      hit(.kick, 0, -3)
      if random.chance(0.4) { hit(.snare, random.pick([0.5, 1.5, 2.5]), -5) }
    }
  }
}
