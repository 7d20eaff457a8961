/// What a training tells while it runs.
public enum TrainingEvent: Sendable {
  /// The training goes on where an earlier process left it.
  case resumed(TrainingPlace)
  /// A batch was worked on.
  case progress(TrainingProgress)
  /// An epoch with its validation is over.
  case epoch(EpochRecord)
  /// Gradients and activations were looked at.
  case statistics(StepStatistics)
}

/// How far a training has come.
public struct TrainingProgress: Sendable, Hashable {
  /// What is being done.
  public enum Phase: String, Sendable, Hashable {
    /// Batches change the weights.
    case training
    /// Batches are measured.
    case validation
  }
  /// What is being done.
  public let phase: Phase
  /// The epoch, from 1.
  public let epoch: Int
  /// The number of epochs, if it is not ended early.
  public let epochs: Int
  /// Batches of this epoch and phase that are done.
  public let batch: Int
  /// Batches of this epoch and phase.
  public let batches: Int
  /// Songs that were trained on, in all epochs.
  public let samples: Int
  /// Songs that all epochs together have.
  public let totalSamples: Int
  /// The mean loss of the epoch so far.
  public let loss: Double
  /// The rate of the next update.
  public let learningRate: Double
  /// Songs a second since this process began to train, validation included.
  public let samplesPerSecond: Double
  /// Seconds to the end of all epochs, at this speed; nil before there is a speed.
  public let secondsLeft: Double?

  /// Says how far a training has come: for loops other than ``Trainer``'s that report as it does.
  ///
  /// - Parameters:
  ///   - phase: what is being done.
  ///   - epoch: the epoch, from 1.
  ///   - epochs: the number of epochs, if it is not ended early.
  ///   - batch: batches of this epoch and phase that are done.
  ///   - batches: batches of this epoch and phase.
  ///   - samples: songs that were trained on, in all epochs.
  ///   - totalSamples: songs that all epochs together have.
  ///   - loss: the mean loss of the epoch so far.
  ///   - learningRate: the rate of the next update.
  ///   - samplesPerSecond: songs a second since this process began to train.
  ///   - secondsLeft: seconds to the end of all epochs; nil before there is a speed.
  public init(
    phase: Phase, epoch: Int, epochs: Int, batch: Int, batches: Int, samples: Int,
    totalSamples: Int, loss: Double, learningRate: Double, samplesPerSecond: Double,
    secondsLeft: Double?
  ) {
    (self.phase, self.epoch, self.epochs) = (phase, epoch, epochs)
    (self.batch, self.batches) = (batch, batches)
    (self.samples, self.totalSamples) = (samples, totalSamples)
    (self.loss, self.learningRate) = (loss, learningRate)
    (self.samplesPerSecond, self.secondsLeft) = (samplesPerSecond, secondsLeft)
  }
}

/// What an epoch came to: a line of the log.
public struct EpochRecord: Sendable, Hashable, Codable {
  /// The epoch, from 1.
  public let epoch: Int
  /// Updates since the first epoch.
  public let step: Int
  /// The mean loss of the epoch's batches, weighed by samples, each at the weights of its time.
  public let trainingLoss: Double
  /// The learning rate of the last update.
  public let learningRate: Double
  /// The mean norm of the gradients before clipping.
  public let gradientNorm: Double
  /// The measures of the validation; empty without one.
  public let validation: [String: Double]
  /// Whether this is the best epoch so far.
  public let isBest: Bool
  /// Seconds that training and validation took.
  public let seconds: Double
  /// Songs that were trained on in a second of training.
  public let samplesPerSecond: Double
}

/// What a training came to.
public struct TrainingOutcome<Model: Module>: Sendable {
  /// The weights after the last update.
  public let model: Model
  /// The weights, or their average where there is one, after the best epoch.
  public let best: Model
  /// The best epoch, from 1; nil before the first epoch's end.
  public let bestEpoch: Int?
  /// What the epochs came to.
  public let history: [EpochRecord]
  /// Why training ended.
  public let end: TrainingEnd
}

/// Why a training ended.
public enum TrainingEnd: String, Sendable, Hashable, Codable {
  /// All epochs are done.
  case finished
  /// There was no improvement for long.
  case stoppedEarly
  /// It was asked to stop; where there is a folder, the checkpoint there goes on with the next batch.
  case cancelled
}
