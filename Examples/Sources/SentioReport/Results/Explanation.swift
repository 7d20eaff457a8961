/// How much each part of a spectrogram mattered to a network.
public struct SpectrogramRelevance: Codable, Sendable {
  /// The model's title.
  public var model: String
  /// What the values are, such as `"attention rollout"`.
  public var method: String
  /// The spectrogram that the network saw.
  public var image: SpectrogramImage
  /// Rows of the grid of values, the lowest frequencies first.
  public var rows: Int
  /// Columns of the grid, from the first second to the last.
  public var columns: Int
  /// `[rows, columns]`: relevance of each cell; any scale, none negative.
  public var values: [Double]
  /// What the network said of the song: valence and arousal.
  public var prediction: [Double]?
  /// The song's label: valence and arousal.
  public var label: [Double]?

  /// Creates a map.
  public init(
    model: String, method: String, image: SpectrogramImage, rows: Int, columns: Int,
    values: [Double], prediction: [Double]? = nil, label: [Double]? = nil
  ) {
    self.model = model
    self.method = method
    self.image = image
    self.rows = rows
    self.columns = columns
    self.values = values
    self.prediction = prediction
    self.label = label
  }
}

/// How a network's prediction moves when a part of the spectrogram is covered.
public struct OcclusionMap: Codable, Sendable {
  /// The model's title.
  public var model: String
  /// The spectrogram that the network saw.
  public var image: SpectrogramImage
  /// Rows of the grid of values, the lowest frequencies first.
  public var rows: Int
  /// Columns of the grid, from the first second to the last.
  public var columns: Int
  /// `[rows, columns]`: predicted valence with the cell covered, less that of the whole.
  public var valence: [Double]
  /// The same of arousal.
  public var arousal: [Double]
  /// What covers a cell, such as `"the song's mean level"`.
  public var cover: String

  /// Creates a map.
  public init(
    model: String, image: SpectrogramImage, rows: Int, columns: Int, valence: [Double],
    arousal: [Double], cover: String
  ) {
    self.model = model
    self.image = image
    self.rows = rows
    self.columns = columns
    self.valence = valence
    self.arousal = arousal
    self.cover = cover
  }
}

/// What one feature did for a model's predictions.
public struct FeatureEffect: Codable, Sendable {
  /// The feature's name.
  public var feature: String
  /// Its family in the original report: spectral, MFCC, temporal or chroma.
  public var family: String
  /// The effect on valence, in the unit of the ``FeatureEffects``, with its interval over songs.
  public var valence: Interval
  /// The effect on arousal.
  public var arousal: Interval

  /// Creates an entry.
  public init(
    feature: String, family: String, valence: Interval, arousal: Interval
  ) {
    self.feature = feature
    self.family = family
    self.valence = valence
    self.arousal = arousal
  }
}

/// The effects of all features by one method, largest first.
public struct FeatureEffects: Codable, Sendable {
  /// The method, such as `"Permutation importance"` or `"SHAP"`.
  public var method: String
  /// The model's title.
  public var model: String
  /// What an effect is, such as `"loss of R² when the feature is shuffled"`.
  public var unit: String
  /// The entries, largest first.
  public var features: [FeatureEffect]
  /// The songs that they were measured on.
  public var songs: Int

  /// Creates the effects.
  public init(
    method: String, model: String, unit: String, features: [FeatureEffect], songs: Int
  ) {
    self.method = method
    self.model = model
    self.unit = unit
    self.features = features
    self.songs = songs
  }
}
