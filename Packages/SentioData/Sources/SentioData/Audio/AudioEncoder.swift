import Foundation
import SentioTensor

/// Writes samples as WAV, FLAC, MP3 or Ogg Vorbis.
///
/// Same samples, same settings, same libraries: same bytes; no date and no random serial is
/// written. Integers are rounded to nearest, without dither, and clipped at full scale.
///
/// ```swift
/// try AudioEncoder(.mp3(bitRate: 64_000)).write(samples, sampleRate: 44_100, to: url)
/// ```
public struct AudioEncoder: Sendable {
  /// The file format and its settings.
  public var encoding: AudioEncoding

  /// Makes an encoder.
  ///
  /// - Parameter encoding: the file format and its settings.
  public init(_ encoding: AudioEncoding) {
    self.encoding = encoding
  }

  /// A file's bytes, and what was lost on the way to them.
  public struct Encoded: Sendable {
    /// The bytes of the file.
    public var bytes: Data
    /// Samples beyond ±1 that integers could not hold, and samples that were no numbers.
    public var clippedSampleCount: Int
  }

  /// Encodes samples in memory.
  ///
  /// - Parameters:
  ///   - samples: `[C, N]` row-major, full scale ±1: all of channel 0, then all of channel 1.
  ///     Values that are not finite are written as 0 and counted as clipped.
  ///   - sampleRate: samples per second and channel, in Hz; see ``AudioEncoding`` for what each takes.
  ///   - channelCount: number of channels, `C`; divides the count of samples.
  /// - Returns: the bytes of the file.
  /// - Throws: ``AudioError`` of the kinds `unsupportedFormat`, `unsupportedCodec`, `limitExceeded`
  ///   (the file would pass 2 GiB).
  public func encode(
    _ samples: [Float], sampleRate: Int, channelCount: Int = 1
  ) throws(AudioError) -> Encoded {
    try encode(samples, sampleRate: sampleRate, channelCount: channelCount, path: "(memory)")
  }

  /// Writes samples as a file, which is there whole or not at all.
  ///
  /// - Parameters:
  ///   - samples: `[C, N]` row-major, full scale ±1: all of channel 0, then all of channel 1.
  ///   - sampleRate: samples per second and channel, in Hz.
  ///   - channelCount: number of channels, `C`; divides the count of samples.
  ///   - url: the file; an old one is replaced only when the new one is complete.
  /// - Returns: the count of clipped samples.
  /// - Throws: ``AudioError``, of the kind `unwritable` where the system refuses.
  @discardableResult
  public func write(
    _ samples: [Float], sampleRate: Int, channelCount: Int = 1, to url: URL
  ) throws(AudioError) -> Int {
    let encoded = try encode(
      samples, sampleRate: sampleRate, channelCount: channelCount, path: url.path)
    do {
      try SentioTensor.AtomicFile.write(encoded.bytes, to: url)
    } catch {
      throw AudioError(.unwritable, path: url.path, detail: "\(error)")
    }
    return encoded.clippedSampleCount
  }

  private func encode(
    _ samples: [Float], sampleRate: Int, channelCount: Int, path: String
  ) throws(AudioError) -> Encoded {
    precondition(
      channelCount > 0 && samples.count % channelCount == 0,
      "\(samples.count) samples can't be \(channelCount) channels of one length")
    if let objection = encoding.objection(sampleRate: sampleRate, channelCount: channelCount) {
      throw AudioError(
        .unsupportedFormat, path: path,
        detail: "\(objection); asked were \(channelCount) channels at \(sampleRate) Hz")
    }
    let session = try EncodingSession(
      encoding, sampleRate: sampleRate, channelCount: channelCount,
      frameCount: samples.count / channelCount, path: path)
    return try session.encode(samples)
  }
}
