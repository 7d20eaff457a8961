import SentioNN

/// What adversarial training tells while it runs.
public enum AdversarialEvent: Sendable {
  /// The training goes on where an earlier process left it.
  case resumed(TrainingPlace)
  /// A batch was worked on; the loss is the discriminator's mean in the epoch.
  case progress(TrainingProgress)
  /// An epoch is over.
  case epoch(AdversarialEpoch)
}

/// What an epoch came to: a line of the log.
public struct AdversarialEpoch: Sendable, Hashable, Codable {
  /// The epoch, from 1.
  public let epoch: Int
  /// Updates of the generator since the first epoch.
  public let step: Int
  /// The discriminator's mean loss, each batch before its update; about 0.69 at chance.
  public let discriminatorLoss: Double
  /// The generator's mean loss, each update before it is made; 0.69 at chance.
  public let generatorLoss: Double
  /// The share of real and synthetic clips that the discriminator judged right, before each update.
  public let discriminatorAccuracy: Double
  /// The share of batches with an update of the discriminator; 1 without a ceiling of its accuracy.
  public let discriminatorUpdates: Double
  /// The mean norm of the discriminator's gradients before clipping.
  public let discriminatorGradientNorm: Double
  /// The mean norm of the generator's gradients before clipping.
  public let generatorGradientNorm: Double
  /// The deviation of the noise on pictures at the epoch's end.
  public let noise: Double
  /// How near synthetic clips are to the reference.
  public let quality: QualityScore
  /// The score from 0 to 100.
  public let qualityScore: Double
  /// Whether a judge found the emotions that were asked for; nil where there was none.
  public let consistency: LabelConsistency?
  /// Whether this is the best epoch so far, by its ``score``.
  public let isBest: Bool
  /// Seconds that the epoch took.
  public let seconds: Double
  /// Real clips that were trained on in a second.
  public let clipsPerSecond: Double

  /// What decides which epoch is the best: the quality, times the ``LabelConsistency/weight`` where there is a judge.
  public var score: Double { qualityScore * (consistency?.weight ?? 1) }

  /// Whether the accuracy is in the report's band of 70 to 80 %.
  public var isBalanced: Bool { (0.7...0.8).contains(discriminatorAccuracy) }
}

/// Why adversarial training ended.
public enum AdversarialEnd: String, Sendable, Hashable, Codable {
  /// All epochs are done.
  case finished
  /// One of the networks has won, by the ``CollapseRule``.
  case collapsed
  /// It was asked to stop; where there is a folder, the checkpoint there goes on with the next batch.
  case cancelled
}

/// What adversarial training came to.
public struct AdversarialOutcome: Sendable {
  /// The networks after the last update.
  public let last: AdversarialNetworks
  /// The networks after the epoch of the highest ``AdversarialEpoch/score``.
  public let best: AdversarialNetworks
  /// That epoch, from 1; nil before the first epoch's end.
  public let bestEpoch: Int?
  /// What the epochs came to.
  public let history: [AdversarialEpoch]
  /// Why training ended.
  public let end: AdversarialEnd
}
