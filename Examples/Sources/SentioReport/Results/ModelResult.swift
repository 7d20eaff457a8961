/// An estimate with its confidence interval.
public struct Interval: Codable, Sendable {
  /// The estimate on the whole test set.
  public var estimate: Double
  /// The lower limit.
  public var lower: Double
  /// The upper limit.
  public var upper: Double

  /// Creates an interval.
  public init(estimate: Double, lower: Double, upper: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
  }
}

/// One dimension's metrics of one model.
public struct DimensionResult: Codable, Sendable {
  /// Concordance correlation coefficient.
  public var ccc: Interval
  /// Coefficient of determination.
  public var r2: Interval
  /// Pearson's correlation.
  public var pearson: Interval
  /// Mean squared error, on the report's scale squared.
  public var mse: Interval
  /// Mean absolute error, on the report's scale.
  public var mae: Interval
  /// Slope of the prediction on the truth: below 1, extremes are drawn towards the middle.
  public var slope: Double

  /// Creates a result.
  public init(
    ccc: Interval, r2: Interval, pearson: Interval, mse: Interval, mae: Interval, slope: Double
  ) {
    self.ccc = ccc
    self.r2 = r2
    self.pearson = pearson
    self.mse = mse
    self.mae = mae
    self.slope = slope
  }
}

/// One model's outcome on the test songs.
public struct ModelResult: Codable, Sendable {
  /// The name on the command line, such as `"ridge"`.
  public var name: String
  /// The name in tables, such as `"Ridge Regression"`.
  public var title: String
  /// The settings that the search chose.
  public var settings: [NamedValue]
  /// Cross-validated mean R² of the chosen settings on the training songs.
  public var crossValidatedR2: Double?
  /// Number of learned numbers (coefficients, support vectors' weights, tree leaves and splits).
  public var parameterCount: Int
  /// Seconds of the search over settings.
  public var searchSeconds: Double
  /// Seconds of the final fit.
  public var fitSeconds: Double
  /// Seconds of predicting one song from its features.
  public var predictSecondsPerSong: Double
  /// Valence's metrics.
  public var valence: DimensionResult
  /// Arousal's metrics.
  public var arousal: DimensionResult
  /// The mean CCC of both dimensions.
  public var meanCCC: Interval
  /// The predictions of the test songs: valence and arousal, in the order of the truth.
  public var predictions: [[Double]]
  /// Errors in each quadrant of the plane.
  public var quadrants: [GroupResult]
  /// Errors in each genre, where genres are known.
  public var genres: [GroupResult]
  /// What the original report claims.
  public var claimed: ClaimedResult?
  /// Seconds of all training that the model needed, its GAN or teacher included; `nil` where that is
  /// the search and the fit.
  public var trainingSeconds: Double?
  /// The most memory that the process held while training it, in bytes.
  public var peakMemory: Int?
  /// Bytes of its file.
  public var fileSize: Int?
  /// Real songs that it was fitted to; `nil` where those are the corpus's training and validation songs.
  public var realExamples: Int?
  /// Synthetic spectrograms that it was fitted to as well.
  public var syntheticExamples: Int?
  /// Epochs that were run.
  public var epochs: Int?
  /// The epoch whose weights were kept, from 1.
  public var bestEpoch: Int?
  /// Mean CCC on the training songs.
  public var trainingCCC: Double?
  /// Mean CCC on the validation songs.
  public var validationCCC: Double?
  /// The precision of its arithmetic, such as `"float32"`.
  public var precision: String?

  /// Creates a result; what concerns networks alone is set afterwards.
  public init(
    name: String, title: String, settings: [NamedValue], crossValidatedR2: Double?,
    parameterCount: Int, searchSeconds: Double, fitSeconds: Double,
    predictSecondsPerSong: Double, valence: DimensionResult, arousal: DimensionResult,
    meanCCC: Interval, predictions: [[Double]], quadrants: [GroupResult],
    genres: [GroupResult], claimed: ClaimedResult?
  ) {
    self.name = name
    self.title = title
    self.settings = settings
    self.crossValidatedR2 = crossValidatedR2
    self.parameterCount = parameterCount
    self.searchSeconds = searchSeconds
    self.fitSeconds = fitSeconds
    self.predictSecondsPerSong = predictSecondsPerSong
    self.valence = valence
    self.arousal = arousal
    self.meanCCC = meanCCC
    self.predictions = predictions
    self.quadrants = quadrants
    self.genres = genres
    self.claimed = claimed
  }
}

/// Errors within a group of test songs.
public struct GroupResult: Codable, Sendable {
  /// The group's name, such as `"happy"` or `"Jazz/Blues"`.
  public var name: String
  /// How many test songs it holds.
  public var count: Int
  /// Mean absolute error of valence.
  public var valenceMAE: Double
  /// Mean absolute error of arousal.
  public var arousalMAE: Double
  /// CCC of valence; `nil` where the group is too small to have one.
  public var valenceCCC: Double?
  /// CCC of arousal; `nil` where the group is too small to have one.
  public var arousalCCC: Double?
  /// Their 95 % intervals over the group's songs; `nil` where it is too small to have some.
  public var intervals: GroupIntervals?

  /// Creates a result.
  public init(
    name: String, count: Int, valenceMAE: Double, arousalMAE: Double, valenceCCC: Double?,
    arousalCCC: Double?, intervals: GroupIntervals? = nil
  ) {
    self.name = name
    self.count = count
    self.valenceMAE = valenceMAE
    self.arousalMAE = arousalMAE
    self.valenceCCC = valenceCCC
    self.arousalCCC = arousalCCC
    self.intervals = intervals
  }
}

/// What something that learned nothing reaches on the test songs.
public struct BaselineResult: Codable, Sendable {
  /// Its name, such as `"mean of the training songs"`.
  public var name: String
  /// CCC of valence.
  public var valenceCCC: Double
  /// CCC of arousal.
  public var arousalCCC: Double
  /// R² of valence.
  public var valenceR2: Double
  /// R² of arousal.
  public var arousalR2: Double
  /// Mean squared error over both dimensions.
  public var mse: Double

  /// Creates a result.
  public init(
    name: String, valenceCCC: Double, arousalCCC: Double, valenceR2: Double, arousalR2: Double,
    mse: Double
  ) {
    self.name = name
    self.valenceCCC = valenceCCC
    self.arousalCCC = arousalCCC
    self.valenceR2 = valenceR2
    self.arousalR2 = arousalR2
    self.mse = mse
  }
}

/// The intervals of a group's figures, from resamples of its own songs.
public struct GroupIntervals: Codable, Sendable {
  /// Of the mean absolute error of valence.
  public var valenceMAE: Interval
  /// Of the mean absolute error of arousal.
  public var arousalMAE: Interval
  /// Of the CCC of valence.
  public var valenceCCC: Interval
  /// Of the CCC of arousal.
  public var arousalCCC: Interval

  /// Creates intervals.
  public init(
    valenceMAE: Interval, arousalMAE: Interval, valenceCCC: Interval, arousalCCC: Interval
  ) {
    self.valenceMAE = valenceMAE
    self.arousalMAE = arousalMAE
    self.valenceCCC = valenceCCC
    self.arousalCCC = arousalCCC
  }
}
