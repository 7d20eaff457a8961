import CFFmpeg

/// Where a stream ends, where its container knows and FFmpeg's decoder does not obey.
struct StreamEnding {
  /// Frames of the whole stream, once the container has told.
  private(set) var frameCount: Int?
  /// In MP4: the frames of the last packet that count, when it is shorter than those before.
  private(set) var lastPacketLength: Int?
  private var firstByte: Int64?
  private var longestPacket: Int64 = 0

  /// Looks at a packet on its way to the decoder.
  mutating func note(
    _ packet: UnsafeMutablePointer<AVPacket>, _ demuxer: AudioDemuxer, rate: Int
  ) {
    if demuxer.isMP4 {
      if firstByte == nil { frameCount = Self.gaplessCount(demuxer) }
      noteLength(packet, demuxer, rate: rate)
    }
    if firstByte == nil { firstByte = packet.pointee.pos }
    if demuxer.isOggVorbis { correctSinglePage(packet, demuxer, rate: rate) }
  }

  /// An MP4 file tells its encoder's padding by a shorter last packet.
  private mutating func noteLength(
    _ packet: UnsafeMutablePointer<AVPacket>, _ demuxer: AudioDemuxer, rate: Int
  ) {
    let duration = packet.pointee.duration
    longestPacket = max(longestPacket, duration)
    lastPacketLength =
      duration > 0 && duration < longestPacket
      ? Int((Double(duration) * demuxer.secondsPerTick * Double(rate)).rounded()) : nil
  }

  /// iTunes writes delay, padding and the count of the original's frames as hexadecimal text.
  private static func gaplessCount(_ demuxer: AudioDemuxer) -> Int? {
    guard let entry = av_dict_get(demuxer.container.pointee.metadata, "iTunSMPB", nil, 0),
      let value = entry.pointee.value
    else { return nil }
    let fields = String(cString: value).split(separator: " ")
    guard fields.count >= 4, let count = Int(fields[3], radix: 16), count > 0 else { return nil }
    return count
  }

  /// Corrects the end of a Vorbis file that is one page of Ogg.
  ///
  /// FFmpeg 5.1 counts the first block, which gives no samples, when it computes how many to drop
  /// at the end. The page's granule, which is the stream's duration, tells the right end.
  private mutating func correctSinglePage(
    _ packet: UnsafeMutablePointer<AVPacket>, _ demuxer: AudioDemuxer, rate: Int
  ) {
    let ticks = demuxer.stream.pointee.duration
    guard packet.pointee.pos == firstByte, ticks > 0, sentio_packet_clear_discard(packet) > 0
    else { return }
    frameCount = Int((Double(ticks) * demuxer.secondsPerTick * Double(rate)).rounded())
  }
}

extension AudioDemuxer {
  /// Whether the container is of the MP4 and QuickTime family.
  var isMP4: Bool { containerName.hasPrefix("mov,") }

  /// Whether this is Vorbis in Ogg.
  var isOggVorbis: Bool {
    stream.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_VORBIS && containerName == "ogg"
  }
}
