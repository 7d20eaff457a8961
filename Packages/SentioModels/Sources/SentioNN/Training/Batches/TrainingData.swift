import SentioTensor

/// Batches, epoch by epoch, from any place on.
///
/// What comes when must depend on the epoch and the batch's number alone: that is all that a checkpoint
/// knows of it.
public protocol TrainingData<Batch>: Sendable {
  /// The kind of batch.
  associatedtype Batch: TrainingBatch
  /// Batches in an epoch.
  var batchesPerEpoch: Int { get }
  /// Songs or samples in an epoch.
  var samplesPerEpoch: Int { get }
  /// Number, order and seed in words; a run that is resumed with other words is refused.
  var fingerprint: String { get }

  /// Starts delivering an epoch.
  ///
  /// The closure is called on one thread at a time, not the one that trains.
  ///
  /// - Parameters:
  ///   - epoch: the epoch, from 0.
  ///   - first: the number of its batches that are passed over.
  /// - Returns: a closure that gives the next batch, and nil at the epoch's end.
  /// - Throws: what keeps the data from being read.
  func batches(epoch: Int, from first: Int) throws -> () throws -> Batch?
}

/// Samples in memory, shuffled anew for every epoch.
public struct SampleBatches: TrainingData {
  /// All samples, in their own order.
  public let samples: LabelledBatch
  /// Samples in a batch.
  public let batchSize: Int
  /// The seed of the orders; nil for the samples' own order in every epoch.
  public let seed: UInt64?
  /// Whether an epoch's last batch is left out when it is smaller than the others.
  public let dropsLast: Bool

  /// Prepares samples for training or validation.
  ///
  /// - Parameters:
  ///   - samples: all samples.
  ///   - batchSize: samples in a batch, at least 1.
  ///   - seed: the seed of the orders; nil for the samples' own order in every epoch, as validation wants it.
  ///   - dropsLast: whether an epoch's last batch is left out when it is smaller than the others, as
  ///     batch normalization and the concordance loss may want it.
  public init(
    _ samples: LabelledBatch, batchSize: Int, seed: UInt64? = nil, dropsLast: Bool = false
  ) {
    precondition(batchSize >= 1, "batches of \(batchSize) samples")
    self.samples = samples
    self.batchSize = batchSize
    self.seed = seed
    self.dropsLast = dropsLast
  }

  /// Batches in an epoch.
  public var batchesPerEpoch: Int {
    dropsLast ? samples.ids.count / batchSize : (samples.ids.count + batchSize - 1) / batchSize
  }

  /// Samples in an epoch.
  public var samplesPerEpoch: Int {
    dropsLast ? batchesPerEpoch * batchSize : samples.ids.count
  }

  /// Number, batch size, seed, and a checksum of ids, inputs and targets.
  public var fingerprint: String {
    var checksum = DataChecksum()
    for id in samples.ids { checksum.combine(id) }
    checksum.combine(samples.inputs)
    checksum.combine(samples.targets)
    return "\(samples.ids.count) samples by \(batchSize), "
      + "\(seed.map { "seed \($0)" } ?? "in order")\(dropsLast ? ", whole batches" : ""), "
      + "\(checksum)"
  }

  /// Starts delivering an epoch.
  public func batches(epoch: Int, from first: Int) -> () throws -> LabelledBatch? {
    var order = Array(samples.ids.indices)
    if let seed {
      var stream = RandomStream(seed: seed, "order").substream("epoch \(epoch)")
      order = stream.permutation(order.count)
    }
    var next = first
    let last = batchesPerEpoch
    return {
      guard next < last else { return nil }
      let start = next * batchSize
      next += 1
      return samples.rows(order[start..<min(start + batchSize, order.count)])
    }
  }
}

extension LabelledBatch {
  /// Some of the samples, in another order.
  ///
  /// - Parameter indices: their positions.
  /// - Returns: the batch of them.
  public func rows(_ indices: some Collection<Int>) -> LabelledBatch {
    func gather(_ tensor: Tensor) -> Tensor {
      var shape = Array(tensor.shape)
      shape[0] = indices.count
      let size = shape.dropFirst().reduce(1, *)
      return tensor.withUnsafeBufferPointer { source in
        Tensor(uninitialized: Shape(shape)) { target in
          for (row, index) in indices.enumerated() where size > 0 {
            _ = UnsafeMutableBufferPointer(rebasing: target[row * size..<(row + 1) * size])
              .update(
                fromContentsOf: UnsafeBufferPointer(
                  rebasing: source[index * size..<(index + 1) * size]))
          }
        }
      }
    }
    return LabelledBatch(
      ids: indices.map { ids[$0] }, inputs: gather(inputs), targets: gather(targets),
      lengths: lengths.map { lengths in indices.map { lengths[$0] } })
  }
}

/// Batches that are there already, in the same order every epoch.
public struct BatchList<Batch: TrainingBatch>: TrainingData {
  /// The batches.
  public let batches: [Batch]

  /// Takes batches.
  ///
  /// - Parameter batches: the batches of every epoch.
  public init(_ batches: [Batch]) { self.batches = batches }

  /// Batches in an epoch.
  public var batchesPerEpoch: Int { batches.count }

  /// Samples in an epoch.
  public var samplesPerEpoch: Int { batches.reduce(0) { $0 + $1.ids.count } }

  /// The number of batches and samples, and a checksum of their ids.
  public var fingerprint: String {
    var checksum = DataChecksum()
    for batch in batches { for id in batch.ids { checksum.combine(id) } }
    return "\(batches.count) batches of \(samplesPerEpoch) samples, \(checksum)"
  }

  /// Starts delivering an epoch.
  public func batches(epoch: Int, from first: Int) -> () throws -> Batch? {
    var iterator = batches.dropFirst(first).makeIterator()
    return { iterator.next() }
  }
}
