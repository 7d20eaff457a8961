import SentioMetrics

/// The JSON part of a model file: everything that is not a long list of numbers.
///
/// It is decoded before any tensor is read, and every tensor's shape follows from it.
struct ModelConfiguration: Codable, Equatable {
  var outputs: [String]
  var columns: [String]
  var labelScale: EmotionScale?
  var members: [Member]
  /// The average's weights, `[K, M]`; absent for a single model.
  var weights: [Double]?
  var provenance: Provenance
  /// The front end's settings, as JSON text of whoever made the features.
  var frontEnd: String?

  /// One fitted pipeline.
  struct Member: Codable, Equatable {
    var settings: Pipeline.Settings
    /// The columns that the regression sees, by number.
    var selected: [Int]
    /// The kernel's width as it was resolved; support vector regression only.
    var gamma: Double?
    /// How many support vectors there are; support vector regression only.
    var supportVectorCount: Int?
    /// One an output; boosted trees only.
    var ensembles: [Ensemble]?
  }

  /// The sizes of one output's trees.
  struct Ensemble: Codable, Equatable {
    var base: Float
    var treeCount: Int
    var nodeCount: Int
  }
}

/// Where a model comes from: what a reader needs to judge it and to fit it again.
public struct Provenance: Hashable, Sendable, Codable {
  /// The corpus, such as `DEAM (labels corrected for 2013)`.
  public var corpus: String
  /// How many rows the model was fitted to.
  public var rowCount: Int
  /// The seed of folds, holdouts and subsets.
  public var seed: UInt64
  /// Scores from cross-validation or a test set, by name, such as `cv.r2.valence`.
  public var scores: [String: Double]
  /// Anything else, such as versions of tools or the hash of a split, by name.
  public var notes: [String: String]

  /// Creates a record.
  public init(
    corpus: String = "", rowCount: Int = 0, seed: UInt64 = 0, scores: [String: Double] = [:],
    notes: [String: String] = [:]
  ) {
    self.corpus = corpus
    self.rowCount = rowCount
    self.seed = seed
    self.scores = scores
    self.notes = notes
  }
}

/// A model file that cannot be trusted or understood.
public struct ModelFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The part of the file: a key of the header, or a tensor.
  public let part: String
  /// What a sound file has there.
  public let expected: String
  /// What was found.
  public let found: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - part: the part of the file.
  ///   - expected: what a sound file has there.
  ///   - found: what was found.
  public init(path: String, part: String, expected: String, found: String) {
    (self.path, self.part, self.expected, self.found) = (path, part, expected, found)
  }

  /// One sentence with all of it.
  public var description: String {
    "\(path): \(part): expected \(expected), found \(found)"
  }
}
