// The two named scales are written as their names, another interval as its two ends, so that a
// report's JSON reads `"scale": "unit"` and not `"scale": {"unit": {}}`.

extension EmotionScale: Codable {
  private enum CodingKeys: String, CodingKey {
    case lower
    case upper
  }

  /// Reads a scale's name, `"deam1to9"` or `"unit"`, or an object with `lower` and `upper`.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      switch name {
      case "deam1to9": self = .deam1to9
      case "unit": self = .unit
      default:
        throw DecodingError.dataCorrupted(
          DecodingError.Context(
            codingPath: decoder.codingPath,
            debugDescription: "unknown emotion scale \"\(name)\", expected deam1to9 or unit"))
      }
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let lower = try container.decode(Double.self, forKey: .lower)
    let upper = try container.decode(Double.self, forKey: .upper)
    guard lower < upper else {
      throw DecodingError.dataCorruptedError(
        forKey: .upper, in: container,
        debugDescription: "the emotion scale \(lower)...\(upper) is empty")
    }
    self = .interval(lower: lower, upper: upper)
  }

  /// Writes what ``init(from:)`` reads.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .deam1to9:
      var container = encoder.singleValueContainer()
      try container.encode("deam1to9")
    case .unit:
      var container = encoder.singleValueContainer()
      try container.encode("unit")
    case .interval(let lower, let upper):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(lower, forKey: .lower)
      try container.encode(upper, forKey: .upper)
    }
  }
}
