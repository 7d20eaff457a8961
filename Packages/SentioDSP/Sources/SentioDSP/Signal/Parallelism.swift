import Dispatch
import Synchronization

/// How many threads one call may use inside.
///
/// Results are the same bits for every choice. Work on a whole library of songs should run songs
/// in parallel and each song ``serial``.
public enum Parallelism: Hashable, Sendable {
  /// The calling thread only.
  case serial
  /// As many threads as the machine has cores.
  case automatic
  /// At most so many threads.
  case threads(Int)

  /// Calls a closure with consecutive ranges that cover `0..<count`, on several threads at once.
  ///
  /// - Parameters:
  ///   - count: items.
  ///   - grain: items that are worth a thread of their own.
  ///   - body: works on a range; called from several threads at once.
  func forEachRange(
    of count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let threads =
      switch self {
      case .serial: 1
      case .automatic: coreCount
      case .threads(let wanted): max(1, wanted)
      }
    // Twice as many ranges as threads, so that a thread that starts late does not hold up the rest.
    let ranges = threads == 1 ? 1 : min(2 * threads, count / max(1, grain))
    if ranges <= 1 {
      if count > 0 { body(0..<count) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, ranges)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= ranges { return }
        body(count * index / ranges..<count * (index + 1) / ranges)
      }
    }
  }
}

private let coreCount = systemCoreCount()
