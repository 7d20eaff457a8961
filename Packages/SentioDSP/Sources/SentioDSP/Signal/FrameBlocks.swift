/// The blocks of sixteen frames that a range of blocks covers: first frame, and frames in use.
struct FrameBlocks: Sequence, IteratorProtocol {
  private var first: Int
  private let end: Int

  init(blocks: Range<Int>, frameCount: Int) {
    first = blocks.lowerBound * laneCount
    end = Swift.min(blocks.upperBound * laneCount, frameCount)
  }

  mutating func next() -> (first: Int, used: Int)? {
    if first >= end { return nil }
    defer { first += laneCount }
    return (first, Swift.min(laneCount, end - first))
  }
}

extension Parallelism {
  /// Calls a closure with runs of blocks that cover `frameCount` frames, on several threads at once.
  func forEachBlock(
    ofFrames frameCount: Int, _ body: @Sendable (FrameBlocks) -> Void
  ) {
    let blocks = (frameCount + laneCount - 1) / laneCount
    forEachRange(of: blocks, grain: 8) {
      body(FrameBlocks(blocks: $0, frameCount: frameCount))
    }
  }
}

/// An address that several threads write to, each its own part.
struct SendablePointer: @unchecked Sendable {
  let value: UnsafeMutablePointer<Float>
  init(_ value: UnsafeMutablePointer<Float>) { self.value = value }
}

/// A signal that several threads read.
struct SendableSignal: @unchecked Sendable {
  let value: FramedSignal
  init(_ value: FramedSignal) { self.value = value }
}
