import Foundation
import SentioNN
import SentioTensor

/// Trains a generator and a discriminator against each other, with the report's stabilizers.
///
/// ```swift
/// var stream = RandomStream(seed: 1, "GAN")
/// let networks = AdversarialNetworks(mels: 64, frames: 160, width: 0.25, from: &stream)
/// let outcome = try AdversarialTrainer(AdversarialSettings(epochs: 15, seed: 1)).train(
///   networks, on: ProgressiveBatches(clips, batchSize: 16, seed: 1), reference: clips.rows(0..<64), folder: folder)
/// let synthetic = try SyntheticSpectrograms(from: outcome.best, seed: 2).clips(3200)
/// ```
///
/// Each batch is one update of the discriminator, on the batch's real clips and as many synthetic ones of the same
/// emotions, and then some of the generator, each with noise of its own. After each epoch synthetic clips of the
/// reference's emotions, always of the same noise, are compared with the reference; the epoch of the highest
/// ``QualityScore`` is the best one. With a judge of emotions it is the one of the highest product of that and
/// ``LabelConsistency/weight``: good clips of the wrong emotions are of no use as training songs.
///
/// All noise is a function of the seed, the epoch and the batch's number, and everything else that a step depends on is in
/// the checkpoint: training that is interrupted, or killed, goes on bit for bit. The folder has `last.safetensors`,
/// `best.safetensors`, `log.jsonl` and TensorBoard's event files, and is held by one process at a time.
public struct AdversarialTrainer: Sendable {
  /// How training runs.
  public let settings: AdversarialSettings

  /// Creates a trainer.
  ///
  /// - Parameter settings: how training runs.
  public init(_ settings: AdversarialSettings = AdversarialSettings()) {
    precondition(settings.generatorUpdates >= 1, "\(settings.generatorUpdates) updates a batch")
    precondition(
      settings.realTarget > 0.5 && settings.realTarget <= 1,
      "real clips that should be \(settings.realTarget)")
    self.settings = settings
  }

  /// Trains two networks, or goes on with the training that a folder holds.
  ///
  /// It also ends, after the batch in progress and with a checkpoint, when the task that runs it is cancelled, or
  /// `isCancelled` says so.
  ///
  /// - Parameters:
  ///   - networks: the networks at the start; in a folder with a training their weights are those of the checkpoint.
  ///   - training: real clips, `[N, 1, mels, frames]` of mean 0 and deviation 1, each or all together, with valence and arousal in −1…1; at
  ///     least two a batch. ``ProgressiveBatches`` gives the report's order.
  ///   - reference: real clips that synthetic ones are compared with, at least two; some tens are enough, and may be of the
  ///     training clips.
  ///   - judge: says the emotions of clips, `[N, 1, mels, frames]` as the training clips are to `[N, 2]`; such as
  ///     ``BandRegressor``. It should not be what the clips are judged by in the end. Nil for none.
  ///   - folder: where checkpoints and the log go; it is made where it is missing. Nil keeps nothing.
  ///   - startsOver: whether a training in the folder is removed rather than gone on with.
  ///   - isCancelled: asked after every batch whether to stop.
  ///   - onEvent: told of progress, on the thread that trains.
  /// - Returns: the networks after the last and the best epoch, and what the epochs came to.
  /// - Throws: ``AdversarialError``, `TrainingError`, `FileError`, `SafetensorsError`, `StateError`, and what the data
  ///   throw. The last checkpoint stays as it was.
  public func train(
    _ networks: AdversarialNetworks, on training: any TrainingData<LabelledBatch>,
    reference: LabelledBatch, judge: ((Tensor) throws -> Tensor)? = nil, folder: URL? = nil,
    startsOver: Bool = false, isCancelled: () -> Bool = { false },
    onEvent: (AdversarialEvent) -> Void = { _ in }
  ) throws -> AdversarialOutcome {
    guard settings.emotions.reading == 0 || networks.discriminator.emotionHead != nil else {
      throw AdversarialError.readsNoEmotions
    }
    return try withoutActuallyEscaping(isCancelled) { isCancelled in
      try withoutActuallyEscaping(onEvent) { onEvent in
        let run = try AdversarialRun(
          settings, networks, training, reference, judge: judge, isCancelled: isCancelled,
          onEvent: onEvent)
        if let folder { try run.open(folder, startsOver: startsOver) }
        return try Compute.with(precision: settings.precision) { try run.run() }
      }
    }
  }
}
