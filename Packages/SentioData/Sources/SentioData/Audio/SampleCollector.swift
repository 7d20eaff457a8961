import CFFmpeg
import CSentioDataKernels

/// Turns decoded frames of any layout into planar floats of the wanted channels, keeps the wanted
/// range, and carries a stream over changes of rate or channels in its middle.
struct SampleCollector {
  /// One array a channel, at the source's first rate.
  private(set) var channels: [[Float]] = []
  /// Frames wanted, on the source's timeline.
  private let wanted: Range<Int>
  private let mode: AudioFormat.Channels
  private let path: String
  private let maximumFrames: Int
  private let announcedFrames: Int
  private var sourceChannelCount = 0
  private var scratch: [Float] = []
  /// Frames at another rate than the first, waiting to be resampled to it as one piece.
  private var detour: (rate: Int, channels: [[Float]])?

  /// Starts with nothing; `announcedFrames` is what the header promises, to reserve memory once.
  init(
    mode: AudioFormat.Channels, wanted: Range<Int>, announcedFrames: Int, maximumFrames: Int,
    path: String
  ) {
    self.mode = mode
    self.wanted = wanted
    self.path = path
    self.maximumFrames = maximumFrames
    self.announcedFrames = announcedFrames
  }

  var frameCount: Int { channels.first?.count ?? 0 }

  /// Whether all of the range has been seen.
  func isComplete(at position: Double) -> Bool { position >= Double(wanted.upperBound) }

  /// Takes the reader's current frame.
  mutating func take(from reader: FrameReader) throws(AudioError) {
    let frame = reader.frame!
    let rate = Int(frame.pointee.sample_rate)
    let count = Int(frame.pointee.ch_layout.nb_channels)
    if sourceChannelCount == 0 {
      begin(channelCount: count)
    } else if count != sourceChannelCount {
      reader.warn("the stream changes from \(sourceChannelCount) to \(count) channels")
      sourceChannelCount = count
    }
    if let open = detour, open.rate != rate { try finishDetour(reader) }
    if rate != reader.baseRate {
      if detour == nil {
        reader.warn("the stream changes from \(reader.baseRate) to \(rate) Hz")
        detour = (rate, Array(repeating: [], count: channels.count))
      }
      try append(frame, 0..<Int(frame.pointee.nb_samples), toDetour: true, reader)
      return
    }
    let first = Int(reader.position)
    let frames = Int(frame.pointee.nb_samples)
    let lower = max(0, min(frames, wanted.lowerBound - first))
    let upper = max(lower, min(frames, wanted.upperBound - first))
    if lower < upper { try append(frame, lower..<upper, toDetour: false, reader) }
    reader.advance(by: Double(frames))
  }

  /// Brings what waits at another rate onto the timeline; call it at the end of the stream.
  mutating func finishDetour(_ reader: FrameReader) throws(AudioError) {
    guard let open = detour else { return }
    detour = nil
    let first = Int(reader.position)
    var frames = 0
    let conversion = try RateConversion(
      from: open.rate, to: reader.baseRate, threads: 1, path: path)
    for (index, piece) in open.channels.enumerated() {
      let resampled = conversion(piece)
      frames = resampled.count
      let lower = max(0, min(frames, wanted.lowerBound - first))
      let upper = max(lower, min(frames, wanted.upperBound - first))
      channels[index] += resampled[lower..<upper]
    }
    reader.advance(by: Double(frames))
  }

  /// Drops what was kept beyond a frame of the source's timeline.
  mutating func cut(at end: Int) {
    let excess = min(frameCount, wanted.lowerBound + frameCount - max(0, end))
    guard excess > 0 else { return }
    for index in channels.indices { channels[index].removeLast(excess) }
  }

  private mutating func begin(channelCount: Int) {
    sourceChannelCount = channelCount
    let outputs = mode == .source ? channelCount : mode == .mono ? 1 : 2
    channels = Array(repeating: [], count: outputs)
    // A header may lie: at most ten minutes' worth of room is taken on its word.
    let room = min(wanted.count, announcedFrames, 30_000_000 / max(1, outputs))
    for index in channels.indices { channels[index].reserveCapacity(max(0, room)) }
  }

