/// What stands before a signal's first sample and after its last.
///
/// *Reference:* `numpy.pad`, whose modes `constant`, `reflect` and `edge` these are.
public enum Padding: String, Hashable, Codable, Sendable, CaseIterable {
  /// Zeros (librosa's default).
  case zero
  /// The signal mirrored at its end samples, which are not repeated (torch's default).
  case reflect
  /// The end samples repeated.
  case edge
}

/// Where a frame lies relative to its index.
public enum Framing: Hashable, Codable, Sendable {
  /// Frame `t` is centred on sample `t · hopLength`; the ends are padded. A signal of `n` samples
  /// has `1 + n / hopLength` frames (for an even frame length).
  case centered(Padding)
  /// Frame `t` begins at sample `t · hopLength`; nothing is padded, and samples after the last whole
  /// frame are not used.
  case leftAligned
}

/// A signal seen as frames: where each begins, and what its samples are beyond the ends.
struct FramedSignal {
  let samples: UnsafeBufferPointer<Float>
  let frameLength: Int
  let hopLength: Int
  let framing: Framing
  /// Index of the first of `samples` in the whole signal: not 0 where a stream has let go of what
  /// no frame needs any more.
  var firstSample = 0

  /// Samples of the whole signal, as far as it is known.
  private var end: Int { firstSample + samples.count }

  /// Samples that a centred frame reaches back before its index.
  var reach: Int {
    if case .centered = framing { frameLength / 2 } else { 0 }
  }

  var frameCount: Int {
    Self.frameCount(
      sampleCount: samples.count, frameLength: frameLength, hopLength: hopLength, framing: framing)
  }

  static func frameCount(
    sampleCount: Int, frameLength: Int, hopLength: Int, framing: Framing
  ) -> Int {
    let padded =
      if case .centered = framing { sampleCount + 2 * (frameLength / 2) } else { sampleCount }
    return padded < frameLength || sampleCount == 0 ? 0 : 1 + (padded - frameLength) / hopLength
  }

  /// Whether frames `first ..< first + count` lie within the signal.
  func isWhole(first: Int, count: Int) -> Bool {
    let start = first * hopLength - reach
    return start >= firstSample && start + (count - 1) * hopLength + frameLength <= end
  }

  /// The address of a frame that lies within the signal.
  func address(ofFrame index: Int) -> UnsafePointer<Float> {
    samples.baseAddress! + (index * hopLength - reach - firstSample)
  }

  /// Writes the samples of a frame, padded where it reaches beyond the signal.
  func copyFrame(_ index: Int, to destination: UnsafeMutablePointer<Float>) {
    if isWhole(first: index, count: 1) {
      destination.update(from: address(ofFrame: index), count: frameLength)
      return
    }
    let start = index * hopLength - reach
    for n in 0..<frameLength {
      let position = start + n
      destination[n] =
        position >= 0 && position < end ? samples[position - firstSample] : padding(at: position)
    }
  }

  private func padding(at position: Int) -> Float {
    guard case .centered(let padding) = framing else { return 0 }
    let last = end - 1
    switch padding {
    case .zero: return 0
    case .edge: return samples[min(max(position, 0), last) - firstSample]
    case .reflect:
      if last == 0 { return samples[0] }
      let period = 2 * last
      let phase = ((position % period) + period) % period
      return samples[(phase <= last ? phase : period - phase) - firstSample]
    }
  }
}
