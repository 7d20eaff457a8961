import CFFmpeg
import Foundation

/// Reads packets and hands out decoded frames, one at a time, past whatever is damaged.
///
/// `position` counts the frames handed out, at the rate of the first; the decoder itself drops
/// the encoder's delay and padding where the container tells them.
final class FrameReader {
  let demuxer: AudioDemuxer
  /// Frames before the current one on the file's own timeline, at `baseRate`.
  private(set) var position: Double = 0
  /// The rate of the first decoded frame in Hz; until then the header's.
  private(set) var baseRate: Int
  private(set) var warnings: WarningLog
  /// Whether the stream ended by itself.
  private(set) var reachedEnd = false
  /// The last decoded frame.
  private(set) var frame: UnsafeMutablePointer<AVFrame>!
  private var packet: UnsafeMutablePointer<AVPacket>!
  private var pendingPacket = false
  private var draining = false
  private var lastByte: Int64?
  private var lastFrameLength = 0
  private var ending = StreamEnding()

  init(_ demuxer: AudioDemuxer) throws(AudioError) {
    self.demuxer = demuxer
    warnings = WarningLog(limit: demuxer.limits.warnings)
    baseRate = Int(demuxer.stream.pointee.codecpar.pointee.sample_rate)
    frame = av_frame_alloc()
    packet = av_packet_alloc()
    guard frame != nil, packet != nil else {
      throw AudioError(.limitExceeded, path: demuxer.path, detail: "no memory for a frame")
    }
  }

  deinit {
    av_frame_free(&frame)
    av_packet_free(&packet)
  }

  /// Looks whether the last frame was longer than its packet says, and nothing follows.
  ///
  /// - Returns: the frames at the end of the stream that are the encoder's padding.
  /// - Throws: ``AudioError`` when the time is spent or the task was cancelled.
  func trailingPadding() throws(AudioError) -> Int {
    let length = lastFrameLength
    guard let kept = ending.lastPacketLength, kept < length else { return 0 }
    if !reachedEnd, try next() { return 0 }
    return length - kept
  }

  /// The current place in seconds.
  var seconds: Double { baseRate > 0 ? position / Double(baseRate) : 0 }

  func warn(_ message: String) {
    warnings.add(message, position: seconds, byteOffset: lastByte)
  }

  /// Counts frames that the caller has taken, or that were passed over.
  func advance(by frames: Double) { position += frames }

  /// Says that the next frame stands at this place.
  func setPosition(_ frames: Int) { position = Double(frames) }

  /// Decodes the next frame into `frame`; false at the end of the stream.
  func next() throws(AudioError) -> Bool {
    var barren = 0
    while true {
      if let stop = demuxer.watch.reasonToStop(position: seconds) { throw stop }
      guard barren <= demuxer.limits.barrenPackets else {
        warn("\(barren) packets in a row held no audio; the rest was given up")
        return false
      }
      barren += 1
      let code = avcodec_receive_frame(demuxer.codec, frame)
      if code == 0 {
        if try acceptFrame() { return true }
        continue
      }
      if code == sentio_averror_eof() {
        reachedEnd = true
        return false
      }
      if code != sentio_averror(EAGAIN) {
        warn("a frame could not be decoded: \(ffmpegMessage(code))")
        if draining { return false }
      }
      if draining { continue }
      if !pendingPacket, try !readPacket() {
        draining = true
        avcodec_send_packet(demuxer.codec, nil)
        continue
      }
      let sent = avcodec_send_packet(demuxer.codec, packet)
      if sent == sentio_averror(EAGAIN) {
        pendingPacket = true
        continue
      }
      pendingPacket = false
      if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { warn("a packet is incomplete") }
      if sent < 0 {
        warn("\(packet.pointee.size) bytes could not be decoded: \(ffmpegMessage(sent))")
      }
      av_packet_unref(packet)
    }
  }

  /// Reads the next packet of the stream; false at the end of the file.
  func readPacket() throws(AudioError) -> Bool {
    var refusals = 0
    while true {
      av_packet_unref(packet)
      let code = av_read_frame(demuxer.container, packet)
      if let stop = demuxer.watch.reasonToStop(position: seconds) { throw stop }
      if code == sentio_averror(EAGAIN), refusals < demuxer.limits.barrenPackets {
        refusals += 1
        continue
      }
      guard code >= 0 else {
        if code != sentio_averror_eof() {
          warn("the container breaks off: \(ffmpegMessage(code))")
        }
        return false
      }
      guard packet.pointee.stream_index == demuxer.stream.pointee.index else { continue }
      lastByte = packet.pointee.pos >= 0 ? packet.pointee.pos : lastByte
      ending.note(packet, demuxer, rate: baseRate)
      return true
    }
  }

