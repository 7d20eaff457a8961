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
/// | `{8,9,head}` | one of the alternatives |
///
/// ```swift
/// model.freeze()                                       // everything
/// model.unfreeze(matching: "encoder.layer.{8,9,10,11}")
/// model.unfreeze(matching: "**.bias")
/// ```
public struct PathPattern: Sendable, Hashable {
  /// The pattern as it was written.
  public let text: String
  private let alternatives: [[Character]]

  /// Matches every path, also the empty one.
  public static let all = PathPattern("**")

  /// Creates a pattern.
  ///
  /// - Parameter text: the pattern; a brace that is not closed stands for itself.
  public init(_ text: String) {
    self.text = text
    alternatives = Self.expand(Array(text))
  }

  /// Whether the pattern means a path or something that it stands below.
  ///
  /// - Parameter path: dotted components.
  /// - Returns: whether it does.
  public func matches(_ path: String) -> Bool {
    let path = Array(path)
    return alternatives.contains { Self.matches($0[...], path[...]) }
  }

  /// A pattern of braces as patterns without.
  private static func expand(_ pattern: [Character]) -> [[Character]] {
    guard let open = pattern.firstIndex(of: "{"),
      let close = pattern[open...].firstIndex(of: "}")
    else { return [pattern] }
    let rest = expand(Array(pattern[(close + 1)...]))
    return pattern[(open + 1)..<close].split(separator: ",", omittingEmptySubsequences: false)
      .flatMap { choice in rest.map { pattern[..<open] + choice + $0 } }
  }

  private static func matches(
    _ pattern: ArraySlice<Character>, _ path: ArraySlice<Character>
  ) -> Bool {
    guard let first = pattern.first else { return path.isEmpty || path.first == "." }
    switch first {
    case "*":
      var rest = pattern.dropFirst()
      let crossesDots = rest.first == "*"
      if crossesDots { rest = rest.dropFirst() }
      var tail = path
      while true {
        if matches(rest, tail) { return true }
        guard let next = tail.popFirst(), crossesDots || next != "." else { return false }
      }
    case "?":
      guard let next = path.first, next != "." else { return false }
      return matches(pattern.dropFirst(), path.dropFirst())
    default:
      return path.first == first && matches(pattern.dropFirst(), path.dropFirst())
    }
  }
}

extension PathPattern: ExpressibleByStringLiteral, CustomStringConvertible {
  /// Creates a pattern.
  public init(stringLiteral text: String) { self.init(text) }

  /// The pattern as it was written.
  public var description: String { text }
}
