/// What a file says about its audio, before and after decoding.
public struct AudioSource: Sendable, Hashable {
  /// FFmpeg's short name of the codec, such as `mp3`, `aac` or `pcm_s24le`.
  public var codec: String
  /// FFmpeg's short name of the container, such as `mp3`, `wav` or `mov,mp4,m4a,3gp,3g2,mj2`.
  public var container: String
  /// Samples per second of the source, in Hz.
  public var sampleRate: Int
  /// Channels of the source.
  public var channelCount: Int
  /// Length that the header announces or the bit rate suggests, in seconds; nil where unknown.
  public var duration: Double?
  /// Whether ``duration`` was announced by the file rather than estimated from its bit rate.
  public var durationIsExact: Bool
  /// Bits per sample of lossless codecs; nil for lossy ones, which have none.
  public var bitDepth: Int?
  /// Average bits per second; nil where unknown.
  public var bitRate: Int?
}

/// Audio as numbers: full scale is 1, the channels stand one after the other.
public struct DecodedAudio: Sendable {
  /// All samples, `[C, N]` row-major.
  ///
  /// Channel 0's `N` samples come first, then channel 1's. Always finite; lossy codecs may exceed
  /// ±1 a little.
  public var samples: [Float]
  /// Samples per second, in Hz.
  public var sampleRate: Int
  /// Number of channels, `C`.
  public var channelCount: Int
  /// Number of frames, `N` (samples per channel).
  public var frameCount: Int { channelCount == 0 ? 0 : samples.count / channelCount }
  /// Length in seconds.
  public var duration: Double { Double(frameCount) / Double(sampleRate) }
  /// Frames that were decoded for the range at the source's rate, before resampling.
  public var sourceFrameCount: Int
  /// What the file said about itself.
  public var source: AudioSource
  /// What was skipped or mended; empty for a sound file.
  public var warnings: [AudioWarning]

  /// The samples of one channel, `[N]`.
  ///
  /// - Parameter index: 0 to `channelCount - 1`.
  /// - Returns: a slice of ``samples``.
  public func channel(_ index: Int) -> ArraySlice<Float> {
    precondition(
      index >= 0 && index < channelCount, "channel \(index) of \(channelCount) does not exist")
    return samples[index * frameCount..<(index + 1) * frameCount]
  }
}
