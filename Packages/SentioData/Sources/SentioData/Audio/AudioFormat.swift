/// What decoded audio shall look like: the rate and the channels that the caller wants.
///
/// The default asks for what the report's front end takes: 22,050 Hz, one channel.
public struct AudioFormat: Sendable, Hashable {
  /// How the file's channels become the caller's.
  public enum Channels: Sendable, Hashable {
    /// As many channels as the file has, in its order.
    case source
    /// The plain mean of all channels of the file, as librosa's `to_mono` takes it.
    case mono
    /// Two channels: a mono file's channel twice, a stereo file's two, and for more than two the
    /// mean of all, twice (no layout is guessed).
    case stereo
  }

  /// Samples per second wanted, 1 to 768,000 Hz; nil keeps the file's own rate.
  public var sampleRate: Int?
  /// The channels wanted.
  public var channels: Channels

  /// Asks for a rate and channels.
  ///
  /// - Parameters:
  ///   - sampleRate: samples per second, 1 to 768,000 Hz; nil keeps the file's own rate.
  ///   - channels: how the file's channels become the caller's.
  public init(sampleRate: Int? = 22_050, channels: Channels = .mono) {
    if let sampleRate {
      precondition(
        (1...768_000).contains(sampleRate), "sample rate \(sampleRate) Hz is outside 1...768,000")
    }
    self.sampleRate = sampleRate
    self.channels = channels
  }

  /// The file's own rate and channels: no resampling, no mixing.
  public static let source = AudioFormat(sampleRate: nil, channels: .source)
}

/// A part of a file, counted on the file's own timeline after its encoder delay is taken off.
public enum TimeRange: Sendable, Hashable {
  /// From a time to a time in seconds; each end is rounded to the nearest source frame.
  case seconds(Range<Double>)
  /// Source frames (one sample of every channel), counted from 0 at the file's own rate.
  case frames(Range<Int>)

  /// The first `seconds` of the file, or all of it where it is shorter.
  public static func first(seconds: Double) -> TimeRange { .seconds(0..<max(0, seconds)) }

  /// The range in source frames at a rate; ends that no file reaches are cut off.
  func frames(at sampleRate: Int) -> Range<Int> {
    switch self {
    case .frames(let range):
      return max(0, range.lowerBound)..<max(0, range.upperBound)
    case .seconds(let range):
      // NaN fails both comparisons and counts as 0; infinity means the end of the file.
      func index(_ seconds: Double) -> Int {
        let frame = (seconds * Double(sampleRate)).rounded()
        return frame > 0 ? (frame < 0x1p52 ? Int(frame) : 1 << 52) : 0
      }
      let lower = index(range.lowerBound)
      return lower..<max(lower, index(range.upperBound))
    }
  }
}
