/// What one epoch of a network's training came to.
public struct EpochRecord: Codable, Sendable {
  /// The epoch, from 1.
  public var epoch: Int
  /// Mean loss over the training batches.
  public var trainingLoss: Double?
  /// Loss on the validation songs.
  public var validationLoss: Double?
  /// CCC of valence on the validation songs.
  public var validationCCCValence: Double?
  /// CCC of arousal on the validation songs.
  public var validationCCCArousal: Double?
  /// Mean CCC on the training songs, where it was computed.
  public var trainingCCC: Double?
  /// The learning rate at the epoch's end.
  public var learningRate: Double?
  /// Seconds that the epoch took.
  public var seconds: Double?

  /// Creates a record.
  public init(
    epoch: Int, trainingLoss: Double? = nil, validationLoss: Double? = nil,
    validationCCCValence: Double? = nil, validationCCCArousal: Double? = nil,
    trainingCCC: Double? = nil, learningRate: Double? = nil, seconds: Double? = nil
  ) {
    self.epoch = epoch
    self.trainingLoss = trainingLoss
    self.validationLoss = validationLoss
    self.validationCCCValence = validationCCCValence
    self.validationCCCArousal = validationCCCArousal
    self.trainingCCC = trainingCCC
    self.learningRate = learningRate
    self.seconds = seconds
  }

  /// The mean of both dimensions' CCC on the validation songs.
  public var validationCCC: Double? {
    guard let validationCCCValence, let validationCCCArousal else { return nil }
    return (validationCCCValence + validationCCCArousal) / 2
  }
}

/// Something that changed at an epoch's start, such as which blocks learn.
public struct EpochEvent: Codable, Sendable {
  /// The epoch, from 1.
  public var epoch: Int
  /// What happened, in a few words, such as `"last 4 blocks learn"`.
  public var what: String

  /// Creates an event.
  public init(epoch: Int, what: String) {
    self.epoch = epoch
    self.what = what
  }
}

/// One network's training, epoch by epoch.
public struct LearningCurve: Codable, Sendable {
  /// The model's name, as in ``ModelResult/name``, or one of its own, such as `"vit real only"`.
  public var name: String
  /// The name in captions.
  public var title: String
  /// The epochs, in order.
  public var epochs: [EpochRecord]
  /// The epoch whose weights were kept, from 1.
  public var bestEpoch: Int?
  /// What changed during the training.
  public var events: [EpochEvent]
  /// Why training ended, such as `"no better for 10 epochs"`.
  public var stopped: String?
  /// What the loss is, such as `"1 - CCC"` or `"MSE on -1 to 1"`.
  public var loss: String?

  /// Creates a curve.
  public init(
    name: String, title: String, epochs: [EpochRecord], bestEpoch: Int? = nil,
    events: [EpochEvent] = [], stopped: String? = nil, loss: String? = nil
  ) {
    self.name = name
    self.title = title
    self.epochs = epochs
    self.bestEpoch = bestEpoch
    self.events = events
    self.stopped = stopped
    self.loss = loss
  }
}
