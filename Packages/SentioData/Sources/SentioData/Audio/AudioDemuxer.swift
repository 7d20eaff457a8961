import CFFmpeg
import Foundation

/// An opened file: its container, its first audio stream and the decoder of that stream.
///
/// The file is read through a context of our own, and every further file that a container would
/// like to open (playlists, manifests) is refused: a song can't reach the network or other files.
final class AudioDemuxer {
  let path: String
  let limits: AudioLimits
  let watch: DecodingGuard
  private(set) var container: UnsafeMutablePointer<AVFormatContext>!
  private(set) var stream: UnsafeMutablePointer<AVStream>!
  private(set) var codec: UnsafeMutablePointer<AVCodecContext>!
  private var io: UnsafeMutablePointer<AVIOContext>?

  /// The names under which FFmpeg chooses a demuxer by the file's name alone, although the content
  /// says nothing: `.bit` would make headerless G.729 speech of any bytes.
  private static let neverByName: Set<String> = ["bit"]

  /// FFmpeg writes to standard error unless told not to; a library prints nothing.
  private static let silence: Void = av_log_set_level(AV_LOG_QUIET)

  init(path: String, limits: AudioLimits) throws(AudioError) {
    self.path = path
    self.limits = limits
    watch = DecodingGuard(path: path, limit: limits.duration)
    _ = Self.silence
    try checkFile()
    // By content first: a name says less than the bytes. Then with the name, for the few
    // containers that have no mark of their own.
    if let failure = open(name: "") {
      if let stop = watch.reasonToStop() { throw stop }
      if open(name: path) != nil {
        throw AudioError(
          .notAudio, path: path,
          detail: "no audio container begins like this (\(ffmpegMessage(failure)))")
      }
      if Self.neverByName.contains(String(cString: container.pointee.iformat.pointee.name)) {
        throw AudioError(.notAudio, path: path, detail: "no audio container begins like this")
      }
    }
    try chooseStream()
    try openDecoder()
  }

  deinit {
    avcodec_free_context(&codec)
    avformat_close_input(&container)
    avio_closep(&io)
  }

  /// Says in our own words what the system would refuse, and keeps pipes and devices out, which
  /// could block for ever.
  private func checkFile() throws(AudioError) {
    guard !path.utf8.contains(0) else {
      throw AudioError(.notFound, path: path, detail: "the path contains a zero byte")
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      let kind: AudioError.Kind = code == ENOENT || code == ENOTDIR ? .notFound : .unreadable
      throw AudioError(kind, path: path, detail: String(cString: strerror(code)))
    }
    let type = status.st_mode & S_IFMT
    guard type == S_IFREG else {
      throw AudioError(
        .notAFile, path: path,
        detail: type == S_IFDIR ? "this is a folder, not a file" : "this is not a regular file")
    }
    guard access(path, R_OK) == 0 else {
      throw AudioError(.unreadable, path: path, detail: String(cString: strerror(errno)))
    }
    guard status.st_size > 0 else {
      throw AudioError(.emptyFile, path: path, detail: "the file has 0 bytes")
    }
  }

  /// Opens the container; returns FFmpeg's error code, or nil.
  private func open(name: String) -> Int32? {
    avio_closep(&io)
    var interrupt = watch.interruptCallback
    var code = avio_open2(&io, "file:" + path, AVIO_FLAG_READ, &interrupt, nil)
    guard code >= 0 else { return code }
    guard let context = avformat_alloc_context() else { return sentio_averror(ENOMEM) }
    container = context
    context.pointee.pb = io
    context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    context.pointee.interrupt_callback = interrupt
    context.pointee.probesize = Int64(limits.probedBytes)
    context.pointee.max_streams = 64
    sentio_forbid_nested_files(context)
    code = avformat_open_input(&container, name, nil, nil)  // frees the context when it fails
    return code < 0 ? code : nil
  }

