import CSentioTensorKernels
import SentioBLAS
import Synchronization

/// Loops over many items on the thread pool that OpenBLAS uses too.
///
/// Three pools in one process (OpenBLAS's, oneDNN's and ours) would fight for the cores; see the
/// design notes in the package's README. Inside such a loop, while another thread runs one, and where a
/// loop is too short to be worth a second thread, the caller's thread does the work.
///
/// For loops over the memory of tensors that no operation of this module does.
public enum ParallelLoop {
  /// Elements copied that a thread should have at least, about 10 µs of work.
  ///
  /// On idle cores a second thread pays from half of it on. But a loop ends when its last thread
  /// does, and where another process has that core, this is a time slice of 8 ms later: too much for
  /// the few microseconds that a short loop could save.
  static let elementGrain = 1 << 17

  /// Runs `body` over ranges that together are `0..<count`.
  ///
  /// - Parameters:
  ///   - count: the number of items.
  ///   - cost: the work of one item, in units of copying an element.
  ///   - body: works on one range; ranges run at the same time and must not write the same memory.
  public static func run(_ count: Int, cost: Int = 1, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let threads = threadCount(count, cost: cost)
    guard threads > 1 else { return body(0..<count) }
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) { context in
        sentio_parallel(count, threads, context) { context, begin, end in
          context!.assumingMemoryBound(to: ((Range<Int>) -> Void).self).pointee(begin..<end)
        }
      }
    }
  }

  /// Runs `body` over ranges that together are `0..<count`, with scratch memory for each.
  ///
  /// The memory of all threads is taken at once, so that what the pool holds does not depend on whether
  /// they were at work at the same time.
  ///
  /// - Parameters:
  ///   - count: the number of items.
  ///   - cost: the work of one item, in units of copying an element.
  ///   - scratch: the floats that a range needs.
  ///   - body: works on one range.
  static func run(
    _ count: Int, cost: Int, scratch: Int,
    _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    guard count > 0 else { return }
    // Whole cache lines, so that no two threads write one.
    let share = (scratch + 15) / 16 * 16
    let memory = Tensor(uninitialized: [min(count, threadCount(count, cost: cost)), share])
    let base = memory.storage.pointer
    let next = Atomic<Int>(0)
    run(count, cost: cost) { range in
      body(range, base + next.add(1, ordering: .relaxed).oldValue * share)
    }
    withExtendedLifetime(memory) {}
  }

  /// The threads that a loop is worth.
  private static func threadCount(_ count: Int, cost: Int) -> Int {
    let wanted = max(1, count * max(1, cost) / elementGrain)
    return wanted == 1 ? 1 : min(wanted, BLASRuntime.threadCount)
  }
}
