/// Valence and arousal at one instant of a song.
public struct PathPoint: Codable, Sendable {
  /// Seconds from the song's start.
  public var time: Double
  /// Predicted valence.
  public var valence: Double
  /// Predicted arousal.
  public var arousal: Double
  /// The dynamic label's valence, where there is one for this instant.
  public var labelledValence: Double?
  /// The dynamic label's arousal.
  public var labelledArousal: Double?

  /// Creates a point.
  public init(
    time: Double, valence: Double, arousal: Double, labelledValence: Double? = nil,
    labelledArousal: Double? = nil
  ) {
    self.time = time
    self.valence = valence
    self.arousal = arousal
    self.labelledValence = labelledValence
    self.labelledArousal = labelledArousal
  }
}

/// One song's way through the plane.
public struct EmotionPath: Codable, Sendable {
  /// The song, such as `"“Title”, Artist"`.
  public var song: String
  /// The model's title.
  public var model: String
  /// How the points were made, such as `"sliding window of 3 s"`.
  public var method: String
  /// The points, in order of time.
  public var points: [PathPoint]

  /// Creates a path.
  public init(song: String, model: String, method: String, points: [PathPoint]) {
    self.song = song
    self.model = model
    self.method = method
    self.points = points
  }
}

/// How well a model follows the dynamic labels of the test songs.
public struct DynamicResult: Codable, Sendable {
  /// The model's title.
  public var model: String
  /// Test songs with dynamic labels.
  public var songs: Int
  /// Labelled instants of these songs.
  public var instants: Int
  /// CCC of valence over all instants, interval over songs.
  public var valenceCCC: Interval
  /// CCC of arousal over all instants, interval over songs.
  public var arousalCCC: Interval
  /// Mean over songs of the RMSE of valence.
  public var valenceRMSE: Double?
  /// Mean over songs of the RMSE of arousal.
  public var arousalRMSE: Double?

  /// Creates a result.
  public init(
    model: String, songs: Int, instants: Int, valenceCCC: Interval, arousalCCC: Interval,
    valenceRMSE: Double? = nil, arousalRMSE: Double? = nil
  ) {
    self.model = model
    self.songs = songs
    self.instants = instants
    self.valenceCCC = valenceCCC
    self.arousalCCC = arousalCCC
    self.valenceRMSE = valenceRMSE
    self.arousalRMSE = arousalRMSE
  }
}
