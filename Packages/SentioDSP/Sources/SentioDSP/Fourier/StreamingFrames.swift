/// Collects a signal that arrives in pieces, and says which frames are complete.
///
/// Holds no more samples than the frames that are still to come can reach.
struct StreamingFrames {
  private let stft: STFT
  /// Samples from `start` on.
  private var held: [Float] = []
  /// Index of the first held sample in the whole signal.
  private var start = 0
  private var received = 0
  /// The next frame that was not yet given out.
  private(set) var next = 0

  init(_ stft: STFT) { self.stft = stft }

  /// Appends samples, and calls a closure with the held part of the signal, the index of its first
  /// sample, and the frames that became complete.
  mutating func append(
    _ samples: some Collection<Float>, isLast: Bool,
    _ body: (UnsafeBufferPointer<Float>, Int, Range<Int>) -> Void
  ) {
    held += samples
    received += samples.count
    let end = isLast ? stft.frameCount(sampleCount: received) : completeFrames
    if end > next {
      held.withUnsafeBufferPointer { body($0, start, next..<end) }
      next = end
    }
    // Reflection at the end looks back half a frame from the last sample.
    let firstNeeded = min(next * stft.hopLength - reach, received - stft.fftLength)
    if firstNeeded > start + max(4096, stft.fftLength) {
      held.removeFirst(firstNeeded - start)
      start = firstNeeded
    }
  }

  private var reach: Int {
    if case .centered = stft.framing { stft.fftLength / 2 } else { 0 }
  }

  /// Frames that lie wholly before the end of what was received, and whose left padding (which may
  /// be a reflection of the first samples) is known.
  private var completeFrames: Int {
    let reached = received + reach - stft.fftLength
    return reached < 0 || received < stft.fftLength ? 0 : reached / stft.hopLength + 1
  }
}
