import Dispatch

/// How many resamples or permutations are drawn, from which seed, and on how many threads.
///
/// The same seed gives the same bits whatever the thread count: the random numbers of resample r
/// are a function of the seed and of r alone.
public struct Resampling: Hashable, Sendable, Codable {
  /// The number of resamples or permutations, at least 1.
  public var count: Int
  /// The seed of every random number.
  public var seed: UInt64
  /// The most threads to use; nil for one per core.
  public var maximumThreads: Int?

  /// Creates a plan.
  ///
  /// - Parameters:
  ///   - count: the number of resamples or permutations, 1 to 1,000,000; the limits of a 95 %
  ///     interval settle at about 10,000.
  ///   - seed: the seed of every random number.
  ///   - maximumThreads: the most threads to use, at least 1; nil for one per core.
  public init(count: Int = 10_000, seed: UInt64 = 0, maximumThreads: Int? = nil) {
    self.count = count
    self.seed = seed
    self.maximumThreads = maximumThreads
  }

  func check() throws(MetricsError) {
    guard (1...1_000_000).contains(count) else {
      throw .invalidOption(
        name: "resampling.count", found: "\(count)", expected: "1 to 1,000,000")
    }
    if let maximumThreads, maximumThreads < 1 {
      throw .invalidOption(
        name: "resampling.maximumThreads", found: "\(maximumThreads)", expected: "at least 1")
    }
  }

  /// Calls `body` for consecutive parts of `0 ..< count`, several at a time.
  ///
  /// `body` gets a part and the output that belongs to it, `width` numbers per item. Items must
  /// not depend on the part that they fall into.
  func forEachPart(
    width: Int,
    _ body: @Sendable (_ items: Range<Int>, _ output: UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    let count = count
    // Small parts balance uneven cores; with a thread limit there are no more parts than threads.
    let parts = min(count, maximumThreads ?? max(1, min(64, count / 128)))
    return [Double](unsafeUninitializedCapacity: count * width) { buffer, filled in
      nonisolated(unsafe) let output = buffer.baseAddress!
      if parts == 1 {
        body(0..<count, output)
      } else {
        DispatchQueue.concurrentPerform(iterations: parts) { part in
          let start = part * count / parts
          let end = (part + 1) * count / parts
          body(start..<end, output + start * width)
        }
      }
      filled = count * width
    }
  }

  /// Draws bootstrap resamples of `sampleCount` samples and lets `statistic` write `width` numbers
  /// for each.
  func bootstrap(
    sampleCount: Int, width: Int,
    _ statistic:
      @Sendable (
        _ indices: UnsafeBufferPointer<UInt32>, _ output: UnsafeMutablePointer<Double>
      ) -> Void
  ) -> [Double] {
    let draws = ResampleIndices(sampleCount: sampleCount, seed: seed)
    return forEachPart(width: width) { items, output in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: draws.capacity) { buffer in
        let indices = buffer.baseAddress!
        for (offset, item) in items.enumerated() {
          draws.fill(indices, resample: item)
          statistic(
            UnsafeBufferPointer(start: indices, count: sampleCount), output + offset * width)
        }
      }
    }
  }
}
