/// What one file may cost at most; a file that would cost more is refused with a typed error.
///
/// Files come from outside, and a few hostile bytes can announce hours of audio. Everything that
/// a header announces is checked against these bounds before memory is taken for it.
public struct AudioLimits: Sendable, Hashable {
  /// Longest audio that is decoded, in seconds of the source; 2 h by default.
  public var decodedSeconds: Double = 7_200
  /// Most decoded samples (frames × channels) at the source's rate and at the wanted one; 2³⁰
  /// (4 GiB) by default, 2 h of stereo at 48 kHz is 0.7 · 10⁹.
  public var decodedSamples: Int = 1 << 30
  /// Most channels of the source; 64 by default.
  public var channels: Int = 64
  /// Highest rate of the source in Hz; 768,000 by default.
  public var sampleRate: Int = 768_000
  /// Bytes that may be read to find out what the file is; 5 MiB by default.
  public var probedBytes: Int = 5 << 20
  /// Packets in a row that may yield no audio before the rest is given up; 20,000 by default.
  public var barrenPackets: Int = 20_000
  /// Longest time that one file may take; 5 minutes by default.
  public var duration: Duration = .seconds(300)
  /// Most warnings that are kept for one file; further ones are counted in the last.
  public var warnings: Int = 32

  /// The default limits.
  public init() {}

  /// The default limits.
  public static let standard = AudioLimits()
}
