/// What a signal, a file's setting or a request can do wrong.
///
/// Programmer errors (a buffer of the wrong length) are preconditions instead.
public enum DSPError: Error, Hashable, Sendable {
  /// The signal has no samples.
  case emptySignal

  /// The signal is too short for what was asked of it.
  case signalTooShort(sampleCount: Int, minimum: Int, reason: String)

  /// A sample is NaN or infinite.
  case nonFiniteSample(index: Int, value: Float)

  /// A setting has a value that it cannot have.
  case invalidSetting(name: String, value: String, expected: String)

  /// The signal's sample rate differs from the rate that the settings are made for.
  case sampleRateMismatch(expected: Double, found: Double)

  /// No feature, feature set or convention has this name.
  case unknownName(String, known: [String])
}

extension DSPError: CustomStringConvertible {
  /// The problem and its remedy in one sentence.
  public var description: String {
    switch self {
    case .emptySignal:
      return "the signal has no samples: check that the file decoded to at least one sample"
    case .signalTooShort(let sampleCount, let minimum, let reason):
      return "the signal has \(sampleCount) samples but needs at least \(minimum): \(reason)"
    case .nonFiniteSample(let index, let value):
      return "sample \(index) is \(value): replace non-finite samples before analysis"
    case .invalidSetting(let name, let value, let expected):
      return "\(name) is \(value) but must be \(expected)"
    case .sampleRateMismatch(let expected, let found):
      return "the signal has \(found) samples per second but the front end expects \(expected): "
        + "resample it first"
    case .unknownName(let name, let known):
      return "there is no \"\(name)\": known are \(known.joined(separator: ", "))"
    }
  }
}
