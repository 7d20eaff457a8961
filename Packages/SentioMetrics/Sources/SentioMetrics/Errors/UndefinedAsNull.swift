/// Storage of a number that is NaN where a metric is undefined and `null` when encoded.
///
/// JSON has no NaN, and `JSONEncoder` refuses one. The result types of this module mark their
/// numbers with this wrapper so that a report with an undefined entry can still be written and
/// read back; callers read and write a plain `Double`.
@propertyWrapper
public struct UndefinedAsNull: Hashable, Sendable, Codable {
  /// The number, NaN where undefined.
  public var wrappedValue: Double

  /// Wraps a number.
  public init(wrappedValue: Double) {
    self.wrappedValue = wrappedValue
  }

  /// Reads a number, or NaN for `null`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? .nan : try container.decode(Double.self)
  }

  /// Writes the number, or `null` where it is not finite.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if wrappedValue.isFinite {
      try container.encode(wrappedValue)
    } else {
      try container.encodeNil()
    }
  }
}
