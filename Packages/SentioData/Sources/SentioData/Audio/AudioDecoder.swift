import Foundation

/// Decodes audio files of every container and codec that FFmpeg reads.
///
/// The first audio stream counts, cover art or not. Encoder delay and padding are taken off where
/// the file tells them (LAME and iTunes tags, edit lists, Opus pre-skip, Ogg's last granule), so
/// that a gapless file gives as many frames as its source had. Damaged packets are skipped with
/// an ``AudioWarning``; a file without a single good frame is an ``AudioError``.
///
/// ```swift
/// let song = try AudioDecoder().decode(url, range: .first(seconds: 30))
/// ```
///
/// *Reference:* `librosa.load` 0.11 (mean of the channels, count `⌈N · wanted / source⌉`).
/// *Differs from:* librosa in keeping encoder delay out of the signal for every format, and in
/// refusing files that hold no sample.
public struct AudioDecoder: Sendable {
  /// What one file may cost at most.
  public var limits: AudioLimits

  /// Makes a decoder.
  ///
  /// - Parameter limits: what one file may cost at most.
  public init(limits: AudioLimits = .standard) {
    self.limits = limits
  }

  /// Reads what the header says, without decoding the audio.
  ///
  /// - Parameter url: a file.
  /// - Returns: codec, container, rate, channels and length as announced.
  /// - Throws: ``AudioError``.
  public func inspect(_ url: URL) throws(AudioError) -> AudioSource {
    try AudioDemuxer(path: url.path, limits: limits).source
  }

  /// Decodes a file or a part of it.
  ///
  /// A range is exact to the frame: its samples are, bit for bit, those of the whole file's
  /// decoding at the same place. Only PCM, FLAC and MPEG audio can jump to it; other codecs
  /// remember everything before, so they are decoded from the beginning and cut. Resampling comes
  /// after cutting: `N` source frames become `⌈N · wanted / source⌉`.
  ///
  /// - Parameters:
  ///   - url: a file.
  ///   - format: the rate and channels wanted; 22,050 Hz mono by default.
  ///   - range: the part wanted; nil for all. An end behind the file's is no error: the result is
  ///     shorter.
  /// - Returns: at least one frame, all values finite.
  /// - Throws: ``AudioError``, also when the surrounding task is cancelled.
  public func decode(
    _ url: URL, as format: AudioFormat = AudioFormat(), range: TimeRange? = nil
  ) throws(AudioError) -> DecodedAudio {
    try decode(url, as: format, range: range, threads: nil)
  }

  /// Decodes a file or a part of it, with a bound on the resampler's threads: songs side by side leave it one each.
  ///
  /// - Parameters:
  ///   - url: a file.
  ///   - format: the rate and channels wanted.
  ///   - range: the part wanted; nil for all.
  ///   - threads: how many threads resample; nil for as many as there are cores. The samples do not depend on it.
  /// - Returns: as ``decode(_:as:range:)``.
  /// - Throws: ``AudioError``, also when the surrounding task is cancelled.
  public func decode(
    _ url: URL, as format: AudioFormat, range: TimeRange?, threads: Int?
  ) throws(AudioError) -> DecodedAudio {
    let path = url.path
    var demuxer = try AudioDemuxer(path: path, limits: limits)
    var reader = try FrameReader(demuxer)
    let source = demuxer.source
    try demuxer.checkBounds(rate: source.sampleRate, channels: source.channelCount)
    let asked = range?.frames(at: max(1, source.sampleRate)) ?? 0..<Int.max
    if let audio = decodeHalves(
      url, as: format, asked: asked, source: source, threads: threads)
    {
      return audio
    }

    // A jump saves time only when there is something to jump over.
    if asked.lowerBound > 2 * source.sampleRate, source.sampleRate > 0,
      try !reader.approach(asked.lowerBound)
    {
      demuxer = try AudioDemuxer(path: path, limits: limits)
      reader = try FrameReader(demuxer)
    }
    guard try reader.next() else {
      if reader.position > 0 { throw outside(range, reader, path) }
      throw nothing(reader, source, path)
    }

    // The first frame knows the rate better than the header (HE-AAC doubles it).
    let rate = reader.baseRate
    let wanted = range?.frames(at: rate) ?? 0..<Int.max
    let announced = Int(min(1e12, (source.duration ?? 0) * Double(rate) * 1.01)) + 4_096
    let maximum = try maximumFrames(rate: rate, format, source, wanted, path)
    var collector = SampleCollector(
      mode: format.channels, wanted: wanted, announcedFrames: announced,
      maximumFrames: maximum, path: path)
    repeat {
      try collector.take(from: reader)
      if collector.isComplete(at: reader.position) { break }
    } while try reader.next()
    try collector.finishDetour(reader)
    collector.cut(at: Int(reader.position) - (try reader.trailingPadding()))
    guard collector.frameCount > 0 else { throw outside(range, reader, path) }
    noteMissingEnd(reader, source)
    return try finish(collector, reader, source: source, format: format, threads: threads)
  }

