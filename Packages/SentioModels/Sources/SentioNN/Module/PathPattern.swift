/// Which paths of a model are meant.
///
/// A pattern matches a path, and everything that stands below it: `encoder.layer.3` stands for all parameters of
/// that layer.
///
/// | in a pattern | stands for |
/// |---|---|
/// | `*` | any characters of one component, also none |
/// | `**` | any characters, dots included |
/// | `?` | one character of a component |
/// | `{8,9,head}` | one of the alternatives, which are patterns themselves: `{encoder.{0,1},head}` |
///
/// ```swift
/// model.freeze()                                       // everything
/// model.unfreeze(matching: "encoder.layer.{8,9,10,11}")
/// model.unfreeze(matching: "**.bias")
/// ```
public struct PathPattern: Sendable, Hashable {
  /// The pattern as it was written.
  public let text: String
  private let parts: [Part]

  /// What a pattern is a row of.
  private indirect enum Part: Sendable, Hashable {
    case character(Character)
    /// `?`
    case any
    /// `*`, and with `crossesDots` `**`.
    case run(crossesDots: Bool)
    case alternatives([[Part]])
  }

  /// Matches every path, also the empty one.
  public static let all = PathPattern("**")

  /// Creates a pattern.
  ///
  /// - Parameter text: the pattern; a brace without its partner stands for itself.
  public init(_ text: String) {
    self.text = text
    let characters = Array(text)
    parts = Self.parts(characters[...], closers: Self.closers(characters))
  }

  /// Whether the pattern means a path or something that it stands below.
  ///
  /// - Parameter path: dotted components.
  /// - Returns: whether it does.
  public func matches(_ path: String) -> Bool {
    let path = Array(path)
    return Self.ends(of: parts, in: path, from: [0]).contains {
      $0 == path.count || path[$0] == "."
    }
  }

  /// For each brace that opens the place of the one that closes it; nil elsewhere, and where there is none.
  private static func closers(_ pattern: [Character]) -> [Int?] {
    var closers = [Int?](repeating: nil, count: pattern.count)
    var open: [Int] = []
    for (place, character) in pattern.enumerated() {
      if character == "{" { open.append(place) }
      if character == "}", let partner = open.popLast() { closers[partner] = place }
    }
    return closers
  }

  private static func parts(_ pattern: ArraySlice<Character>, closers: [Int?]) -> [Part] {
    var parts: [Part] = []
    var place = pattern.startIndex
    while place < pattern.endIndex {
      switch pattern[place] {
      case "?": parts.append(.any)
      case "*":
        let crossesDots = place + 1 < pattern.endIndex && pattern[place + 1] == "*"
        parts.append(.run(crossesDots: crossesDots))
        if crossesDots { place += 1 }
      case "{":
        if let close = closers[place] {
          parts.append(.alternatives(choices(pattern[(place + 1)..<close], closers: closers)))
          place = close
        } else {
          parts.append(.character("{"))
        }
      default: parts.append(.character(pattern[place]))
      }
      place += 1
    }
    return parts
  }

  /// What stands between a pair of braces, divided at the commas that no inner pair holds.
  private static func choices(_ pattern: ArraySlice<Character>, closers: [Int?]) -> [[Part]] {
    var choices: [[Part]] = []
    var (start, place) = (pattern.startIndex, pattern.startIndex)
    while place < pattern.endIndex {
      if let close = closers[place] {
        place = close
      } else if pattern[place] == "," {
        choices.append(parts(pattern[start..<place], closers: closers))
        start = place + 1
      }
      place += 1
    }
    return choices + [parts(pattern[start...], closers: closers)]
  }

  /// Where a row of parts can end that begins at one of some places.
  ///
  /// All ways are followed at once, so that no pattern, however many runs it has, takes more than its length times the
  /// path's.
  private static func ends(
    of parts: [Part], in path: [Character], from starts: Set<Int>
  ) -> Set<Int> {
    parts.reduce(starts) { places, part in
      switch part {
      case .character(let character):
        Set(places.compactMap { $0 < path.count && path[$0] == character ? $0 + 1 : nil })
      case .any: Set(places.compactMap { $0 < path.count && path[$0] != "." ? $0 + 1 : nil })
      case .run(let crossesDots):
        places.reduce(into: []) { reached, start in
          var place = start
          while reached.insert(place).inserted, place < path.count,
            crossesDots || path[place] != "."
          { place += 1 }
        }
      case .alternatives(let choices):
        choices.reduce(into: []) { $0.formUnion(ends(of: $1, in: path, from: places)) }
      }
    }
  }
}

extension PathPattern: ExpressibleByStringLiteral, CustomStringConvertible {
  /// Creates a pattern.
  public init(stringLiteral text: String) { self.init(text) }

  /// The pattern as it was written.
  public var description: String { text }
}
