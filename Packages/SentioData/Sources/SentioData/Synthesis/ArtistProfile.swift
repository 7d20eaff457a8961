/// An invented artist: a genre, habits of sound and mastering that have nothing to do with emotion.
///
/// Several songs share an artist, so that a split which ignores artists leaks, as on real corpora.
public struct ArtistProfile: Sendable, Equatable {
  /// Number of the artist in the corpus, from 0.
  public var index: Int
  /// Invented name.
  public var name: String
  /// What the artist plays.
  public var genre: MusicalGenre
  /// Level the artist's records are mastered to, dB beside the genre's usual one.
  public var masteringOffset: Double
  /// Spectral tilt of the artist's records, -0.4 to 0.8.
  public var tilt: Double
  /// Feedback of the reverberation, 0.6 to 0.88.
  public var room: Double
  /// Gain into overdriven amplifiers.
  public var drive: Double
  /// Leaning of the artist's songs on the plane.
  public var temperament: PerceivedEmotion
  /// Instrument of the melody.
  public var melody: Patch
  /// Instrument of the chords.
  public var chords: Patch
  /// Instrument of the sustained background.
  public var sustained: Patch
  /// Instrument of the bass line.
  public var bass: Patch
  /// Shift of the melody's register in semitones.
  public var registerShift: Int

  /// Songs of one artist.
  static let songsPerArtist = 6
  /// Artists among whom the songs of one block choose.
  static let artistsPerBlock = 10

  /// The artist of a song.
  ///
  /// Songs come in blocks of 60 that share ten artists, and each round of ten songs has all of them in
  /// an order of its own: the first songs of a large corpus are the songs of a small one, and small
  /// corpora have every genre.
  static func ofSong(_ song: Int, seed: UInt64) -> ArtistProfile {
    let block = song / (songsPerArtist * artistsPerBlock)
    var random = CounterRandom(
      seed: seed, stream: .artist, index: song / artistsPerBlock, part: 1)
    var order = Array(0..<artistsPerBlock)
    for i in stride(from: artistsPerBlock - 1, to: 0, by: -1) {
      order.swapAt(i, random.below(i + 1))
    }
    return ArtistProfile(
      index: block * artistsPerBlock + order[song % artistsPerBlock], seed: seed)
  }

  init(index: Int, seed: UInt64) {
    var r = CounterRandom(seed: seed, stream: .artist, index: index)
    self.index = index
    // Ten artists stand in ten strata of the shares, which keeps small corpora near them.
    var place = r.uniform(0...0.1) + Double((index &* 7 &+ Int(seed % 10)) % 10) / 10
    var genre = MusicalGenre.other
    for candidate in MusicalGenre.allCases {
      if place < candidate.share {
        genre = candidate
        break
      }
      place -= candidate.share
    }
    self.genre = genre
    name = Self.invent(&r)
    masteringOffset = 2.8 * r.normal()
    tilt = min(max(0.15 + 0.22 * r.normal(), -0.4), 0.8)
    room = r.uniform(0.62...0.86)
    drive = r.uniform(2.5...9)
    temperament = PerceivedEmotion(valence: 0.25 * r.normal(), arousal: 0.25 * r.normal())
    registerShift = r.integer(-4...4)
    switch genre {
    case .popRock:
      melody = r.pick([.voice, .voice, .leadGuitar, .synthLead])
      chords = r.pick([.steelGuitar, .leadGuitar, .piano, .leadGuitar])
      sustained = r.pick([.organ, .strings, .pad])
      bass = .pluckedBass
    case .electronic:
      melody = r.pick([.synthLead, .bell, .synthLead, .voice])
      chords = r.pick([.synthLead, .electricPiano, .pad])
      sustained = .pad
      bass = .synthBass
    case .classical:
      melody = r.pick([.strings, .flute, .clarinet, .piano])
      chords = r.pick([.piano, .harp, .strings])
      sustained = r.pick([.strings, .brass])
      bass = .strings
    case .jazzBlues:
      melody = r.pick([.clarinet, .brass, .piano, .nylonGuitar])
      chords = r.pick([.piano, .electricPiano, .nylonGuitar])
      sustained = .organ
      bass = .pluckedBass
    case .other:
      melody = r.pick([.flute, .voice, .nylonGuitar, .bell])
      chords = r.pick([.nylonGuitar, .harp, .steelGuitar])
      sustained = r.pick([.pad, .strings])
      bass = .pluckedBass
    }
  }

  private static let syllables = [
    "ba", "cor", "del", "el", "fa", "gran", "ho", "il", "jo", "ka", "lum", "mar", "nor", "o", "pel",
    "qui", "ra", "sol", "ta", "u", "ver", "wy", "xa", "yo", "zen",
  ]

  /// An invented word or two, capitalised.
  static func invent(_ random: inout CounterRandom, words: ClosedRange<Int> = 1...2) -> String {
    (0..<random.integer(words)).map { _ in
      let word = (0..<random.integer(2...3)).map { _ in random.pick(syllables) }.joined()
      return word.prefix(1).uppercased() + word.dropFirst()
    }.joined(separator: " ")
  }
}
