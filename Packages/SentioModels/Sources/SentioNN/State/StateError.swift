import Foundation

/// What differs between a state and a model; thrown where it must not.
public struct StateError: Error, Sendable, Hashable {
  /// A tensor of another shape than the model's.
  public struct Mismatch: Sendable, Hashable {
    /// The path.
    public let path: String
    /// The shape that the model has.
    public let expected: [Int]
    /// The shape that the state has.
    public let found: [Int]

    /// Creates the record of a tensor that does not fit.
    ///
    /// - Parameters:
    ///   - path: the path.
    ///   - expected: the shape that the model has.
    ///   - found: the shape that the state has.
    public init(path: String, expected: [Int], found: [Int]) {
      (self.path, self.expected, self.found) = (path, expected, found)
    }
  }

  /// Where the state came from: a file's path, or what the caller called it.
  public let source: String
  /// Paths of the model that the state lacks.
  public internal(set) var missing: [String] = []
  /// Names of the state that the model does not have.
  public internal(set) var unexpected: [String] = []
  /// Tensors of another shape.
  public internal(set) var mismatched: [Mismatch] = []

  /// Whether nothing differs.
  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && mismatched.isEmpty }
}

extension StateError: CustomStringConvertible {
  /// The source, and the names that do not fit, at most twenty of a kind.
  public var description: String {
    var parts: [String] = []
    if !missing.isEmpty { parts.append("\(missing.count) missing: \(Self.list(missing))") }
    if !unexpected.isEmpty {
      parts.append("\(unexpected.count) unexpected: \(Self.list(unexpected))")
    }
    if !mismatched.isEmpty {
      let shapes = mismatched.map { "\($0.path) is \($0.found) and should be \($0.expected)" }
      parts.append("\(mismatched.count) of another shape: \(Self.list(shapes))")
    }
    return parts.isEmpty
      ? "\(source) fits the model"
      : "\(source) does not fit the model: " + parts.joined(separator: "; ")
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(20).joined(separator: ", ")
      + (names.count > 20 ? " and \(names.count - 20) more" : "")
  }
}

extension StateError: LocalizedError {
  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}
