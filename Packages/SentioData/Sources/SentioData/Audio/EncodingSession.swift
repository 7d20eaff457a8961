import CFFmpeg
import CSentioDataKernels
import Foundation

/// One run of an encoder and a muxer into memory, where the muxer can go back and fill in lengths.
final class EncodingSession {
  private let encoding: AudioEncoding
  private let path: String
  private let channelCount: Int
  private var container: UnsafeMutablePointer<AVFormatContext>!
  private var stream: UnsafeMutablePointer<AVStream>!
  private var codec: UnsafeMutablePointer<AVCodecContext>!
  private var frame: UnsafeMutablePointer<AVFrame>!
  private var packet: UnsafeMutablePointer<AVPacket>!
  private var clipped = 0
  private var discarded: UInt32 = 0

  /// Opens the encoder and the muxer, and writes the header.
  init(
    _ encoding: AudioEncoding, sampleRate: Int, channelCount: Int, frameCount: Int, path: String
  ) throws(AudioError) {
    self.encoding = encoding
    self.path = path
    self.channelCount = channelCount
    av_log_set_level(AV_LOG_QUIET)
    guard let encoder = avcodec_find_encoder_by_name(encoding.encoderName) else {
      throw AudioError(
        .unsupportedCodec(encoding.encoderName), path: path,
        detail: "this FFmpeg has no encoder \(encoding.encoderName)")
    }
    try check(avformat_alloc_output_context2(&container, nil, encoding.muxerName, nil), "the muxer")
    // No version, no date, no random serial number: the same samples give the same bytes.
    container.pointee.flags |= AVFMT_FLAG_BITEXACT
    try check(avio_open_dyn_buf(&container.pointee.pb), "memory")
    codec = avcodec_alloc_context3(encoder)
    stream = avformat_new_stream(container, nil)
    frame = av_frame_alloc()
    packet = av_packet_alloc()
    guard codec != nil, stream != nil, frame != nil, packet != nil else {
      throw AudioError(.limitExceeded, path: path, detail: "no memory for the encoder")
    }
    codec.pointee.sample_rate = Int32(sampleRate)
    codec.pointee.sample_fmt = encoding.sampleFormat
    codec.pointee.time_base = AVRational(num: 1, den: Int32(sampleRate))
    codec.pointee.thread_count = 1
    codec.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    if container.pointee.oformat.pointee.flags & AVFMT_GLOBALHEADER != 0 {
      codec.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
    }
    av_channel_layout_default(&codec.pointee.ch_layout, Int32(channelCount))
    switch encoding {
    case .wav(.int24): codec.pointee.bits_per_raw_sample = 24
    case .wav: break
    case .flac(let depth): codec.pointee.bits_per_raw_sample = Int32(depth.rawValue)
    case .mp3(let bitRate): codec.pointee.bit_rate = Int64(bitRate)
    case .ogg(let quality):
      codec.pointee.flags |= AV_CODEC_FLAG_QSCALE
      codec.pointee.global_quality = Int32((quality * Double(FF_QP2LAMBDA)).rounded())
    }
    try check(avcodec_open2(codec, encoder, nil), "the encoder \(encoding.encoderName)")
    // FFmpeg reads a Vorbis file that is a single page wrong by a block, so there are always more:
    // one for every 100 ms, and in a very short file one for every packet.
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    if case .ogg = encoding {
      av_dict_set(&options, "page_duration", frameCount < sampleRate / 2 ? "1" : "100000", 0)
    }
    stream.pointee.time_base = codec.pointee.time_base
    try check(avcodec_parameters_from_context(stream.pointee.codecpar, codec), "the stream")
    try check(avformat_write_header(container, &options), "the header")
  }

  deinit {
    avcodec_free_context(&codec)
    av_frame_free(&frame)
    av_packet_free(&packet)
    if let open = container {
      if open.pointee.pb != nil {
        var bytes: UnsafeMutablePointer<UInt8>?
        avio_close_dyn_buf(open.pointee.pb, &bytes)
        av_free(bytes)
      }
      avformat_free_context(open)
    }
  }

