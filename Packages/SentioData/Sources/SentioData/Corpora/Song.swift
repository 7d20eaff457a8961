import Foundation
import SentioMetrics

/// The spread of the raters' opinions about a song.
public struct LabelDeviation: Hashable, Sendable {
  /// Standard deviation of valence, in units of the label's scale.
  public var valence: Double
  /// Standard deviation of arousal, in units of the label's scale.
  public var arousal: Double

  /// Creates a deviation.
  public init(valence: Double, arousal: Double) {
    self.valence = valence
    self.arousal = arousal
  }
}

/// One of the three parts of a split.
public enum SplitPart: String, CaseIterable, Hashable, Sendable, Codable {
  /// Models are fitted on it.
  case training
  /// Settings are chosen on it.
  case validation
  /// It is looked at once, at the end.
  case test

  /// Reads the usual names: `train`, `training`, `dev`, `val`, `valid`, `validation`, `test` ….
  public init?(name: String) {
    switch name.lowercased() {
    case "train", "training", "development": self = .training
    case "val", "valid", "validation", "dev": self = .validation
    case "test", "evaluation", "eval": self = .test
    default: return nil
    }
  }
}

/// A song of a corpus: its identity, its audio, and what people said about it.
public struct Song: Identifiable, Hashable, Sendable {
  /// Distinct within its corpus; DEAM's song number, a file name, or a path below the corpus.
  public var id: String
  /// The audio file, where it is there.
  public var audio: URL?
  /// Average valence and arousal, where the song was rated.
  public var label: ValenceArousal?
  /// Spread of the raters' opinions, where published.
  public var deviation: LabelDeviation?
  /// First of ``genres``.
  public var genre: String? { genres.first }
  /// Genres in the order of the source, cleaned.
  public var genres: [String] = []
  /// The performer, where known.
  public var artist: String?
  /// The song's title, where known.
  public var title: String?
  /// The part of the corpus that it was released with, such as `2013`, or `synthetic`.
  public var edition: String?
  /// The part of the corpus's own published split.
  public var publishedPart: SplitPart?
  /// Ratings other than valence and arousal by name, such as the shares of listeners on GEMS-9.
  public var ratings: [String: Double] = [:]
  /// Id of the first song whose audio file has the same bytes; nil for a song without copies.
  public var copyOf: String?

  /// Creates a song.
  public init(
    id: String, audio: URL? = nil, label: ValenceArousal? = nil,
    deviation: LabelDeviation? = nil, genres: [String] = [], artist: String? = nil,
    title: String? = nil
  ) {
    self.id = id
    self.audio = audio
    self.label = label
    self.deviation = deviation
    self.genres = genres
    self.artist = artist
    self.title = title
  }
}

/// The order of ids that a person expects: `2` before `10`.
enum NaturalOrder {
  static func precedes(_ left: String, _ right: String) -> Bool {
    var a = Substring(left)
    var b = Substring(right)
    while let x = a.first, let y = b.first {
      if isDigit(x), isDigit(y) {
        let m = a.prefix(while: isDigit)
        let n = b.prefix(while: isDigit)
        a.removeFirst(m.count)
        b.removeFirst(n.count)
        let p = m.drop { $0 == "0" }
        let q = n.drop { $0 == "0" }
        if p.count != q.count { return p.count < q.count }
        if p != q { return p < q }
      } else if x != y {
        return x < y
      } else {
        a.removeFirst()
        b.removeFirst()
      }
    }
    if a.isEmpty && b.isEmpty { return left < right }
    return a.isEmpty
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }
}
