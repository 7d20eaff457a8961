import SentioNN
import SentioTensor

/// One example of a sequence task, of any length.
public protocol SequenceSample: Sendable {
  /// What several of them make.
  associatedtype Batch: TrainingBatch
  /// Its name.
  var id: String { get }
  /// Its steps.
  var length: Int { get }

  /// Takes the content into account.
  ///
  /// - Parameter checksum: what is changed.
  func combine(into checksum: inout DataChecksum)

  /// A batch of samples, the shorter ones padded.
  ///
  /// - Parameter samples: the samples, one at least.
  /// - Returns: the batch.
  static func batch(of samples: [Self]) -> Batch
}

/// Sequences in memory as batches, shuffled anew for every epoch.
///
/// A batch is as long as its longest sequence. With a `bucket` above 1 as many batches as that are taken from the shuffled
/// order together and sorted by length, so that sequences of about one length meet and little is padded.
public struct SequenceBatches<Sample: SequenceSample>: TrainingData {
  /// All samples, in their own order.
  public let samples: [Sample]
  /// Samples in a batch.
  public let batchSize: Int
  /// The seed of the orders; nil for the samples' own order in every epoch.
  public let seed: UInt64?
  /// The batches among which sequences are sorted by length.
  public let bucket: Int

  /// Prepares samples for training or validation.
  ///
  /// - Parameters:
  ///   - samples: all samples, each of one step at least.
  ///   - batchSize: samples in a batch, at least 1.
  ///   - seed: the seed of the orders; nil for the samples' own order in every epoch, as validation wants it.
  ///   - bucket: the batches among which sequences are sorted by length, at least 1.
  public init(_ samples: [Sample], batchSize: Int, seed: UInt64? = nil, bucket: Int = 1) {
    precondition(
      batchSize >= 1 && bucket >= 1, "batches of \(batchSize) samples, buckets of \(bucket)")
    if let empty = samples.first(where: { $0.length < 1 }) {
      preconditionFailure("\(empty.id) has no steps")
    }
    self.samples = samples
    self.batchSize = batchSize
    self.seed = seed
    self.bucket = bucket
  }

  /// Batches in an epoch.
  public var batchesPerEpoch: Int { (samples.count + batchSize - 1) / batchSize }

  /// Samples in an epoch.
  public var samplesPerEpoch: Int { samples.count }

  /// Number, batch size, order, and a checksum of ids and contents.
  public var fingerprint: String {
    var checksum = DataChecksum()
    for sample in samples {
      checksum.combine(sample.id)
      sample.combine(into: &checksum)
    }
    return "\(samples.count) sequences by \(batchSize), "
      + "\(seed.map { "seed \($0), buckets of \(bucket)" } ?? "in order"), \(checksum)"
  }

  /// Starts delivering an epoch.
  public func batches(epoch: Int, from first: Int) -> () throws -> Sample.Batch? {
    let order = order(epoch: epoch)
    var next = first
    return {
      guard next < order.count else { return nil }
      defer { next += 1 }
      return Sample.batch(of: order[next].map { samples[$0] })
    }
  }

  /// The samples of an epoch's batches, by their positions.
  func order(epoch: Int) -> [[Int]] {
    var order = Array(samples.indices)
    guard let seed else { return cut(order, by: batchSize) }
    var stream = RandomStream(seed: seed, "order").substream("epoch \(epoch)")
    order = stream.permutation(order.count)
    guard bucket > 1 else { return cut(order, by: batchSize) }
    var batches = cut(order, by: batchSize * bucket).flatMap { part in
      cut(
        part.enumerated().sorted {
          (samples[$0.element].length, $0.offset) < (samples[$1.element].length, $1.offset)
        }.map(\.element), by: batchSize)
    }
    // Otherwise every bucket would go from short to long.
    batches = stream.permutation(batches.count).map { batches[$0] }
    return batches
  }

  private func cut(_ order: [Int], by size: Int) -> [[Int]] {
    stride(from: 0, to: order.count, by: size).map {
      Array(order[$0..<min($0 + size, order.count)])
    }
  }
}
