/// Every number of one run of the main job: what `report.json` holds and `report.html` draws.
///
/// All values of valence and arousal are on ``scale``, errors included, unless a name says
/// otherwise.
public struct RunReport: Codable, Sendable {
  /// When the run began, in ISO 8601.
  public var created: String
  /// What was learned from and tested on.
  public var corpus: CorpusSummary
  /// The scale of labels, predictions and errors.
  public var scale: ScaleSummary
  /// The test songs' labels, in the order of every model's predictions.
  public var truth: [LabelledSong]
  /// One entry a model, in the report's order.
  public var models: [ModelResult]
  /// What a model that learned nothing would reach, for comparison.
  public var baselines: [BaselineResult]
  /// Paired tests of every two models on the same songs.
  public var comparisons: [PairedComparison]
  /// The shares of the boosted trees' total gain, largest first.
  public var importance: [FeatureImportance]
  /// Seconds of each stage of the run.
  public var timings: [StageTiming]
  /// One song's mel spectrogram.
  public var spectrogram: SpectrogramImage?
  /// Predictions for songs that no one labelled or that the models never saw.
  public var newSongs: [NewSongPrediction]
  /// The ways of the first few of them through the plane.
  public var newSongPaths: [EmotionPath]
  /// The machine and library versions.
  public var environment: [NamedValue]
  /// Remarks that a reader must see, such as which table is on synthetic songs.
  public var notes: [String]
  /// The size of what was run: `"smoke"`, `"demo"` or `"paper"`; `nil` for the classical models alone.
  public var preset: String?
  /// Label statistics, genres and checks of the data.
  public var facts: CorpusFacts?
  /// One entry a trained network.
  public var curves: [LearningCurve]
  /// The conditional GAN's training.
  public var adversarial: AdversarialTraining?
  /// The synthetic spectrograms that training used.
  public var synthetic: SyntheticSpectrograms?
  /// What was answered by leaving parts out.
  public var ablations: [Ablation]
  /// The teacher, the student and the quantized student.
  public var deployment: Deployment?
  /// Learned numbers of the networks as counted and as claimed.
  public var parameterCounts: [ParameterCount]
  /// How much each model draws extremes towards the middle.
  public var conservatism: [ConservatismResult]
  /// How well models follow dynamic labels.
  public var dynamics: [DynamicResult]
  /// Songs' ways through the plane.
  public var paths: [EmotionPath]
  /// Attention over spectrograms.
  public var attention: [SpectrogramRelevance]
  /// Predictions with parts of a spectrogram covered.
  public var occlusion: [OcclusionMap]
  /// Permutation importance, SHAP and their like.
  public var featureEffects: [FeatureEffects]

  /// Creates an empty report.
  public init(created: String, corpus: CorpusSummary, scale: ScaleSummary) {
    self.created = created
    self.corpus = corpus
    self.scale = scale
    truth = []
    models = []
    baselines = []
    comparisons = []
    importance = []
    timings = []
    spectrogram = nil
    newSongs = []
    newSongPaths = []
    environment = []
    notes = []
    preset = nil
    facts = nil
    curves = []
    adversarial = nil
    synthetic = nil
    ablations = []
    deployment = nil
    parameterCounts = []
    conservatism = []
    dynamics = []
    paths = []
    attention = []
    occlusion = []
    featureEffects = []
  }
}

/// A name and a value that is printed beside it.
public struct NamedValue: Codable, Sendable {
  /// What the value is.
  public var name: String
  /// The value, as text.
  public var value: String

  /// Creates a pair.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The corpus of a run, as the report describes it.
public struct CorpusSummary: Codable, Sendable {
  /// Its name, such as `"synthetic (seed 1)"`.
  public var name: String
  /// How many songs were usable.
  public var songs: Int
  /// Songs in the training part.
  public var training: Int
  /// Songs in the validation part.
  public var validation: Int
  /// Songs in the test part.
  public var test: Int
  /// How the split was made, such as `"stratified 5×5, grouped by artist, seed 1"`.
  public var split: String
  /// The split file's hash.
  public var splitHash: String
  /// The feature set's name.
  public var featureSet: String
  /// How many features it has.
  public var featureCount: Int
  /// Which labels were used: `"published"`, `"corrected for 2013"` or `"as given"`.
  public var labels: String
  /// Whether the songs were composed by a program.
  public var synthetic: Bool

