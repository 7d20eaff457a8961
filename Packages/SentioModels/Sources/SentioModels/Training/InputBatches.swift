import SentioData
import SentioNN
import SentioTensor

/// Records with their targets, brought to a network's inputs batch after batch.
///
/// The order is a `BatchLoader`'s: a function of the seed and the epoch. Records are copied from the (mapped) source and
/// go through the front end while the network works on the batches before.
///
/// ```swift
/// let data = InputBatches(records, targets: emotions, frontEnd: frontEnd, batchSize: 32, seed: 7)
/// ```
public struct InputBatches: TrainingData {
  /// The number of samples.
  public let count: Int
  /// Samples in a batch.
  public let batchSize: Int
  /// The seed of the orders; nil for the source's own order.
  public let seed: UInt64?
  /// Whether an epoch's last batch is left out when it is smaller than the others.
  public let dropsLast: Bool
  /// Number, order, and a checksum of ids, targets and front end.
  public let fingerprint: String
  private let targets: Tensor
  private let frontEnd: NetworkFrontEnd
  private let makeLoader: @Sendable (BatchOrder) -> BatchLoader

  /// Prepares samples for training or validation.
  ///
  /// - Parameters:
  ///   - source: the records, such as ``InputRecords``.
  ///   - targets: `[count, C]`: emotions on the unit scale, or probabilities of genres.
  ///   - frontEnd: what becomes of records.
  ///   - batchSize: samples in a batch, at least 1.
  ///   - seed: the seed of the orders; nil for the source's own order in every epoch, as validation wants it.
  ///   - dropsLast: whether an epoch's last batch is left out when it is smaller than the others.
  public init(
    _ source: some BatchSource, targets: Tensor, frontEnd: NetworkFrontEnd, batchSize: Int,
    seed: UInt64? = nil, dropsLast: Bool = false
  ) {
    count = source.ids.count
    precondition(
      targets.rank == 2 && targets.shape[0] == count,
      "targets of \(targets.shape) for \(count) samples")
    self.batchSize = batchSize
    self.seed = seed
    self.dropsLast = dropsLast
    self.targets = targets
    self.frontEnd = frontEnd
    var checksum = DataChecksum()
    for id in source.ids { checksum.combine(id) }
    checksum.combine(targets)
    for (name, value) in frontEnd.storeSettings.parameters.sorted(by: { $0.key < $1.key }) {
      checksum.combine(name + value)
    }
    if let standardization = frontEnd.standardization {
      checksum.combine((standardization.mean + standardization.deviation).map(Double.init))
    }
    fingerprint =
      "\(count) samples by \(batchSize), \(seed.map { "seed \($0)" } ?? "in order")"
      + "\(dropsLast ? ", whole batches" : ""), \(checksum)"
    makeLoader = { order in
      BatchLoader(
        source, batchSize: batchSize, order: order, dropsLast: dropsLast, prefetch: 1)
    }
  }

  /// Batches in an epoch.
  public var batchesPerEpoch: Int {
    dropsLast ? count / batchSize : (count + batchSize - 1) / batchSize
  }

  /// Samples in an epoch.
  public var samplesPerEpoch: Int { dropsLast ? batchesPerEpoch * batchSize : count }

  /// Starts delivering an epoch.
  public func batches(epoch: Int, from first: Int) -> () throws -> LabelledBatch? {
    let order = BatchOrder(
      seed: seed ?? 0, shuffling: seed == nil ? .never : .everyEpoch, epoch: epoch,
      position: min(first * batchSize, count))
    let loader = makeLoader(order)
    let (frontEnd, targets) = (frontEnd, targets)
    var isOver = false
    return {
      guard !isOver, let batch = loader.next() else {
        isOver = true
        return nil
      }
      let width = targets.shape[1]
      let rows = targets.withUnsafeBufferPointer { source in
        Tensor(uninitialized: [batch.indices.count, width]) { target in
          for (row, index) in batch.indices.enumerated() {
            for column in 0..<width {
              target[row * width + column] = source[index * width + column]
            }
          }
        }
      }
      return LabelledBatch(
        ids: batch.ids, inputs: frontEnd.inputs(batch.features, lengths: batch.lengths),
        targets: rows, lengths: batch.lengths)
    }
  }
}
