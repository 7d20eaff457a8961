import CSentioTensorKernels
import SentioBLAS

/// Loops over many items on the thread pool that OpenBLAS uses too.
///
/// Three pools in one process (OpenBLAS's, oneDNN's and ours) would fight for the cores; see the
/// design notes in the package's README. Inside such a loop, while another thread runs one, and where a
/// loop is too short to be worth a second thread, the caller's thread does the work.
enum ParallelLoop {
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
  static func run(_ count: Int, cost: Int = 1, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let wanted = max(1, count * max(1, cost) / elementGrain)
    let threads = wanted == 1 ? 1 : min(wanted, BLASRuntime.threadCount)
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
}
