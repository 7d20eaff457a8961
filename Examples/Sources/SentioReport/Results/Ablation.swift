/// One variant of an ablation on the test songs.
public struct AblationVariant: Codable, Sendable {
  /// The variant, such as `"head only"`.
  public var name: String
  /// Whether the others are compared with this one.
  public var isReference: Bool
  /// Mean CCC of both dimensions.
  public var ccc: Interval
  /// CCC of valence.
  public var valenceCCC: Interval?
  /// CCC of arousal.
  public var arousalCCC: Interval?
  /// Mean CCC less that of the reference, with its paired bootstrap interval.
  public var difference: Interval?
  /// The permutation test's p-value of the difference, corrected by Holm's method.
  public var pHolm: Double?
  /// CCC as a share of the teacher's, 1 for all of it; where a teacher is involved.
  public var retention: Interval?
  /// Examples that were learned from, synthetic ones included.
  public var trainingExamples: Int?
  /// The epoch whose weights were kept, from 1.
  public var bestEpoch: Int?
  /// Seconds of training.
  public var seconds: Double?
  /// Seeds that the figures are the mean of; the intervals of all figures above are over songs.
  public var seeds: Int
  /// The mean CCC of each seed; `nil` for one.
  public var scores: [Double]?
  /// Their mean, with Student's interval over seeds; `nil` for one.
  public var overSeeds: Interval?
  /// The mean over seeds of the CCC less that of the reference, with Student's interval; `nil` for one.
  public var differenceOverSeeds: Interval?
  /// The CCC that the original report claims.
  public var claimedCCC: Double?
  /// What else it claims, such as `"83.8 % retained, 20 min"`.
  public var claimedNote: String?

  /// Creates a variant.
  public init(
    name: String, isReference: Bool = false, ccc: Interval, valenceCCC: Interval? = nil,
    arousalCCC: Interval? = nil, difference: Interval? = nil, pHolm: Double? = nil,
    retention: Interval? = nil, trainingExamples: Int? = nil, bestEpoch: Int? = nil,
    seconds: Double? = nil, seeds: Int = 1, claimedCCC: Double? = nil, claimedNote: String? = nil
  ) {
    self.name = name
    self.isReference = isReference
    self.ccc = ccc
    self.valenceCCC = valenceCCC
    self.arousalCCC = arousalCCC
    self.difference = difference
    self.pHolm = pHolm
    self.retention = retention
    self.trainingExamples = trainingExamples
    self.bestEpoch = bestEpoch
    self.seconds = seconds
    self.seeds = seeds
    self.claimedCCC = claimedCCC
    self.claimedNote = claimedNote
  }
}

/// One question that was answered by leaving parts out.
public struct Ablation: Codable, Sendable {
  /// A short name for files and links: `"unfreezing"`, `"augmentation"`, `"distillation"`.
  public var name: String
  /// The heading, such as `"How the transformer is unfrozen"`.
  public var title: String
  /// The model's title.
  public var model: String
  /// What is held fixed between the variants, in a sentence.
  public var setting: String
  /// The variants, in the report's order.
  public var variants: [AblationVariant]

  /// Creates an ablation.
  public init(
    name: String, title: String, model: String, setting: String, variants: [AblationVariant]
  ) {
    self.name = name
    self.title = title
    self.model = model
    self.setting = setting
    self.variants = variants
  }
}
