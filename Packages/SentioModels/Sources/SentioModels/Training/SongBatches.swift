import SentioData
import SentioMetrics
import SentioNN
import SentioTensor

/// Songs of a feature store or a table, with their emotions, as batches for training and validation.
///
/// The order is a `BatchLoader`'s: a function of the seed and the epoch. Records are copied from the (mapped) source
/// while the model works on the batches before.
///
/// ```swift
/// let training = SongBatches(try store.records(of: split.training), labels: labels, batchSize: 32, seed: 7)
/// ```
public struct SongBatches: TrainingData {
  /// The number of songs.
  public let count: Int
  /// Songs in a batch.
  public let batchSize: Int
  /// The seed of the orders; nil for the source's own order.
  public let seed: UInt64?
  /// Whether an epoch's last batch is left out when it is smaller than the others.
  public let dropsLast: Bool
  /// Number, order, and a checksum of ids and labels.
  public let fingerprint: String
  private let makeLoader: @Sendable (BatchOrder) -> BatchLoader

  /// Prepares songs for training or validation.
  ///
  /// - Parameters:
  ///   - source: the records, such as `FeatureRecords` or a `FeatureTable`.
  ///   - labels: one a record, all on one scale; targets are on that scale, valence before arousal.
  ///   - batchSize: songs in a batch, at least 1.
  ///   - seed: the seed of the orders; nil for the source's own order in every epoch, as validation wants it.
  ///   - dropsLast: whether an epoch's last batch is left out when it is smaller than the others.
  public init(
    _ source: some BatchSource, labels: [ValenceArousal], batchSize: Int, seed: UInt64? = nil,
    dropsLast: Bool = false
  ) {
    count = source.ids.count
    self.batchSize = batchSize
    self.seed = seed
    self.dropsLast = dropsLast
    var checksum = DataChecksum()
    for (id, label) in zip(source.ids, labels) {
      checksum.combine(id)
      checksum.combine([label.valence, label.arousal])
    }
    fingerprint =
      "\(count) songs by \(batchSize), \(seed.map { "seed \($0)" } ?? "in order")"
      + "\(dropsLast ? ", whole batches" : ""), \(checksum)"
    makeLoader = { order in
      BatchLoader(
        source, labels: labels, batchSize: batchSize, order: order, dropsLast: dropsLast,
        prefetch: 1)
    }
  }

  /// Batches in an epoch.
  public var batchesPerEpoch: Int {
    dropsLast ? count / batchSize : (count + batchSize - 1) / batchSize
  }

  /// Songs in an epoch.
  public var samplesPerEpoch: Int { dropsLast ? batchesPerEpoch * batchSize : count }

  /// Starts delivering an epoch.
  public func batches(epoch: Int, from first: Int) -> () throws -> LabelledBatch? {
    let order = BatchOrder(
      seed: seed ?? 0, shuffling: seed == nil ? .never : .everyEpoch, epoch: epoch,
      position: min(first * batchSize, count))
    let loader = makeLoader(order)
    var isOver = false
    return {
      guard !isOver, let batch = loader.next(), let labels = batch.labels else {
        isOver = true
        return nil
      }
      return LabelledBatch(
        ids: batch.ids, inputs: batch.features, targets: labels, lengths: batch.lengths)
    }
  }
}