  private func chooseStream() throws(AudioError) {
    // Pictures among the streams need no look inside.
    for index in 0..<Int(container.pointee.nb_streams) {
      let candidate = container.pointee.streams[index]!
      if candidate.pointee.codecpar.pointee.codec_type != AVMEDIA_TYPE_AUDIO
        && candidate.pointee.codecpar.pointee.codec_type != AVMEDIA_TYPE_UNKNOWN
      {
        candidate.pointee.discard = AVDISCARD_ALL
      }
    }
    let code = avformat_find_stream_info(container, nil)
    if let stop = watch.reasonToStop() { throw stop }
    for index in 0..<Int(container.pointee.nb_streams) {
      let candidate = container.pointee.streams[index]!
      if stream == nil, candidate.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO {
        stream = candidate
      } else {
        candidate.pointee.discard = AVDISCARD_ALL
      }
    }
    guard stream != nil else {
      throw AudioError(
        .noAudioStream, path: path,
        detail: code < 0
          ? "the container \(containerName) is damaged: \(ffmpegMessage(code))"
          : "the container \(containerName) holds no audio stream")
    }
  }

  private func openDecoder() throws(AudioError) {
    let parameters = stream.pointee.codecpar!
    let identifier = parameters.pointee.codec_id
    guard let decoder = avcodec_find_decoder(identifier) else {
      let name = String(cString: avcodec_get_name(identifier))
      throw AudioError(
        .unsupportedCodec(name), path: path, detail: "this FFmpeg has no decoder for \(name)")
    }
    codec = avcodec_alloc_context3(decoder)
    guard codec != nil, avcodec_parameters_to_context(codec, parameters) >= 0 else {
      throw AudioError(.damaged, path: path, detail: "the stream's header can't be read")
    }
    codec.pointee.pkt_timebase = stream.pointee.time_base
    // One song, one thread: songs are what is decoded side by side.
    codec.pointee.thread_count = 1
    codec.pointee.max_samples = 1 << 24
    if identifier == AV_CODEC_ID_FLAC {
      // FLAC frames carry a checksum; without this a damaged one would come out as noise.
      codec.pointee.err_recognition |= Int32(AV_EF_CRCCHECK) | Int32(AV_EF_EXPLODE)
    }
    let code = avcodec_open2(codec, decoder, nil)
    guard code >= 0 else {
      throw AudioError(
        .damaged, path: path,
        detail: "the decoder for \(codecName) refuses the stream: \(ffmpegMessage(code))")
    }
  }

  /// FFmpeg's short name of the container.
  var containerName: String { String(cString: container.pointee.iformat.pointee.name) }

  /// FFmpeg's short name of the codec.
  var codecName: String {
    String(cString: avcodec_get_name(stream.pointee.codecpar.pointee.codec_id))
  }

  /// Seconds of one tick of the stream's clock.
  var secondsPerTick: Double {
    let base = stream.pointee.time_base
    return base.den == 0 ? 0 : Double(base.num) / Double(base.den)
  }

  /// What the header says, before a frame is decoded.
  var source: AudioSource {
    let parameters = stream.pointee.codecpar.pointee
    let ticks = stream.pointee.duration
    let whole = container.pointee.duration
    var duration: Double?
    if ticks > 0 {
      duration = Double(ticks) * secondsPerTick
    } else if whole > 0 {
      duration = Double(whole) / Double(AV_TIME_BASE)
    }
    let lossy =
      avcodec_descriptor_get(parameters.codec_id).map {
        $0.pointee.props & AV_CODEC_PROP_LOSSY != 0
          && $0.pointee.props & AV_CODEC_PROP_LOSSLESS == 0
      } ?? true
    let bits =
      parameters.bits_per_raw_sample > 0
      ? parameters.bits_per_raw_sample : av_get_exact_bits_per_sample(parameters.codec_id)
    let bitRate = parameters.bit_rate > 0 ? parameters.bit_rate : container.pointee.bit_rate
    return AudioSource(
      codec: codecName, container: containerName, sampleRate: Int(parameters.sample_rate),
      channelCount: Int(parameters.ch_layout.nb_channels), duration: duration,
      durationIsExact: duration != nil
        && container.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE,
      bitDepth: lossy || bits <= 0 ? nil : Int(bits),
      bitRate: bitRate > 0 ? Int(clamping: bitRate) : nil)
  }
}