  private mutating func append(
    _ frame: UnsafeMutablePointer<AVFrame>, _ range: Range<Int>, toDetour: Bool,
    _ reader: FrameReader
  ) throws(AudioError) {
    let held = toDetour ? detour!.channels[0].count : channels[0].count
    guard held + range.count <= maximumFrames else {
      throw AudioError(
        .limitExceeded, path: path,
        detail: "the audio is longer than the limit of \(maximumFrames) frames",
        position: reader.seconds)
    }
    guard let layout = PlaneLayout(frame, from: range.lowerBound) else {
      reader.warn("a frame in an unknown sample format was skipped")
      return
    }
    if scratch.count < range.count {
      scratch = [Float](repeating: 0, count: max(8_192, range.count))
    }
    var replaced = 0
    for output in channels.indices {
      // Output c is source channel c where there is one each; the mean of all otherwise.
      let single = mode != .mono && layout.channelCount == channels.count
      let planes = single ? [layout.planes[output]] : layout.planes
      scratch.withUnsafeMutableBufferPointer { room in
        replaced += planes.withUnsafeBufferPointer {
          sentio_audio_mean(
            layout.type, $0.baseAddress, Int32($0.count), layout.stride, range.count,
            room.baseAddress)
        }
        let piece = UnsafeBufferPointer(rebasing: room[..<range.count])
        if toDetour {
          detour!.channels[output].append(contentsOf: piece)
        } else {
          channels[output].append(contentsOf: piece)
        }
      }
    }
    if replaced > 0 { reader.warn("\(replaced) samples were not finite and became 0") }
  }
}

/// Where the samples of a decoded frame lie: one start per channel, and the step between frames.
private struct PlaneLayout {
  let type: sentio_sample_type
  let planes: [UnsafeRawPointer?]
  let stride: Int
  var channelCount: Int { planes.count }

  init?(_ frame: UnsafeMutablePointer<AVFrame>, from first: Int) {
    let width: Int
    let planar: Bool
    switch AVSampleFormat(rawValue: frame.pointee.format) {
    case AV_SAMPLE_FMT_U8: (type, width, planar) = (SENTIO_SAMPLE_U8, 1, false)
    case AV_SAMPLE_FMT_U8P: (type, width, planar) = (SENTIO_SAMPLE_U8, 1, true)
    case AV_SAMPLE_FMT_S16: (type, width, planar) = (SENTIO_SAMPLE_S16, 2, false)
    case AV_SAMPLE_FMT_S16P: (type, width, planar) = (SENTIO_SAMPLE_S16, 2, true)
    case AV_SAMPLE_FMT_S32: (type, width, planar) = (SENTIO_SAMPLE_S32, 4, false)
    case AV_SAMPLE_FMT_S32P: (type, width, planar) = (SENTIO_SAMPLE_S32, 4, true)
    case AV_SAMPLE_FMT_FLT: (type, width, planar) = (SENTIO_SAMPLE_F32, 4, false)
    case AV_SAMPLE_FMT_FLTP: (type, width, planar) = (SENTIO_SAMPLE_F32, 4, true)
    case AV_SAMPLE_FMT_DBL: (type, width, planar) = (SENTIO_SAMPLE_F64, 8, false)
    case AV_SAMPLE_FMT_DBLP: (type, width, planar) = (SENTIO_SAMPLE_F64, 8, true)
    case AV_SAMPLE_FMT_S64: (type, width, planar) = (SENTIO_SAMPLE_S64, 8, false)
    case AV_SAMPLE_FMT_S64P: (type, width, planar) = (SENTIO_SAMPLE_S64, 8, true)
    default: return nil
    }
    guard let data = frame.pointee.extended_data else { return nil }
    let count = Int(frame.pointee.ch_layout.nb_channels)
    if planar {
      stride = 1
      planes = (0..<count).map { channel in
        data[channel].map { UnsafeRawPointer($0 + first * width) }
      }
    } else {
      stride = count
      planes = (0..<count).map { channel in
        data[0].map { UnsafeRawPointer($0 + (first * count + channel) * width) }
      }
    }
    guard planes.allSatisfy({ $0 != nil }) else { return nil }
  }
}
