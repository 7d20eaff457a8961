/// Composes the songs of a corpus: song `k` of seed `s` is the same whatever else is composed.
public struct SongComposer: Sendable {
  /// Seed of the corpus.
  public let seed: UInt64
  /// Length of an excerpt in seconds.
  public let duration: Double

  /// Creates a composer.
  ///
  /// - Parameters:
  ///   - seed: seed of the corpus; another seed is another corpus.
  ///   - duration: length of the excerpts in seconds, 1 to 600; DEAM's are 45 s.
  public init(seed: UInt64, duration: Double = 45) {
    precondition(duration >= 1 && duration <= 600, "duration \(duration) s is not in 1 ... 600")
    self.seed = seed
    self.duration = duration
  }

  /// The artist who plays a song.
  public func artist(ofSong index: Int) -> ArtistProfile {
    ArtistProfile.ofSong(index, seed: seed)
  }

  /// Invented title of a song.
  public func title(ofSong index: Int) -> String {
    var random = CounterRandom(seed: seed, stream: .title, index: index)
    return ArtistProfile.invent(&random, words: 1...3)
  }

  /// Composes a song.
  ///
  /// - Parameter index: number of the song in the corpus, from 0.
  /// - Returns: the score, with the cues and the emotion of every section as realised.
  public func compose(_ index: Int) -> Score {
    precondition(index >= 0, "song index \(index) is negative")
    let plan = SongPlan(song: index, seed: seed, duration: duration)
    var draft = ScoreDraft(plan: plan, duration: duration)
    var harmony = CounterRandom(seed: seed, stream: .harmony, index: index)
    var melody = CounterRandom(seed: seed, stream: .melody, index: index)
    var accompaniment = CounterRandom(seed: seed, stream: .accompaniment, index: index)
    var percussion = CounterRandom(seed: seed, stream: .percussion, index: index)
    let writer = MelodyWriter(plan: plan)
    let backing = AccompanimentWriter(plan: plan)
    let drums = DrumWriter(plan: plan)

    let loudest = plan.sections.map(\.cues.loudness).max() ?? 0
    let driven =
      plan.artist.genre == .popRock && [.leadGuitar, .steelGuitar].contains(plan.artist.chords)
      && loudest + 0.5 * plan.sections[0].cues.brightness > 0.15
    let figure = driven ? .strum : backing.figure(random: &accompaniment)
    var written: [Int: (chords: [Chord], motifs: [MelodyWriter.Motif])] = [:]
    var tensions: [Double] = []
    for section in plan.sections {
      if written[section.letter] == nil {
        let cue = section.cues.dissonance
        let chords = HarmonyWriter(mode: plan.mode, genre: plan.artist.genre).chords(
          count: max(4, section.bars), tension: min(max(0.35 + 0.4 * cue, 0), 1.1), random: &harmony
        )
        let motifs = (0..<2).map { _ in
          writer.motif(density: section.cues.density, random: &melody)
        }
        written[section.letter] = (chords, motifs)
      }
      guard let (chords, motifs) = written[section.letter] else { continue }
      writer.write(
        section: section, chords: chords, motifs: motifs, into: &draft, random: &melody)
      backing.write(
        section: section, chords: chords, figure: figure, driven: driven, into: &draft,
        random: &accompaniment)
      drums.write(section: section, into: &draft, random: &percussion)
      tensions.append(chords.map(\.tension).reduce(0, +) / Double(chords.count))
    }
    return finish(plan, draft, tensions: tensions, driven: driven, index: index)
  }

  private func finish(
    _ plan: SongPlan, _ draft: ScoreDraft, tensions: [Double], driven: Bool, index: Int
  ) -> Score {
    var random = CounterRandom(seed: seed, stream: .performance, index: index)
    let meter = CueMeter(plan: plan, draft: draft)
    let bar = Double(plan.beatsPerBar) * plan.secondsPerBeat
    var sections: [Score.Section] = []
    for (section, tension) in zip(plan.sections, tensions) {
      let start = Double(section.firstBar) * bar
      let end = min(Double(section.firstBar + section.bars) * bar, duration)
      guard end > start else { continue }
      let cues = meter.cues(from: start, to: end, tension: tension, driven: driven)
      sections.append(
        Score.Section(
          start: start, duration: end - start, cues: cues, emotion: AffectModel.perceived(cues)))
    }
    let artist = plan.artist
    func part(_ patch: Patch, _ gain: Double, driven: Bool = false) -> Score.Part {
      let wet = patch == .pluckedBass || patch == .synthBass ? 0.05 : random.uniform(0.15...0.45)
      return Score.Part(
        patch: patch, gain: gain * DeterministicMath.amplitude(decibels: 1.5 * random.normal()),
        reverberation: driven ? 0.1 : wet, isDriven: driven)
    }
    let parts = [
      part(artist.melody, 1), part(driven ? .leadGuitar : artist.chords, 0.8, driven: driven),
      part(artist.sustained, 0.7), part(artist.bass, 0.9),
    ]
    let loudness = sections.reduce(0) { $0 + $1.cues.loudness * $1.duration } / duration
    let level = -19.5 + 4.5 * loudness + artist.masteringOffset + 0.8 * random.normal()
    let mastering = Score.Mastering(
      level: min(max(level, -32), -12), tilt: artist.tilt, room: artist.room, drive: artist.drive)
    return Score(
      duration: duration, beatsPerMinute: plan.beatsPerMinute, tonic: plan.tonic, mode: plan.mode,
      sections: sections, parts: parts, notes: draft.notes, strokes: draft.strokes,
      mastering: mastering, toneSeed: UInt32(truncatingIfNeeded: random.next()))
  }
}
