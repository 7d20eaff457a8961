import Foundation
import SentioNN
import SentioTensor

/// How the clips that are trained on grow from the easy ones to all.
///
/// The report "started with easier examples, gradually increased complexity" and says no more. The reading here: an easy
/// clip is a typical one, by the root mean square distance of its spectrogram from the mean spectrogram of all clips. The
/// first epoch shows the `firstShare` easiest, and the share grows by a straight line to all clips after `epochs`
/// epochs. What the networks are given is always real and whole; only the order in which the unusual comes is chosen.
public struct Curriculum: Sendable, Hashable, Codable {
  /// The share of clips in the first epoch.
  public let firstShare: Double
  /// The epochs until all clips are in.
  public let epochs: Int

  /// Chooses a growth.
  ///
  /// - Parameters:
  ///   - firstShare: the share of clips in the first epoch, above 0 and at most 1.
  ///   - epochs: the epochs until all clips are in; 0 for all from the start.
  public init(firstShare: Double = 0.5, epochs: Int = 5) {
    precondition(
      firstShare > 0 && firstShare <= 1 && epochs >= 0, "a share of \(firstShare), \(epochs) epochs"
    )
    self.firstShare = firstShare
    self.epochs = epochs
  }

  /// All clips from the start.
  public static let none = Curriculum(firstShare: 1, epochs: 0)

  /// The share of clips in an epoch.
  ///
  /// - Parameter epoch: the epoch, from 0.
  /// - Returns: from `firstShare` to 1.
  public func share(epoch: Int) -> Double {
    epoch >= epochs ? 1 : firstShare + (1 - firstShare) * Double(epoch) / Double(epochs)
  }
}

/// Real clips in memory as whole batches, the easy ones first; what ``AdversarialTrainer`` is fed with.
///
/// Every epoch has as many batches, all of one size: where fewer clips are in, each comes more than once. An epoch is a
/// function of the seed and its number.
public struct ProgressiveBatches: TrainingData {
  /// The clips, in their own order.
  public let clips: LabelledBatch
  /// Clips in a batch.
  public let batchSize: Int
  /// The seed of the orders.
  public let seed: UInt64
  /// How the clips grow.
  public let curriculum: Curriculum
  /// The clips' places, the easiest first.
  public let byDifficulty: [Int]
  /// Number, batch size, seed, growth, and a checksum of ids, spectrograms and labels.
  public let fingerprint: String

  /// Ranks clips by difficulty.
  ///
  /// - Parameters:
  ///   - clips: spectrograms `[N, 1, mels, frames]` of mean 0 and deviation 1, with valence and arousal in −1…1.
  ///   - batchSize: clips in a batch, at least 2: a normalization by the batch needs some.
  ///   - seed: the seed of the orders.
  ///   - curriculum: how the clips grow.
  /// - Throws: ``AdversarialError`` for fewer clips than a batch.
  public init(
    _ clips: LabelledBatch, batchSize: Int, seed: UInt64, curriculum: Curriculum = Curriculum()
  ) throws {
    precondition(batchSize >= 2, "batches of \(batchSize) clips")
    guard clips.ids.count >= batchSize else {
      throw AdversarialError.tooFewClips(
        purpose: "a batch", needed: batchSize, found: clips.ids.count)
    }
    self.clips = clips
    self.batchSize = batchSize
    self.seed = seed
    self.curriculum = curriculum
    let axes = Array(1..<clips.inputs.rank)
    let distances = (clips.inputs - clips.inputs.mean(axes: 0, keepingAxes: true)).squared()
      .mean(axes: axes).scalars
    byDifficulty = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
    var checksum = DataChecksum()
    for id in clips.ids { checksum.combine(id) }
    checksum.combine(clips.inputs)
    checksum.combine(clips.targets)
    fingerprint =
      "\(clips.ids.count) clips by \(batchSize), seed \(seed), from \(curriculum.firstShare) over "
      + "\(curriculum.epochs) epochs, \(checksum)"
  }

  /// Batches in an epoch.
  public var batchesPerEpoch: Int { clips.ids.count / batchSize }

  /// Clips in an epoch, some of them more than once where not all are in.
  public var samplesPerEpoch: Int { batchesPerEpoch * batchSize }

  /// The clips of an epoch, in their order.
  ///
  /// - Parameter epoch: the epoch, from 0.
  /// - Returns: places of clips, ``samplesPerEpoch`` of them.
  public func order(epoch: Int) -> [Int] {
    let share = curriculum.share(epoch: epoch)
    let count = min(
      clips.ids.count, max(batchSize, Int((share * Double(clips.ids.count)).rounded(.up))))
    var stream = RandomStream(seed: seed, "order").substream("epoch \(epoch)")
    var order: [Int] = []
    while order.count < samplesPerEpoch {
      order += stream.permutation(count).map { byDifficulty[$0] }
    }
    return Array(order.prefix(samplesPerEpoch))
  }

  /// Starts delivering an epoch.
  public func batches(epoch: Int, from first: Int) -> () throws -> LabelledBatch? {
    let order = order(epoch: epoch)
    var next = first
    return {
      guard next < batchesPerEpoch else { return nil }
      defer { next += 1 }
      return clips.rows(order[next * batchSize..<(next + 1) * batchSize])
    }
  }
}