  private func finish(
    _ collector: SampleCollector, _ reader: FrameReader, source: AudioSource, format: AudioFormat,
    threads: Int?
  ) throws(AudioError) -> DecodedAudio {
    let rate = reader.baseRate
    let wantedRate = format.sampleRate ?? rate
    let conversion = try RateConversion(
      from: rate, to: wantedRate, threads: threads, path: reader.demuxer.path)
    let planes = collector.channels.map { conversion($0) }
    var described = source
    described.sampleRate = rate
    return DecodedAudio(
      samples: planes.count == 1 ? planes[0] : planes.flatMap(\.self), sampleRate: wantedRate,
      channelCount: planes.count, sourceFrameCount: collector.frameCount, source: described,
      warnings: reader.warnings.warnings)
  }

  /// The most frames that may be kept, at the source's rate.
  private func maximumFrames(
    rate: Int, _ format: AudioFormat, _ source: AudioSource, _ wanted: Range<Int>, _ path: String
  ) throws(AudioError) -> Int {
    let outputs = format.channels == .source ? max(1, source.channelCount) : 2
    let growth = max(1, Double(format.sampleRate ?? rate) / Double(rate))
    let bySamples = Double(limits.decodedSamples) / Double(outputs) / growth
    let bySeconds = limits.decodedSeconds * Double(rate)
    let maximum = Int(max(1, min(bySamples, bySeconds, 0x1p40)))
    if source.durationIsExact, let duration = source.duration {
      let expected = min(wanted.upperBound, Int(min(duration * Double(rate), 0x1p52)))
      guard expected - min(expected, wanted.lowerBound) <= maximum else {
        throw AudioError(
          .limitExceeded, path: path,
          detail: "\(Int(duration)) s of audio are above the limit of \(maximum / rate) s")
      }
    }
    return maximum
  }

  /// A file that ends before the length that it announced was cut off.
  private func noteMissingEnd(_ reader: FrameReader, _ source: AudioSource) {
    guard reader.reachedEnd, source.durationIsExact, let announced = source.duration else { return }
    // A tenth of a second covers what encoders round and pad.
    if announced - reader.seconds > max(0.1, 0.001 * announced) {
      reader.warn(
        "the audio ends here, but the header announces \(String(format: "%.3f", announced)) s")
    }
  }

  private func nothing(
    _ reader: FrameReader, _ source: AudioSource, _ path: String
  ) -> AudioError {
    if let first = reader.warnings.warnings.first {
      return AudioError(
        .damaged, path: path, detail: "no frame could be decoded; \(first.message)",
        position: 0)
    }
    if source.durationIsExact, let announced = source.duration, announced > 0 {
      return AudioError(
        .damaged, path: path,
        detail: "the header announces \(String(format: "%.3f", announced)) s, but no audio follows")
    }
    return AudioError(.noSamples, path: path, detail: "the file holds no sample")
  }

  private func outside(_ range: TimeRange?, _ reader: FrameReader, _ path: String) -> AudioError {
    guard let range else { return nothing(reader, reader.demuxer.source, path) }
    let from = Double(range.frames(at: reader.baseRate).lowerBound) / Double(reader.baseRate)
    return AudioError(
      .rangeOutside, path: path,
      detail: "the range holds no frame: it begins at \(String(format: "%.3f", from)) s, "
        + "the audio ends at \(String(format: "%.3f", reader.seconds)) s")
  }
}
