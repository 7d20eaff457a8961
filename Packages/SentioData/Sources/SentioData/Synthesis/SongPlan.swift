/// What the composer decides before it writes a note: tempo, scale, form, and the cues of each section.
struct SongPlan {
  struct SectionPlan {
    var firstBar: Int
    var bars: Int
    var cues: AffectCues
    /// Sections with the same letter share motif and chords.
    var letter: Int
  }

  var artist: ArtistProfile
  var mode: MusicalMode
  var tonic: Int
  var beatsPerMinute: Double
  var beatsPerBar: Int
  var swing: Double
  var sections: [SectionPlan]

  var secondsPerBeat: Double { 60 / beatsPerMinute }

  /// Onset in seconds of a beat; off-beats swing late where the genre does.
  func time(beat: Double) -> Double {
    let whole = beat.rounded(.down)
    let part = beat - whole
    let swung = part == 0.5 ? 0.5 + swing : part
    return (whole + swung) * secondsPerBeat
  }

  init(song: Int, seed: UInt64, duration: Double) {
    let artist = ArtistProfile.ofSong(song, seed: seed)
    var r = CounterRandom(seed: seed, stream: .plan, index: song)
    self.artist = artist
    let genre = artist.genre
    let (lean, spread) = Self.leaning(of: genre)
    let arousal = lean.arousal + artist.temperament.arousal + spread * r.normal()
    let valence = lean.valence + artist.temperament.valence + 0.3 * arousal + 0.62 * r.normal()

    // Each cue serves the intended emotion and a whim of its own; the whim is what makes songs of
    // the same emotion sound different, and is heard and rated like the rest.
    let brightMode = 1.0 * valence + 0.6 * r.normal() + (genre == .electronic ? -0.2 : 0.05)
    mode = Self.mode(brightness: brightMode, genre: genre, random: &r)
    tonic = r.pick(weighted: Self.tonics(isMajor: mode.isMajor))
    let tempoCue = Self.clamp(0.5 * arousal + 0.2 * valence + 0.5 * r.normal(), 1.1)
    let bpm = 108 * DeterministicMath.exp2(0.75 * tempoCue)
    beatsPerMinute = genre == .electronic ? max(bpm, 80).rounded() : bpm
    beatsPerBar = genre == .classical || genre == .other ? r.pick([4, 3, 4]) : 4
    swing = genre == .jazzBlues ? r.uniform(0.1...0.17) : 0

    var base = AffectCues(tempo: tempoCue)
    base.loudness = 0.75 * arousal + 0.35 * r.normal()
    base.articulation = 0.4 * arousal + 0.2 * valence + 0.5 * r.normal()
    base.register = 0.1 * arousal + 0.35 * valence + 0.5 * r.normal()
    base.brightness = 0.6 * arousal + 0.4 * r.normal()
    base.density = 0.5 * arousal + 0.4 * r.normal()
    base.dissonance = -0.55 * valence + 0.15 * arousal + 0.5 * r.normal()
    if genre == .jazzBlues { base.dissonance += 0.25 }
    let drums = Self.drumming(of: genre)
    base.percussiveness = drums.offset + drums.gain * (0.55 * arousal + 0.4 * r.normal())

    let bar = Double(beatsPerBar) * 60 / beatsPerMinute
    let total = Int((duration / bar).rounded(.up))
    let length = max(2, 2 * Int((r.uniform(8...13) / bar / 2).rounded()))
    let form = r.pick([
      [0, 0, 1, 0, 1, 1], [0, 1, 0, 1, 2, 1], [0, 0, 1, 1, 2, 0], [0, 1, 2, 0, 1, 2],
    ])
    var letters: [AffectCues] = []
    for _ in 0..<3 {
      var c = base
      let lift = 0.35 * r.normal()
      c.loudness += 0.7 * lift + 0.1 * r.normal()
      c.density += 0.5 * lift + 0.15 * r.normal()
      c.percussiveness += 0.5 * lift * drums.gain
      c.brightness += 0.4 * lift
      c.articulation += 0.15 * r.normal()
      c.register += 0.2 * r.normal()
      c.dissonance += 0.2 * r.normal()
      letters.append(c)
    }
    sections = []
    var start = 0
    while start < total {
      let letter = form[sections.count % form.count]
      var c = letters[letter]
      // A repeat grows or tires a little.
      c.loudness += 0.12 * r.normal()
      c.density += 0.08 * r.normal()
      sections.append(
        SectionPlan(firstBar: start, bars: min(length, total - start), cues: c, letter: letter))
      start += length
    }
  }

  private static func clamp(_ x: Double, _ bound: Double) -> Double { min(max(x, -bound), bound) }

  /// Keys are not equally usual: players like those that lie well under the hand.
  private static func tonics(isMajor: Bool) -> [(Int, Double)] {
    let weights: [Double] =
      isMajor
      ? [6, 1, 4, 1, 3, 3, 0.5, 6, 1, 3, 1.5, 0.7] : [2, 1, 4, 0.7, 5, 1.5, 1, 3, 0.7, 6, 0.7, 3]
    return weights.enumerated().map { ($0.offset, $0.element) }
  }

  private static func leaning(of genre: MusicalGenre) -> (PerceivedEmotion, Double) {
    switch genre {
    case .popRock: (PerceivedEmotion(valence: 0.1, arousal: 0.3), 0.65)
    case .electronic: (PerceivedEmotion(valence: 0, arousal: 0.3), 0.7)
    case .classical: (PerceivedEmotion(valence: 0, arousal: -0.55), 0.65)
    case .jazzBlues: (PerceivedEmotion(valence: 0.15, arousal: -0.1), 0.6)
    case .other: (PerceivedEmotion(valence: 0.05, arousal: -0.6), 0.6)
    }
  }

  private static func drumming(of genre: MusicalGenre) -> (offset: Double, gain: Double) {
    switch genre {
    case .popRock: (0.25, 1)
    case .electronic: (0.35, 1)
    case .classical: (-1, 0.5)
    case .jazzBlues: (-0.15, 0.8)
    case .other: (-0.8, 0.6)
    }
  }

  private static func mode(
    brightness: Double, genre: MusicalGenre, random: inout CounterRandom
  ) -> MusicalMode {
    switch brightness {
    case 1.3...: random.chance(0.3) ? .lydian : .major
    case 0.05...: genre == .jazzBlues && random.chance(0.5) ? .mixolydian : .major
    case (-0.15)...: random.pick([.mixolydian, .dorian])
    case (-0.5)...: random.pick([.dorian, .minor, .minor])
    case (-1.1)...: random.pick([.minor, .minor, .harmonicMinor])
    default: random.pick([.harmonicMinor, .phrygian, .minor])
    }
  }
}
