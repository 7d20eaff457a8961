/// The distribution of one dimension's labels.
public struct LabelStatistics: Codable, Sendable {
  /// `"valence"` or `"arousal"`.
  public var dimension: String
  /// Mean, on the report's scale.
  public var mean: Double
  /// Standard deviation.
  public var deviation: Double
  /// The smallest label.
  public var minimum: Double
  /// The largest label.
  public var maximum: Double
  /// Skewness, from population moments.
  public var skewness: Double

  /// Creates a record.
  public init(
    dimension: String, mean: Double, deviation: Double, minimum: Double, maximum: Double,
    skewness: Double
  ) {
    self.dimension = dimension
    self.mean = mean
    self.deviation = deviation
    self.minimum = minimum
    self.maximum = maximum
    self.skewness = skewness
  }
}

/// One genre's songs.
public struct GenreShare: Codable, Sendable {
  /// The genre.
  public var genre: String
  /// How many songs it has.
  public var count: Int

  /// Creates a share.
  public init(genre: String, count: Int) {
    self.genre = genre
    self.count = count
  }
}

/// A check of the data with what it found.
public struct DataCheck: Codable, Sendable {
  /// What was checked, such as `"no value is NaN"`.
  public var check: String
  /// What was found, such as `"0 of 51,200,000"`.
  public var found: String
  /// Whether the check passed.
  public var passed: Bool

  /// Creates a check.
  public init(check: String, found: String, passed: Bool) {
    self.check = check
    self.found = found
    self.passed = passed
  }
}

/// What is known of a corpus and its split, beside ``CorpusSummary``.
public struct CorpusFacts: Codable, Sendable {
  /// Both dimensions' labels.
  public var labels: [LabelStatistics]
  /// The genres, largest first.
  public var genres: [GenreShare]
  /// Artists, where they are known.
  public var artists: Int?
  /// Artists with songs in more than one part of the split.
  public var sharedArtists: Int?
  /// p of the Kolmogorov-Smirnov test of training against test labels, valence.
  public var valenceSplitP: Double?
  /// The same of arousal.
  public var arousalSplitP: Double?
  /// Seconds of audio a song.
  public var secondsPerSong: Double?
  /// What was checked before training.
  public var checks: [DataCheck]

  /// Creates the facts.
  public init(
    labels: [LabelStatistics] = [], genres: [GenreShare] = [], artists: Int? = nil,
    sharedArtists: Int? = nil, valenceSplitP: Double? = nil, arousalSplitP: Double? = nil,
    secondsPerSong: Double? = nil, checks: [DataCheck] = []
  ) {
    self.labels = labels
    self.genres = genres
    self.artists = artists
    self.sharedArtists = sharedArtists
    self.valenceSplitP = valenceSplitP
    self.arousalSplitP = arousalSplitP
    self.secondsPerSong = secondsPerSong
    self.checks = checks
  }
}
