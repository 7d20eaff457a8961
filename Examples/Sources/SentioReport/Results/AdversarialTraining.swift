/// What one epoch of the conditional GAN came to.
public struct AdversarialEpoch: Codable, Sendable {
  /// The epoch, from 1.
  public var epoch: Int
  /// The generator's mean loss.
  public var generatorLoss: Double
  /// The discriminator's mean loss.
  public var discriminatorLoss: Double
  /// Share of spectrograms that the discriminator told right, 0 to 1.
  public var discriminatorAccuracy: Double
  /// The quality score, 0 to 100.
  public var quality: Double?
  /// Seconds that the epoch took.
  public var seconds: Double?
  /// Correlation of the valence that was asked for with the one that a judge found; `nil` without a judge.
  public var valenceConsistency: Double?
  /// The same of arousal.
  public var arousalConsistency: Double?

  /// Creates a record.
  public init(
    epoch: Int, generatorLoss: Double, discriminatorLoss: Double, discriminatorAccuracy: Double,
    quality: Double? = nil, seconds: Double? = nil
  ) {
    self.epoch = epoch
    self.generatorLoss = generatorLoss
    self.discriminatorLoss = discriminatorLoss
    self.discriminatorAccuracy = discriminatorAccuracy
    self.quality = quality
    self.seconds = seconds
  }
}

/// The conditional GAN's training and what it was held to.
public struct AdversarialTraining: Codable, Sendable {
  /// The epochs, in order.
  public var epochs: [AdversarialEpoch]
  /// The band that the discriminator's accuracy should stay in; the report's is 0.7 to 0.8.
  public var wantedAccuracy: [Double]
  /// Training stops when the accuracy leaves this band; the report's is 0.55 to 0.95.
  public var allowedAccuracy: [Double]
  /// The epoch whose generator was kept, from 1.
  public var bestEpoch: Int?
  /// Why training ended; says so when it was a collapse.
  public var stopped: String?
  /// What was done beside what the original report describes, a phrase each.
  public var additions: [String]

  /// Creates a record; the bands are `[lower, upper]`.
  public init(
    epochs: [AdversarialEpoch], wantedAccuracy: [Double] = [0.7, 0.8],
    allowedAccuracy: [Double] = [0.55, 0.95], bestEpoch: Int? = nil, stopped: String? = nil
  ) {
    self.epochs = epochs
    self.wantedAccuracy = wantedAccuracy
    self.allowedAccuracy = allowedAccuracy
    self.bestEpoch = bestEpoch
    self.stopped = stopped
    additions = []
  }
}

/// A spectrogram beside the emotion that it stands for.
public struct EmotionPicture: Codable, Sendable {
  /// The picture.
  public var image: SpectrogramImage
  /// Valence that was asked of the generator, or the real song's label.
  public var valence: Double
  /// Arousal that was asked of the generator, or the real song's label.
  public var arousal: Double
  /// The discriminator's confidence that the picture is real, 0 to 1.
  public var confidence: Double?

  /// Creates a pair.
  public init(
    image: SpectrogramImage, valence: Double, arousal: Double, confidence: Double? = nil
  ) {
    self.image = image
    self.valence = valence
    self.arousal = arousal
    self.confidence = confidence
  }
}

/// The synthetic spectrograms that came of the GAN, and what was checked on them.
public struct SyntheticSpectrograms: Codable, Sendable {
  /// How many were generated.
  public var generated: Int
  /// How many passed the confidence filter.
  public var kept: Int
  /// The filter: the discriminator's smallest confidence.
  public var threshold: Double
  /// Correlation of the valence that was asked for with the one that a regressor trained on real
  /// songs finds.
  public var valenceConsistency: Interval?
  /// The same of arousal.
  public var arousalConsistency: Interval?
  /// Which regressor found it, such as `"CRNN trained on real songs"`.
  public var judge: String?
  /// Mean distance of two synthetic spectrograms, in the unit of ``realDiversity``.
  public var diversity: Double?
  /// Mean distance of two real spectrograms.
  public var realDiversity: Double?
  /// Other checks, such as the mean distance to the nearest real song.
  public var checks: [NamedValue]
  /// Synthetic spectrograms with the emotion that was asked for.
  public var samples: [EmotionPicture]
  /// Real ones of near-by labels, one for each of the samples where possible.
  public var realSamples: [EmotionPicture]

  /// Creates a record.
  public init(
    generated: Int, kept: Int, threshold: Double, valenceConsistency: Interval? = nil,
    arousalConsistency: Interval? = nil, judge: String? = nil, diversity: Double? = nil,
    realDiversity: Double? = nil, checks: [NamedValue] = [], samples: [EmotionPicture] = [],
    realSamples: [EmotionPicture] = []
  ) {
    self.generated = generated
    self.kept = kept
    self.threshold = threshold
    self.valenceConsistency = valenceConsistency
    self.arousalConsistency = arousalConsistency
    self.judge = judge
    self.diversity = diversity
    self.realDiversity = realDiversity
    self.checks = checks
    self.samples = samples
    self.realSamples = realSamples
  }
}
