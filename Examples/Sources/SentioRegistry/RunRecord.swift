import Foundation

/// A finished training as it is handed to the registry.
///
/// ```swift
/// var record = RunRecord(model: "vit", architecture: "base", command: "sentio run --preset demo")
/// record.metrics = [.init(name: "ccc", dimension: .mean, part: .test, value: 0.74, count: 174)]
/// record.predictions = songs
/// record.artifacts = [.init(role: "model", file: folder.appending(path: "vit.sentio"))]
/// let run = try Registry.open().add(record)   // run.version == "vit-base-v1.0-ccc0.740"
/// ```
public struct RunRecord: Sendable {
  /// The model's type in its version's name, such as `"vit"`: letters, digits and `_`.
  public var model: String
  /// The architecture in its version's name, such as `"base"` or `"student"`.
  public var architecture: String
  /// The command that made it.
  public var command: String
  /// Remarks, such as `"no augmentation"`.
  public var notes: String
  /// When the training began.
  public var created: Date
  /// Seconds that it took.
  public var seconds: Double?
  /// The corpus's name.
  public var corpus: String?
  /// The split file's hash.
  public var splitHash: String?
  /// The seed.
  public var seed: UInt64?
  /// Settings, by name.
  public var settings: [String: String]
  /// What was measured.
  public var metrics: [RunMetric]
  /// What was logged each epoch.
  public var curve: [CurveValue]
  /// The test songs with their labels and predictions, on ``scale``.
  public var predictions: [StoredPrediction]
  /// The ends of the scale of the predictions, such as 1 and 9.
  public var scale: ClosedRange<Double>
  /// The files that belong to the run; they are hashed where they lie and not copied.
  public var artifacts: [RunArtifact]
  /// The training songs' features, for the drift check; of many songs a part is kept.
  public var trainingFeatures: FeatureSample?

  /// Creates a record; what is not named is added through the properties.
  public init(
    model: String, architecture: String, command: String, notes: String = "",
    created: Date = Date(), scale: ClosedRange<Double> = 1...9
  ) {
    self.model = model
    self.architecture = architecture
    self.command = command
    self.notes = notes
    self.created = created
    self.scale = scale
    settings = [:]
    metrics = []
    curve = []
    predictions = []
    artifacts = []
  }
}

/// One measured figure.
public struct RunMetric: Codable, Hashable, Sendable {
  /// The songs that it was measured on.
  public enum Part: String, Codable, Hashable, Sendable, CaseIterable {
    /// Songs that were learned from.
    case training
    /// Songs that settings were chosen on.
    case validation
    /// Songs that neither training nor choice has seen.
    case test
  }

  /// What it was measured of.
  public enum Dimension: String, Codable, Hashable, Sendable, CaseIterable {
    /// Valence.
    case valence
    /// Arousal.
    case arousal
    /// The mean of both, or a figure that has no dimension, such as seconds.
    case mean
  }

  /// The metric's key, such as `"ccc"`, `"r2"`, `"mse"`, `"mae"`.
  public var name: String
  /// The dimension.
  public var dimension: Dimension
  /// The songs.
  public var part: Part
  /// The estimate.
  public var value: Double
  /// The 95 % interval's lower end.
  public var lower: Double?
  /// The 95 % interval's upper end.
  public var upper: Double?
  /// How many songs it was measured on.
  public var count: Int?

  /// Creates a figure.
  public init(
    name: String, dimension: Dimension, part: Part, value: Double, lower: Double? = nil,
    upper: Double? = nil, count: Int? = nil
  ) {
    self.name = name
    self.dimension = dimension
    self.part = part
    self.value = value
    self.lower = lower
    self.upper = upper
    self.count = count
  }
}

/// One value that was logged at an epoch's end.
public struct CurveValue: Codable, Hashable, Sendable {
  /// The series, such as `"train_loss"` or `"val_ccc_avg"`.
  public var series: String
  /// The epoch, from 1.
  public var epoch: Int
  /// The value.
  public var value: Double

  /// Creates a value.
  public init(series: String, epoch: Int, value: Double) {
    self.series = series
    self.epoch = epoch
    self.value = value
  }
}

/// A test song's label and prediction.
public struct StoredPrediction: Codable, Hashable, Sendable {
  /// The song's id in its corpus.
  public var song: String
  /// Predicted valence.
  public var valence: Double
  /// Predicted arousal.
  public var arousal: Double
  /// The label's valence.
  public var labelledValence: Double
  /// The label's arousal.
  public var labelledArousal: Double

  /// Creates a pair of label and prediction.
  public init(
    song: String, valence: Double, arousal: Double, labelledValence: Double,
    labelledArousal: Double
  ) {
    self.song = song
    self.valence = valence
    self.arousal = arousal
    self.labelledValence = labelledValence
    self.labelledArousal = labelledArousal
  }
}

/// A file that belongs to a run.
public struct RunArtifact: Hashable, Sendable {
  /// What it is, such as `"model"`, `"report"`, `"onnx"`.
  public var role: String
  /// Where it lies.
  public var file: URL

  /// Names a file.
  public init(role: String, file: URL) {
    self.role = role
    self.file = file
  }
}

/// The features of songs.
public struct FeatureSample: Sendable {
  /// The columns' names.
  public var columns: [String]
  /// `[songs, columns]`, row-major.
  public var rows: [Double]

  /// Collects a sample.
  public init(columns: [String], rows: [Double]) {
    self.columns = columns
    self.rows = rows
  }

  /// How many songs there are.
  public var songCount: Int { columns.isEmpty ? 0 : rows.count / columns.count }
}
