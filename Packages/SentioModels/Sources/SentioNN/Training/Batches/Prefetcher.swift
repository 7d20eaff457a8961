import Foundation
import SentioBLAS

/// Makes batches ahead of time on a thread of its own, in their order.
///
/// With a depth of 0 they are made when they are asked for, on the caller's thread.
final class Prefetcher<Batch: Sendable> {
  private let queue: BatchQueue<Batch>?
  private let make: @Sendable () throws -> () throws -> Batch?
  private var direct: (() throws -> Batch?)?

  init(depth: Int, _ make: @escaping @Sendable () throws -> () throws -> Batch?) {
    self.make = make
    guard depth > 0 else {
      queue = nil
      return
    }
    let queue = BatchQueue<Batch>(capacity: depth)
    self.queue = queue
    // The thread holds the queue and not this object, so that letting go of it ends the thread.
    Thread {
      // Loops on this thread stay on it: the pool belongs to the thread that trains.
      BLASRuntime.onOneThread {
        do {
          let next = try make()
          repeat {
            guard let batch = try next() else { break }
            guard queue.push(.success(batch)) else { return }
          } while true
          _ = queue.push(.success(nil))
        } catch {
          _ = queue.push(.failure(error))
        }
      }
    }
    .start()
  }

  deinit { queue?.close() }

  /// The next batch, or nil at the end.
  func next() throws -> Batch? {
    if let queue { return try queue.pop().get() }
    if direct == nil { direct = try make() }
    return try direct?()
  }
}

/// A queue of bounded length between the thread that makes batches and the one that uses them.
private final class BatchQueue<Batch: Sendable>: @unchecked Sendable {
  typealias Item = Result<Batch?, any Error>

  // Everything below is touched under the condition's lock only.
  private let condition = NSCondition()
  private var waiting: [Item] = []
  private var isClosed = false
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Waits for room; false when nobody will take any more.
  func push(_ item: Item) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while waiting.count >= capacity, !isClosed { condition.wait() }
    if isClosed { return false }
    waiting.append(item)
    condition.broadcast()
    return true
  }

  /// Waits for an item; the end, once reached, is given again and again.
  func pop() -> Item {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty { condition.wait() }
    if case .success(.some) = waiting[0] {
      condition.broadcast()
      return waiting.removeFirst()
    }
    return waiting[0]
  }

  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }
}
