import CFFmpeg

/// Stops a decode that takes too long or whose task was cancelled, also from inside FFmpeg's
/// reading loops, which ask it before every read.
final class DecodingGuard {
  private let path: String
  private let deadline: ContinuousClock.Instant
  private let limit: Duration

  init(path: String, limit: Duration) {
    self.path = path
    self.limit = limit
    deadline = ContinuousClock.now.advanced(by: limit)
  }

  /// Why the work must stop now, or nil.
  func reasonToStop(position: Double? = nil) -> AudioError? {
    if Task.isCancelled {
      return AudioError(
        .cancelled, path: path, detail: "decoding was cancelled", position: position)
    }
    if ContinuousClock.now > deadline {
      return AudioError(
        .timedOut, path: path, detail: "decoding took longer than \(limit)", position: position)
    }
    return nil
  }

  /// FFmpeg's view of this guard; valid as long as the guard lives.
  var interruptCallback: AVIOInterruptCB {
    AVIOInterruptCB(
      callback: { opaque in
        guard let opaque else { return 0 }
        let watch = Unmanaged<DecodingGuard>.fromOpaque(opaque).takeUnretainedValue()
        return watch.reasonToStop() == nil ? 0 : 1
      }, opaque: Unmanaged.passUnretained(self).toOpaque())
  }
}

/// The warnings of one file, at most as many as the limits allow.
struct WarningLog {
  private var kept: [AudioWarning] = []
  private var dropped = 0
  private let limit: Int

  init(limit: Int) { self.limit = max(1, limit) }

  mutating func add(_ message: String, position: Double, byteOffset: Int64? = nil) {
    // One damaged stretch yields the same message packet after packet: the first says it.
    if let last = kept.last, last.message == message, position - last.position < 0.5 { return }
    guard kept.count < limit - 1 else {
      dropped += 1
      if kept.count < limit {
        kept.append(
          AudioWarning(position: position, byteOffset: byteOffset, message: message))
      }
      return
    }
    kept.append(AudioWarning(position: position, byteOffset: byteOffset, message: message))
  }

  var warnings: [AudioWarning] {
    guard dropped > 1, let last = kept.last else { return kept }
    let summary = AudioWarning(
      position: last.position, byteOffset: last.byteOffset,
      message: "\(last.message), and \(dropped - 1) further warnings")
    return kept.dropLast() + [summary]
  }

  var isEmpty: Bool { kept.isEmpty }
}

/// FFmpeg's text for one of its error codes.
func ffmpegMessage(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 128)
  av_strerror(code, &text, text.count)
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
