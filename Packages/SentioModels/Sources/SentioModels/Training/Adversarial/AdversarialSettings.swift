import SentioTensor

/// How a generator and a discriminator are trained against each other; the defaults are the report's.
///
/// | | report | here |
/// |---|---|---|
/// | loss | binary cross-entropy | of logits; the generator's is that of its fakes being taken for real |
/// | optimizer | Adam, 2e-4, β 0.5 and 0.999 | one for each network |
/// | real labels | 0.9 | ``realTarget``; fakes are 0, and the generator aims at 1 |
/// | noise on real pictures | decaying | ``noise``, on fakes too unless it says otherwise |
/// | updates | 1 of the discriminator, 2 of the generator | ``generatorUpdates`` |
/// | gradients | norm at most 1 | ``gradientNorm``, for each network by itself |
/// | frequencies of updates adjusted for an accuracy of 70 to 80 % | | ``discriminatorCeiling`` |
/// | – | | ``emotions``: what the report has no term for |
/// | easier examples first | | ``Curriculum`` of ``ProgressiveBatches`` |
/// | end where the accuracy is above 95 or below 55 % | | ``collapse`` |
public struct AdversarialSettings: Sendable, Hashable {
  /// Passes over the training data.
  public var epochs: Int
  /// The seed of the generator's noise and of the noise on pictures.
  public var seed: UInt64
  /// Adam's rate, for both networks.
  public var learningRate = 2e-4
  /// Adam's share of the last mean gradient.
  public var beta1 = 0.5
  /// Adam's share of the last mean square.
  public var beta2 = 0.999
  /// What the discriminator should say of real clips, from above 0.5 to 1.
  public var realTarget: Float = 0.9
  /// Noise on what the discriminator sees.
  public var noise = InstanceNoise()
  /// What makes both networks heed the emotion.
  public var emotions = EmotionTerms.none
  /// Updates of the generator for each batch, which has one of the discriminator, at least 1.
  public var generatorUpdates = 2
  /// The bound on the norm of a network's gradient.
  public var gradientNorm = 1.0
  /// The accuracy above which the discriminator's update is left out, as a mean over about ten batches; nil for never.
  ///
  /// What it learns of reading emotions it learns nevertheless.
  ///
  /// The report "adjusted update frequencies to maintain" an accuracy of 70 to 80 %: this is the adjustment.
  public var discriminatorCeiling: Double?
  /// When training ends because one network has won; nil for never.
  public var collapse: CollapseRule? = CollapseRule()
  /// The precision of products; weights and moments stay in single precision.
  public var precision = ComputePrecision.float32
  /// Batches after which the last checkpoint is renewed within an epoch; nil for at its end only.
  public var checkpointInterval: Int?
  /// Seconds after which the last checkpoint is renewed within an epoch, whatever the interval is; infinite for never.
  ///
  /// A kill costs no more than these. What is computed does not depend on them.
  public var checkpointSeconds = 600.0
  /// Whether the folder gets TensorBoard's event files.
  public var writesTensorBoard = true
  /// Text that goes into every checkpoint, such as the front end's settings.
  public var metadata: [String: String] = [:]

  /// Creates settings; everything else has a default.
  ///
  /// - Parameters:
  ///   - epochs: passes over the training data; the report's are 10 to 15.
  ///   - seed: the seed of all noise.
  public init(epochs: Int = 15, seed: UInt64 = 0) {
    precondition(epochs >= 0, "\(epochs) epochs")
    self.epochs = epochs
    self.seed = seed
  }
}

/// Normal noise on the pictures that a discriminator sees, which fades away.
///
/// `σ(t) = σ₀ · max(0, 1 − t / epochs)`, with t in epochs and parts of them.
///
/// The report adds it to real pictures. It is added to both kinds here: noise makes the two distributions
/// overlap, which is what keeps the discriminator from an easy victory and its gradients alive; on real ones alone it is
/// itself a mark by which they are told apart, and the generator is rewarded for noise of its own.
/// ``Scope/realOnly`` is the report to the letter.
///
/// *Reference:* Sønderby, Caballero, Theis, Shi and Huszár, "Amortised MAP inference for image super-resolution" (2017),
/// section 3.2; Arjovsky and Bottou, "Towards principled methods for training generative adversarial networks" (2017).
public struct InstanceNoise: Sendable, Hashable, Codable {
  /// Which pictures have it.
  public enum Scope: String, Sendable, Hashable, Codable {
    /// Real and synthetic ones.
    case both
    /// Real ones, as the report says.
    case realOnly
  }

  /// σ₀, in the units of the tanh range.
  public let deviation: Float
  /// The epochs until nothing is left of it.
  public let epochs: Double
  /// Which pictures have it.
  public let scope: Scope

  /// Chooses noise.
  ///
  /// - Parameters:
  ///   - deviation: σ₀, in the units of the tanh range; 0 for none.
  ///   - epochs: the epochs until nothing is left of it, above 0.
  ///   - scope: which pictures have it.
  public init(deviation: Float = 0.1, epochs: Double = 15, scope: Scope = .both) {
    precondition(
      deviation >= 0 && deviation.isFinite && epochs > 0,
      "noise of \(deviation) over \(epochs) epochs")
    self.deviation = deviation
    self.epochs = epochs
    self.scope = scope
  }

  /// The deviation at a time.
  ///
  /// - Parameter time: epochs that are over, with parts of them.
  /// - Returns: σ.
  public func deviation(at time: Double) -> Float {
    deviation * Float(max(0, 1 - time / epochs))
  }
}

/// When one of the networks has won and training should end.
///
/// The report ends at an accuracy of the discriminator above 95 % (the generator's fakes are hopeless) or below 55 % (it
/// has stopped telling them apart). Single epochs are noise, and the first ones say little: the accuracy must stay
/// outside for `patience` epochs in a row, and the first `warmUp` epochs do not count.
///
/// An ideal generator brings the accuracy to 50 %, so an end below 55 % need not be a failure: the best epoch
/// is that of the highest ``QualityScore``, whatever the accuracy was.
public struct CollapseRule: Sendable, Hashable, Codable {
  /// The accuracies that go on.
  public let accuracies: ClosedRange<Double>
  /// Epochs at the start that do not count.
  public let warmUp: Int
  /// Epochs in a row outside that end training.
  public let patience: Int

  /// Creates a rule.
  ///
  /// - Parameters:
  ///   - accuracies: the accuracies that go on.
  ///   - warmUp: epochs at the start that do not count.
  ///   - patience: epochs in a row outside that end training, at least 1.
  public init(accuracies: ClosedRange<Double> = 0.55...0.95, warmUp: Int = 3, patience: Int = 2) {
    precondition(patience >= 1 && warmUp >= 0, "a patience of \(patience) after \(warmUp) epochs")
    self.accuracies = accuracies
    self.warmUp = warmUp
    self.patience = patience
  }

  /// Whether training should end after these epochs.
  ///
  /// - Parameter history: the discriminator's accuracy in each epoch so far.
  /// - Returns: whether the last `patience` ones that count are all outside.
  public func hasCollapsed(_ history: [Double]) -> Bool {
    let counted = history.dropFirst(warmUp)
    return counted.count >= patience
      && counted.suffix(patience).allSatisfy { !accuracies.contains($0) }
  }
}