  /// Creates a summary.
  public init(
    name: String, songs: Int, training: Int, validation: Int, test: Int, split: String,
    splitHash: String, featureSet: String, featureCount: Int, labels: String, synthetic: Bool
  ) {
    self.name = name
    self.songs = songs
    self.training = training
    self.validation = validation
    self.test = test
    self.split = split
    self.splitHash = splitHash
    self.featureSet = featureSet
    self.featureCount = featureCount
    self.labels = labels
    self.synthetic = synthetic
  }
}

/// The end points of the scale of a report.
public struct ScaleSummary: Codable, Sendable {
  /// The smallest value.
  public var lower: Double
  /// The largest value.
  public var upper: Double

  /// Creates a scale.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

/// A test song with its label.
public struct LabelledSong: Codable, Sendable {
  /// The song's identifier in its corpus.
  public var id: String
  /// The label's valence.
  public var valence: Double
  /// The label's arousal.
  public var arousal: Double
  /// The genre, where the corpus names one.
  public var genre: String?
  /// The title, where the corpus names one.
  public var title: String?
  /// The artist, where the corpus names one.
  public var artist: String?

  /// Creates a labelled song.
  public init(
    id: String, valence: Double, arousal: Double, genre: String?, title: String? = nil,
    artist: String? = nil
  ) {
    self.id = id
    self.valence = valence
    self.arousal = arousal
    self.genre = genre
    self.title = title
    self.artist = artist
  }
}

/// A paired test of two models on the same songs.
public struct PairedComparison: Codable, Sendable {
  /// The first model's title.
  public var first: String
  /// The second model's title.
  public var second: String
  /// Mean CCC of the first less that of the second, with its paired bootstrap interval.
  public var cccDifference: Interval
  /// The permutation test's p-value of the difference, corrected by Holm's method.
  public var pHolm: Double
  /// McNemar's exact p-value over songs put into the right quadrant, corrected by Holm's method.
  public var mcNemarPHolm: Double
  /// The p-value that the original report claims for the pair, as it prints it.
  public var claimedP: String?

  /// Creates a comparison.
  public init(
    first: String, second: String, cccDifference: Interval, pHolm: Double, mcNemarPHolm: Double,
    claimedP: String?
  ) {
    self.first = first
    self.second = second
    self.cccDifference = cccDifference
    self.pHolm = pHolm
    self.mcNemarPHolm = mcNemarPHolm
    self.claimedP = claimedP
  }
}

/// A feature's share of the boosted trees' gain.
public struct FeatureImportance: Codable, Sendable {
  /// The feature's name.
  public var feature: String
  /// Its family in the original report: spectral, MFCC, temporal or chroma.
  public var family: String
  /// The share of the total gain, 0 to 1, of both outputs together.
  public var share: Double

  /// Creates an entry.
  public init(feature: String, family: String, share: Double) {
    self.feature = feature
    self.family = family
    self.share = share
  }
}

/// How long a stage of the run took.
public struct StageTiming: Codable, Sendable {
  /// The stage's name.
  public var stage: String
  /// Its seconds; of a stage that was kept, those of the run that made it.
  public var seconds: Double
  /// How many songs it worked on, where that has a meaning.
  public var songs: Int?
  /// The most memory that the process held during the stage, in bytes.
  public var peakMemory: Int?
  /// Whether an earlier run's output was taken because nothing had changed.
  public var wasKept: Bool

  /// Creates an entry.
  public init(
    stage: String, seconds: Double, songs: Int? = nil, peakMemory: Int? = nil,
    wasKept: Bool = false
  ) {
    self.stage = stage
    self.seconds = seconds
    self.songs = songs
    self.peakMemory = peakMemory
    self.wasKept = wasKept
  }
}

/// A prediction for a song without a label.
public struct NewSongPrediction: Codable, Sendable {
  /// The file's name.
  public var file: String
  /// The model's title.
  public var model: String
  /// Predicted valence.
  public var valence: Double
  /// Predicted arousal.
  public var arousal: Double
  /// The quadrant's name.
  public var quadrant: String
  /// Seconds from opening the file to the prediction.
  public var seconds: Double
  /// The label, where the song has one that the model never saw.
  public var truth: [Double]?

  /// Creates a prediction.
  public init(
    file: String, model: String, valence: Double, arousal: Double, quadrant: String,
    seconds: Double, truth: [Double]? = nil
  ) {
    self.file = file
    self.model = model
    self.valence = valence
    self.arousal = arousal
    self.quadrant = quadrant
    self.seconds = seconds
    self.truth = truth
  }
}
