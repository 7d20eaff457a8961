import SentioNN
import SentioTensor

/// How a network is trained, in plain numbers and names, so that a person can write it and a file keep it.
///
/// The defaults are the validation protocol's: Adam at 0.001 on squared errors, batches of 32, 50 epochs, patience 10.
public struct TrainingRecipe: Sendable, Hashable, Codable {
  /// How a gradient becomes a change.
  public enum OptimizerName: String, Sendable, Hashable, Codable, CaseIterable {
    /// Adam; its decay is added to gradients.
    case adam
    /// Adam with decay beside it.
    case adamw
    /// Gradient descent with a momentum of 0.9.
    case sgd
    /// RMSprop.
    case rmsprop
  }

  /// How far predictions are from labels.
  public enum LossName: String, Sendable, Hashable, Codable, CaseIterable {
    /// The mean of squares.
    case mse
    /// The mean of absolute values.
    case mae
    /// Squares up to 1, straight lines beyond.
    case huber
    /// One minus the concordance correlation of a batch.
    case concordance
    /// For genres: the surprise at the right one.
    case crossEntropy
  }

  /// The course of the learning rate.
  public enum Schedule: String, Sendable, Hashable, Codable, CaseIterable {
    /// The same throughout.
    case constant
    /// Down to 0 along half a cosine.
    case cosine
  }

  /// What decides which epoch is the best.
  public enum MonitorName: String, Sendable, Hashable, Codable, CaseIterable {
    /// The loss.
    case loss
    /// The mean concordance correlation.
    case concordance
    /// The share of right genres.
    case accuracy
  }

  /// From which epoch on how many of a transformer's last blocks are trained, beside the head.
  public struct Unfreezing: Sendable, Hashable, Codable {
    /// The epoch, from 1.
    public var epoch: Int
    /// The last blocks that are trained.
    public var blocks: Int

    /// Creates a stage.
    ///
    /// - Parameters:
    ///   - epoch: the epoch, from 1.
    ///   - blocks: the last blocks that are trained.
    public init(epoch: Int, blocks: Int) { (self.epoch, self.blocks) = (epoch, blocks) }
  }

  /// Passes over the training songs.
  public var epochs = 50
  /// Samples in a batch.
  public var batchSize = 32
  /// The seed of weights, orders, dropout and augmentation.
  public var seed: UInt64 = 1
  /// How far predictions are from labels.
  public var loss = LossName.mse
  /// The share of the probability that is spread over all genres.
  public var labelSmoothing: Float = 0
  /// How a gradient becomes a change.
  public var optimizer = OptimizerName.adam
  /// The rate at its highest.
  public var learningRate = 1e-3
  /// The pull of weights towards zero.
  public var weightDecay = 0.0
  /// The course of the rate.
  public var schedule = Schedule.constant
  /// Epochs in which the rate rises from 0.
  public var warmupEpochs = 0.0
  /// Epochs without improvement after which the rate is multiplied by ``plateauFactor``; 0 for never.
  public var plateauPatience = 0
  /// What the rate is multiplied by on a plateau.
  public var plateauFactor = 0.5
  /// Batches whose gradients make one update.
  public var accumulation = 1
  /// The largest norm of all gradients; 0 for no bound.
  public var clip = 0.0
  /// The precision of products: `float32` or `bfloat16`.
  public var precision = "float32"
  /// What decides which epoch is the best.
  public var monitor = MonitorName.loss
  /// Epochs without improvement after which training ends; 0 for never.
  public var patience = 10
  /// The decay of an average of the weights, which is kept in their place; 0 for none.
  public var average = 0.0
  /// Which blocks of a pretrained transformer are trained when; empty for all of them, always.
  ///
  /// A network that starts from random weights is trained as a whole whatever stands here: a frozen random block has
  /// nothing to give.
  public var unfreezing: [Unfreezing] = []
  /// The parameters that stay as they start, by patterns of their paths, such as `vit.encoder.layer.{0,1}`; a pattern that
  /// means none is an error.
  public var freeze: [String] = []

  /// Creates the protocol's recipe.
  public init() {}
}

/// What is done to training batches; every part is off by default.
public struct AugmentationRecipe: Sendable, Hashable, Codable {
  /// Stretches of time that each sample loses.
  public var timeMasks = 0
  /// The longest one, in frames of the input.
  public var longestTime = 40
  /// Bands of frequencies that each sample loses.
  public var frequencyMasks = 0
  /// The widest one, in rows of the input.
  public var widestFrequency = 8
  /// The largest shift along time, in frames of the input; what leaves at one end comes in at the other.
  public var shift = 0
  /// α of mixup; 0 for none.
  public var mixup = 0.0

  /// Creates a recipe that does nothing.
  public init() {}

  /// The augmentation of batches of a front end's inputs; nil where there is none.
  func augmentation(of frontEnd: NetworkFrontEnd) -> Augmentation<LabelledBatch>? {
    let (timeAxis, frequencyAxis): (Int, Int)
    var fill = SpectrogramMasking.Fill.value(0)
    switch frontEnd.input {
    case .spectrogram(let input):
      (timeAxis, frequencyAxis) = (3, 2)
      if input.form != .standardized { fill = .mean }
    case .sequence, .segments, .filterBank: (timeAxis, frequencyAxis) = (1, 2)
    }
    var parts: [Augmentation<LabelledBatch>] = []
    if shift > 0 { parts.append(.frameShift(by: shift, axis: timeAxis)) }
    if timeMasks > 0 || frequencyMasks > 0 {
      var masking = SpectrogramMasking(timeAxis: timeAxis, frequencyAxis: frequencyAxis)
      (masking.timeMasks, masking.longestTime) = (timeMasks, longestTime)
      (masking.frequencyMasks, masking.widestFrequency) = (frequencyMasks, widestFrequency)
      masking.fill = fill
      parts.append(.spectrogramMasking(masking))
    }
    if mixup > 0 { parts.append(.mixup(alpha: mixup)) }
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first) { $0.then($1) }
  }
}
