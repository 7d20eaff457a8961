import SentioData
import Testing

@Suite("Synthesis: composition")
struct SynthesisCompositionTests {
  @Test("Sections cover the excerpt without gaps; notes are playable", arguments: 0..<20)
  func structure(_ song: Int) {
    let score = SongComposer(seed: 5).compose(song)
    var end = 0.0
    for section in score.sections {
      #expect(abs(section.start - end) < 1e-9)
      end = section.start + section.duration
    }
    #expect(abs(end - 45) < 1e-9)
    #expect(score.notes.count > 40)
    for note in score.notes {
      #expect(note.start >= 0 && note.start < 45 && note.duration > 0)
      #expect(score.parts.indices.contains(note.part))
      #expect((24...100).contains(note.pitch) && (0...4).contains(note.brightness))
      #expect(note.velocity > 0.02 && note.velocity < 12)
    }
    #expect(score.strokes.allSatisfy { $0.start >= 0 && $0.start < 45 })
  }

  @Test("A melody returns: its first bar's rhythm is heard again")
  func repetition() {
    var returning = 0
    for song in 0..<20 {
      let score = SongComposer(seed: 9).compose(song)
      let melody = score.notes.filter { $0.part == 0 }.map(\.pitch)
      guard melody.count > 12 else { continue }
      let opening = Array(zip(melody.prefix(4), melody.dropFirst()).map { $1 - $0 }.prefix(3))
      let steps = zip(melody, melody.dropFirst()).map { $1 - $0 }
      let found = (3..<(steps.count - 2)).contains { Array(steps[$0..<($0 + 3)]) == opening }
      returning += found ? 1 : 0
    }
    #expect(returning >= 12)
  }

  @Test("The emotion of a section is that of its cues")
  func emotionOfCues() {
    for song in 0..<10 {
      for section in SongComposer(seed: 2).compose(song).sections {
        #expect(section.emotion == AffectModel.perceived(section.cues))
      }
    }
  }

  @Test("Cues act in the direction that the studies found")
  func directions() {
    func shift(_ change: (inout AffectCues) -> Void) -> (valence: Double, arousal: Double) {
      var low = AffectCues()
      change(&low)
      let base = AffectModel.perceived(AffectCues())
      let moved = AffectModel.perceived(low)
      return (moved.valence - base.valence, moved.arousal - base.arousal)
    }
    #expect(shift { $0.mode = 1 }.valence > shift { $0.tempo = 1 }.valence)
    #expect(shift { $0.mode = 1 }.arousal == 0)
    #expect(shift { $0.tempo = 1 }.arousal > 0 && shift { $0.tempo = 1 }.valence > 0)
    #expect(shift { $0.loudness = 1 }.arousal > shift { $0.register = 1 }.arousal)
    #expect(shift { $0.dissonance = 1 }.valence < 0)
    #expect(shift { $0.articulation = 1 }.arousal > 0)
    // Loud and fast in minor is not as happy as in major by more than the sum.
    let major = AffectModel.perceived(AffectCues(mode: 0.9, tempo: 1, loudness: 1))
    let minor = AffectModel.perceived(AffectCues(mode: -0.9, tempo: 1, loudness: 1))
    let calmMajor = AffectModel.perceived(AffectCues(mode: 0.9))
    let calmMinor = AffectModel.perceived(AffectCues(mode: -0.9))
    #expect(major.valence - minor.valence > calmMajor.valence - calmMinor.valence)
  }

  @Test("Genres have the report's shares, and artists several songs each")
  func genresAndArtists() {
    let composer = SongComposer(seed: 4)
    let artists = (0..<1200).map { composer.artist(ofSong: $0) }
    for genre in MusicalGenre.allCases {
      let share = Double(artists.count { $0.genre == genre }) / 1200
      // 200 artists in strata of ten: the share of a genre strays by some percent at most.
      #expect(abs(share - genre.share) < 0.06, "\(genre) \(share)")
    }
    let perArtist = Dictionary(grouping: artists, by: \.index).mapValues(\.count)
    #expect(perArtist.values.allSatisfy { $0 == 6 })
    // The first ten songs have every genre's stratum.
    #expect(Set(artists.prefix(10).map(\.index)).count == 10)
  }

  @Test("Another seed is another song; the same seed is the same")
  func seeds() {
    #expect(SongComposer(seed: 1).compose(3) == SongComposer(seed: 1).compose(3))
    #expect(SongComposer(seed: 1).compose(3) != SongComposer(seed: 2).compose(3))
    #expect(SongComposer(seed: 1).compose(3) != SongComposer(seed: 1).compose(4))
    #expect(SongComposer(seed: 1).title(ofSong: 3) == SongComposer(seed: 1).title(ofSong: 3))
  }
}
