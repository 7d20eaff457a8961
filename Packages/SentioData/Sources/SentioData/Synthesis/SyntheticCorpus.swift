/// A corpus of composed songs with the ratings of invented listeners, in DEAM's layout.
///
/// Stands in for DEAM where that can't be had: the music is rendered from a score, the labels follow
/// from the cues that the score realises (``AffectModel``), and ten raters a song disagree about them as
/// people do. Song `k` of a seed is the same whatever the number of songs, so a corpus can grow.
///
/// ```swift
/// try SyntheticCorpus(songs: 200, seed: 1).write(to: folder)
/// let corpus = try Corpus.open(folder)
/// ```
public struct SyntheticCorpus: Sendable {
  /// Numbers of songs that a corpus may have.
  public static let songRange = 1...100_000
  /// Lengths that a song may have, in seconds: room for a rating after DEAM's first 15, and an end.
  public static let durationRange = 20.0...600.0
  /// Name of the file that marks a folder as synthetic and records its settings.
  public static let markerName = "SYNTHETIC.json"
  /// Id of the first song: above all of DEAM's, so that nothing that is done to those ids (such as
  /// the exchange of 2013's labels) applies.
  public static let firstID = 10_001

  /// Number of songs.
  public let songCount: Int
  /// Seed of everything random.
  public let seed: UInt64
  /// Length of a song in seconds.
  public let duration: Double
  /// Bits a second of the MP3 files.
  public let bitRate: Int

  /// Creates the description of a corpus; nothing is composed yet.
  ///
  /// - Parameters:
  ///   - songs: number of songs, within ``songRange``.
  ///   - seed: another seed is another corpus.
  ///   - duration: length of a song in seconds, within ``durationRange``; DEAM's excerpts have 45 s.
  ///   - bitRate: bits a second of the MP3 files; DEAM's have 64,000.
  public init(songs: Int, seed: UInt64, duration: Double = 45, bitRate: Int = 64_000) {
    precondition(Self.songRange.contains(songs), "\(songs) songs are not in \(Self.songRange)")
    precondition(
      Self.durationRange.contains(duration),
      "duration \(duration) s is not in \(Self.durationRange)")
    songCount = songs
    self.seed = seed
    self.duration = duration
    self.bitRate = bitRate
  }

  /// Composer of the songs.
  public var composer: SongComposer { SongComposer(seed: seed, duration: duration) }

  /// A song with its ratings.
  public struct Song: Sendable {
    /// Id in the files.
    public let id: Int
    /// Invented title.
    public let title: String
    /// Invented artist.
    public let artist: ArtistProfile
    /// The music.
    public let score: Score
    /// What an average listener perceives over the whole song, before any rater's noise.
    public let perceived: PerceivedEmotion
    /// The raters' opinions.
    let opinions: [RaterPanel.Opinion]
  }

  /// Composes a song and has it rated; the audio is rendered from ``Song/score``.
  ///
  /// - Parameter index: number of the song, 0 up to ``songCount``.
  /// - Returns: the same song on every call.
  public func song(_ index: Int) -> Song {
    precondition((0..<songCount).contains(index), "song \(index) of \(songCount)")
    let score = composer.compose(index)
    let trace = EmotionTrace(score)
    return Song(
      id: Self.firstID + index, title: composer.title(ofSong: index),
      artist: composer.artist(ofSong: index), score: score, perceived: trace.overall,
      opinions: RaterPanel(seed: seed).opinions(ofSong: index, trace: trace, duration: duration))
  }
}
