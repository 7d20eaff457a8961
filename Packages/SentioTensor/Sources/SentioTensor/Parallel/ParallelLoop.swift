import CSentioTensorKernels
import SentioBLAS

/// Loops over many items on the thread pool that OpenBLAS uses too.
///
/// Three pools in one process (OpenBLAS's, oneDNN's and ours) would fight for the cores; see the
/// design notes in the package's README. Inside such a loop, and where a loop is too short to be worth a
/// second thread, the caller's thread does the work.
enum ParallelLoop {
  /// Elements that a thread should have at least: below that, starting it costs more than it saves.
  static let elementGrain = 1 << 15

  /// Runs `body` over ranges that together are `0..<count`.
  ///
  /// - Parameters:
  ///   - count: the number of items.
  ///   - cost: the work of one item, in elements touched.
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
