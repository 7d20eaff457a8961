/// The five genre groups of the corpus, in the shares that the Sentio report gives for DEAM.
public enum MusicalGenre: String, CaseIterable, Sendable, Codable {
  /// Songs with a band.
  case popRock = "Pop-Rock"
  /// Synthesizers and machines.
  case electronic = "Electronic"
  /// Orchestra and keyboard.
  case classical = "Classical"
  /// Swing and blues.
  case jazzBlues = "Jazz-Blues"
  /// Folk and ambient.
  case other = "Folk-Ambient"

  /// Share of the corpus, summing to 1.
  ///
  /// *Reference:* the report's section 2.1: 35, 22, 18, 15 and 10 %.
  public var share: Double {
    switch self {
    case .popRock: 0.35
    case .electronic: 0.22
    case .classical: 0.18
    case .jazzBlues: 0.15
    case .other: 0.10
    }
  }

  /// Name as DEAM's 2014 metadata writes it: labels joined by hyphens.
  public var metadataLabel: String { rawValue }
}
