import Foundation
import SentioMetrics
import SentioTensor

/// Some records with their labels, laid out for one step of training.
///
/// Shapes: `N` records, `[…]` the extents of one record, `L` its steps.
public struct Batch: Equatable, Sendable {
  /// Ids of the `N` records.
  public var ids: [String]
  /// Positions of the records in the source.
  public var indices: [Int]
  /// Values, `[N, …]`.
  public var features: Tensor
  /// Valence and arousal, `[N, 2]`; nil without labels.
  public var labels: Tensor?
  /// Real steps of each record; nil where every value is real.
  public var lengths: [Int]?
  /// 1 for real steps and 0 for padding, `[N, L]`; nil where every value is real.
  public var mask: Tensor? {
    lengths.map { lengths in
      let frames = features.shape[1]
      return Tensor(
        AttentionMask.values(lengths: lengths, frames: frames), shape: [lengths.count, frames])
    }
  }
  /// Where the next batch starts: save it with a checkpoint, and training resumes after this batch.
  public var next: BatchOrder
}

/// Delivers shuffled batches, made ahead of time on a thread of its own.
///
/// The order depends on the seed and the epoch only. While the caller works on one batch, up to
/// `prefetch` further ones are copied from the (mapped) source.
///
/// ```swift
/// let loader = BatchLoader(records, labels: labels, batchSize: 32, order: BatchOrder(seed: 7))
/// for _ in 0..<epochs {
///   for batch in loader.epoch() { train(on: batch) }
/// }
/// ```
public final class BatchLoader: Sendable {
  /// Records in the source.
  public let count: Int
  /// Records in a batch; the last one of an epoch may have fewer.
  public let batchSize: Int
  /// The scale of all labels; nil without labels.
  public let scale: EmotionScale?
  private let queue: BatchQueue
  private let dropsLast: Bool

  /// Starts loading.
  ///
  /// - Parameters:
  ///   - source: the records, such as ``FeatureRecords`` or a ``FeatureTable``.
  ///   - labels: one a record, all on one scale; nil for prediction.
  ///   - batchSize: records in a batch.
  ///   - order: seed and shuffling, and where to start.
  ///   - dropsLast: whether an epoch's last batch is left out when it is smaller than the others.
  ///   - prefetch: batches that are made ahead.
  public init(
    _ source: some BatchSource, labels: [ValenceArousal]? = nil, batchSize: Int,
    order: BatchOrder = BatchOrder(), dropsLast: Bool = false, prefetch: Int = 2
  ) {
    let count = source.ids.count
    precondition(batchSize > 0, "batch size \(batchSize)")
    precondition(prefetch > 0, "prefetch \(prefetch)")
    precondition(
      labels == nil || labels!.count == count, "\(labels?.count ?? 0) labels for \(count) records")
    precondition(
      order.position <= count, "position \(order.position) in an epoch of \(count) records")
    let scales = Set((labels ?? []).map(\.scale))
    precondition(scales.count <= 1, "labels on \(scales.count) scales")
    self.count = count
    self.batchSize = batchSize
    self.scale = scales.first
    self.dropsLast = dropsLast
    let queue = BatchQueue(capacity: prefetch)
    self.queue = queue
    // The thread holds the queue and not the loader, so that letting go of the loader ends it.
    let maker = BatchMaker(
      source: source, labels: labels, batchSize: batchSize, dropsLast: dropsLast)
    Thread { maker.run(from: order, into: queue) }.start()
  }

  deinit { queue.close() }

  /// Batches in an epoch that starts at its beginning.
  public var batchesPerEpoch: Int {
    dropsLast ? count / batchSize : (count + batchSize - 1) / batchSize
  }

  /// The next batch, or nil once at the end of every epoch; the call after that starts the next one.
  public func next() -> Batch? { queue.pop() }

  /// The rest of the current epoch.
  public func epoch() -> Epoch { Epoch(loader: self) }

  /// The batches of one epoch.
  public struct Epoch: Sequence, IteratorProtocol {
    private let loader: BatchLoader
    private var isOver = false

    fileprivate init(loader: BatchLoader) { self.loader = loader }

    /// The next batch, or nil at the end of the epoch.
    public mutating func next() -> Batch? {
      if isOver { return nil }
      let batch = loader.next()
      isOver = batch == nil
      return batch
    }
  }
}

/// Makes batches one after the other.
private struct BatchMaker<Source: BatchSource>: Sendable {
  let source: Source
  let labels: [ValenceArousal]?
  let batchSize: Int
  let dropsLast: Bool

  func run(from start: BatchOrder, into queue: BatchQueue) {
    let count = source.ids.count
    var order = start
    while true {
      let permutation = order.permutation(of: count)
      while order.position < count {
        let end = min(order.position + batchSize, count)
        if dropsLast, end - order.position < batchSize { break }
        let indices = Array(permutation[order.position..<end])
        order.position = end
        guard queue.push(make(indices, next: order)) else { return }
      }
      order.epoch += 1
      order.position = 0
      guard queue.push(nil) else { return }
    }
  }

  private func make(_ indices: [Int], next: BatchOrder) -> Batch {
    let size = source.extents.reduce(1, *)
    let features = Tensor(uninitialized: Shape([indices.count] + source.extents)) { buffer in
      for (row, index) in indices.enumerated() {
        source.copyRecord(
          index,
          to: UnsafeMutableBufferPointer(rebasing: buffer[row * size..<(row + 1) * size]))
      }
    }
    let targets = labels.map { labels in
      Tensor(uninitialized: [indices.count, 2]) { buffer in
        for (row, index) in indices.enumerated() {
          buffer[row * 2] = Float(labels[index].valence)
          buffer[row * 2 + 1] = Float(labels[index].arousal)
        }
      }
    }
    return Batch(
      ids: indices.map { source.ids[$0] }, indices: indices, features: features, labels: targets,
      lengths: source.realSteps.map { steps in indices.map { steps[$0] } }, next: next)
  }
}

/// A queue of bounded length between the thread that makes batches and the one that uses them.
private final class BatchQueue: @unchecked Sendable {
  // Everything below is touched under the condition's lock only.
  private let condition = NSCondition()
  private var waiting: [Batch?] = []
  private var isClosed = false
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Waits for room; false when nobody will take any more.
  func push(_ batch: Batch?) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while waiting.count >= capacity, !isClosed { condition.wait() }
    if isClosed { return false }
    waiting.append(batch)
    condition.broadcast()
    return true
  }

  func pop() -> Batch? {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty { condition.wait() }
    let batch = waiting.removeFirst()
    condition.broadcast()
    return batch
  }

  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }
}