  /// Refuses frames that no sound file has, before their samples are touched.
  private func acceptFrame() throws(AudioError) -> Bool {
    let rate = Int(frame.pointee.sample_rate)
    let channels = Int(frame.pointee.ch_layout.nb_channels)
    guard frame.pointee.nb_samples > 0 else { return false }
    guard rate > 0, channels > 0 else {
      warn("a frame without a sample rate or channels was skipped")
      return false
    }
    try demuxer.checkBounds(rate: rate, channels: channels)
    if !hasSeenFrame {
      hasSeenFrame = true
      baseRate = rate
    }
    if let end = ending.frameCount, Double(end) < position + Double(frame.pointee.nb_samples) {
      frame.pointee.nb_samples = Int32(max(0, end - Int(position)))
      guard frame.pointee.nb_samples > 0 else { return false }
    }
    lastFrameLength = Int(frame.pointee.nb_samples)
    if frame.pointee.decode_error_flags != 0 { warn("a frame was mended by the decoder") }
    return true
  }
  private var hasSeenFrame = false

  /// Moves near to a source frame without decoding what comes before.
  ///
  /// That happens where the codec's memory is bounded and the container counts exactly; otherwise
  /// the reader stays at the beginning. Afterwards `position` tells where the next frame stands.
  /// AAC's noise generator and Opus's recursive energies remember all that came before, so a jump
  /// would change bits: such streams are decoded from their beginning and the front is dropped.
  ///
  /// - Parameter target: a frame of the source's timeline.
  /// - Returns: false when the reader is spoilt and has to be made anew, without a jump.
  /// - Throws: ``AudioError`` when the time is spent or the task was cancelled.
  func approach(_ target: Int) throws(AudioError) -> Bool {
    let container = demuxer.containerName
    switch demuxer.codecName {
    case "mp1", "mp2", "mp3":
      return container == "mp3" ? try skipPackets(before: target) : true
    case "flac":
      return container == "flac" ? try seek(to: target) : true
    case let name where name.hasPrefix("pcm_"):
      return ["wav", "aiff", "w64", "au", "caf"].contains(container)
        ? try seek(to: target) : true
    default:
      return true
    }
  }

  /// MPEG audio: 511 bytes of bit reservoir reach back over at most about 40 frames of the lowest
  /// bit rate, and two more feed the overlap and the filter bank.
  private static let mpegPreroll = 64

  /// Reads packets without decoding them until shortly before a frame.
  private func skipPackets(before target: Int) throws(AudioError) -> Bool {
    let base = demuxer.stream.pointee.time_base
    let ticksPerFrame = Double(base.den) / (Double(base.num) * Double(max(1, baseRate)))
    var raw = 0.0
    var delay = 0.0
    var index = 0
    while try readPacket() {
      let length = Double(packet.pointee.duration) / ticksPerFrame
      guard length >= 1, length == length.rounded() else { return index == 0 }
      if index == 0 {
        var before: UInt32 = 0
        var after: UInt32 = 0
        sentio_packet_skip(packet, &before, &after)
        delay = Double(before)
      }
      if raw - delay + length * Double(Self.mpegPreroll) >= Double(target) {
        pendingPacket = true
        // Packet 0 still carries its own note of the delay, which the decoder obeys.
        position = index == 0 ? 0 : raw - delay
        return position >= 0
      }
      raw += length
      index += 1
    }
    // The range begins behind the end; the caller finds no frame and says so.
    position = max(0, raw - delay)
    draining = true
    avcodec_send_packet(demuxer.codec, nil)
    return true
  }

  /// Asks the container to move; its time stamps count frames.
  private func seek(to target: Int) throws(AudioError) -> Bool {
    let base = demuxer.stream.pointee.time_base
    guard base.num == 1, Int(base.den) == baseRate else { return true }
    let origin = demuxer.stream.pointee.start_time
    let start = origin == sentio_no_timestamp() ? 0 : origin
    let index = demuxer.stream.pointee.index
    let flags = Int32(AVSEEK_FLAG_BACKWARD)
    guard av_seek_frame(demuxer.container, index, Int64(target) + start, flags) >= 0 else {
      return false
    }
    avcodec_flush_buffers(demuxer.codec)
    guard try readPacket() else { return false }
    let stamp = packet.pointee.pts
    guard stamp != sentio_no_timestamp(), stamp - start <= Int64(target), stamp >= start else {
      return false
    }
    pendingPacket = true
    position = Double(stamp - start)
    return true
  }
}

extension AudioDemuxer {
  /// Throws when a rate or channel count is beyond the limits.
  func checkBounds(rate: Int, channels: Int) throws(AudioError) {
    guard rate <= limits.sampleRate else {
      throw AudioError(
        .limitExceeded, path: path,
        detail: "\(rate) Hz is above the limit of \(limits.sampleRate) Hz")
    }
    guard channels <= limits.channels else {
      throw AudioError(
        .limitExceeded, path: path,
        detail: "\(channels) channels are above the limit of \(limits.channels)")
    }
  }
}
