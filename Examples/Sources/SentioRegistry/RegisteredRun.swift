import Foundation

/// One run as the registry lists it.
public struct RunSummary: Codable, Hashable, Sendable {
  /// The number in this registry.
  public var id: Int64
  /// The version's name, such as `"vit-base-v1.0-ccc0.740"`.
  public var version: String
  /// The model's type, such as `"vit"`.
  public var model: String
  /// The architecture, such as `"base"`.
  public var architecture: String
  /// What the model is used for.
  public var status: ModelStatus
  /// When the training began.
  public var created: Date
  /// Seconds that it took.
  public var seconds: Double?
  /// The corpus's name.
  public var corpus: String?
  /// Mean CCC on the training songs.
  public var trainingCCC: Double?
  /// Mean CCC on the validation songs.
  public var validationCCC: Double?
  /// Mean CCC on the test songs.
  public var testCCC: Double?
  /// Bytes of the model's file.
  public var modelBytes: Int64?
  /// Remarks.
  public var notes: String
}

/// One run with all that was stored about it, its predictions and training features left out.
public struct RunDetails: Codable, Sendable {
  /// What the list shows.
  public var summary: RunSummary
  /// The command that made it.
  public var command: String
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
  /// The files, with their hashes.
  public var artifacts: [StoredArtifact]
  /// What was decided about the model, in order of time.
  public var decisions: [StatusDecision]
  /// How many test songs' predictions are stored.
  public var predictionCount: Int
  /// How many columns of training features are stored.
  public var trainingColumns: Int
}

/// A file as it was registered.
public struct StoredArtifact: Codable, Hashable, Sendable {
  /// What it is, such as `"model"`.
  public var role: String
  /// Where it lay; relative to the registry's folder where it lay below it.
  public var path: String
  /// Its size, of a folder that of all its files.
  public var bytes: Int64
  /// The SHA-256 of its content; of a folder that of its files' names and hashes.
  public var sha256: String
}