  /// Encodes everything and hands out the file; call it once.
  func encode(_ samples: [Float]) throws(AudioError) -> AudioEncoder.Encoded {
    let total = samples.count / channelCount
    let step = codec.pointee.frame_size > 0 ? Int(codec.pointee.frame_size) : 4_096
    var start = 0
    while start < total {
      let count = min(step, total - start)
      try fill(samples, start: start, count: count, total: total)
      try check(avcodec_send_frame(codec, frame), "a frame", at: start)
      try drain()
      start += count
      if Task.isCancelled {
        throw AudioError(.cancelled, path: path, detail: "encoding was cancelled")
      }
    }
    try check(avcodec_send_frame(codec, nil), "the end")
    try drain()
    try check(av_write_trailer(container), "the end")
    var bytes: UnsafeMutablePointer<UInt8>?
    let count = avio_close_dyn_buf(container.pointee.pb, &bytes)
    container.pointee.pb = nil
    defer { av_free(bytes) }
    guard count >= 0, let bytes else {
      throw AudioError(.limitExceeded, path: path, detail: "the file would pass 2 GiB")
    }
    return AudioEncoder.Encoded(
      bytes: Data(bytes: bytes, count: Int(count)), clippedSampleCount: clipped)
  }

  private func fill(
    _ samples: [Float], start: Int, count: Int, total: Int
  ) throws(AudioError) {
    av_frame_unref(frame)
    frame.pointee.nb_samples = Int32(count)
    frame.pointee.format = codec.pointee.sample_fmt.rawValue
    frame.pointee.sample_rate = codec.pointee.sample_rate
    frame.pointee.pts = Int64(start)
    try check(
      av_channel_layout_copy(&frame.pointee.ch_layout, &codec.pointee.ch_layout), "the channels")
    try check(av_frame_get_buffer(frame, 0), "memory")
    samples.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      for channel in 0..<channelCount {
        let input = base + (channel * total + start)
        clipped += store(input, channel: channel, count: count)
      }
    }
  }

  /// Stores one channel's samples in the frame, in the encoder's format.
  private func store(_ input: UnsafePointer<Float>, channel: Int, count: Int) -> Int {
    let planes = frame.pointee.extended_data!
    let interleaved = UnsafeMutableRawPointer(planes[0]!)
    let stride = channelCount
    switch encoding {
    case .wav(.int16), .flac(.bits16):
      let out = interleaved.assumingMemoryBound(to: Int16.self) + channel
      return sentio_audio_to_s16(input, count, stride, out)
    case .wav(.int24), .flac(.bits24):
      let out = interleaved.assumingMemoryBound(to: Int32.self) + channel
      return sentio_audio_to_s32(input, count, stride, 24, out)
    case .wav(.float32):
      let out = interleaved.assumingMemoryBound(to: Float.self) + channel
      return sentio_audio_to_f32(input, count, stride, out)
    case .mp3, .ogg:
      let out = UnsafeMutableRawPointer(planes[channel]!).assumingMemoryBound(to: Float.self)
      return sentio_audio_to_f32(input, count, 1, out)
    }
  }

  private func drain() throws(AudioError) {
    while true {
      let code = avcodec_receive_packet(codec, packet)
      if code == sentio_averror(EAGAIN) || code == sentio_averror_eof() { return }
      try check(code, "a packet")
      av_packet_rescale_ts(packet, codec.pointee.time_base, stream.pointee.time_base)
      // LAME's flush may end in a packet that holds padding only. FFmpeg's muxer notes the padding
      // of the last packet alone, so the sum goes with it.
      discarded = sentio_packet_carry_discard(packet, discarded)
      packet.pointee.stream_index = stream.pointee.index
      try check(av_interleaved_write_frame(container, packet), "a packet")
    }
  }

  private func check(_ code: Int32, _ what: String, at frame: Int? = nil) throws(AudioError) {
    guard code < 0 else { return }
    throw AudioError(
      .unsupportedFormat, path: path,
      detail: "\(encoding.encoderName) refuses \(what): \(ffmpegMessage(code))",
      position: frame.map { Double($0) / Double(codec.pointee.sample_rate) })
  }
}
