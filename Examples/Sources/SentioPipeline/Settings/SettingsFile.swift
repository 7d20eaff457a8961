import Foundation
import Yams

/// A YAML file that changes some of the settings that a program has.
///
/// The settings that are there say what the file may hold: a key that they lack, a text where they have a number, or
/// a list where they have a switch is an error with the file's line, and the key that may have been meant.
///
/// ```swift
/// let file = try SettingsFile(contentsOf: url)
/// let settings = try file.applied(to: Training.Settings())
/// ```
public struct SettingsFile {
  /// The file as it was named.
  public let name: String
  private let root: Node?

  /// A file of a megabyte is no settings any more.
  private static let limit = 1 << 20
  /// Aliases can make a short file endless.
  private static let nodeLimit = 100_000

  /// Reads a file.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``SettingsError`` where it can't be read or is no YAML.
  public init(contentsOf url: URL) throws {
    let data: Data
    do {
      let size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
      guard size <= Self.limit else {
        throw SettingsError(file: url.path, line: 0, message: "is too large for a file of settings")
      }
      data = try Data(contentsOf: url)
    } catch let error as SettingsError {
      throw error
    } catch {
      throw SettingsError(
        file: url.path, line: 0, message: "can't be read (\(error.localizedDescription))")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw SettingsError(file: url.path, line: 0, message: "is no UTF-8 text")
    }
    try self.init(text: text, name: url.path)
  }

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: YAML: keys and values, and sections of them.
  ///   - name: what errors call it.
  /// - Throws: ``SettingsError`` where it is no YAML.
  public init(text: String, name: String) throws {
    self.name = name
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Self.error(of: error, in: name)
    }
    if let root {
      guard root.mapping != nil else {
        throw SettingsError(
          file: name, line: Self.line(of: root), message: "holds no keys; write KEY: VALUE lines")
      }
      var budget = Self.nodeLimit
      try Self.count(root, &budget, name)
    }
  }

  /// The text of a key at the top, and its line.
  ///
  /// - Parameter key: the key.
  /// - Returns: nil where the file lacks it.
  /// - Throws: ``SettingsError`` where its value is no text.
  public func text(of key: String) throws -> (value: String, line: Int)? {
    guard let node = root?.mapping?[Node(key)] else { return nil }
    guard let scalar = node.scalar else {
      throw SettingsError(file: name, line: Self.line(of: node), message: "\(key) must be a text")
    }
    return (scalar.string, Self.line(of: node))
  }

  /// Settings with what the file changes.
  ///
  /// - Parameters:
  ///   - base: the settings that hold where the file says nothing. An optional that is nil can't be set.
  ///   - ignoring: keys at the top that are not settings.
  /// - Returns: the settings.
  /// - Throws: ``SettingsError`` for unknown keys and values of the wrong kind.
  public func applied<Settings: Codable>(
    to base: Settings, ignoring: Set<String> = []
  ) throws -> Settings {
    let before = try JSONValue(encoding: base)
    guard let root else { return base }
    let after = try overlay(root, onto: before, path: "", ignoring) {
      _ = try $0.decoded(as: Settings.self)
    }
    do {
      return try after.decoded()
    } catch {
      throw SettingsError(file: name, line: 0, message: "\(error)")
    }
  }

  /// - Parameter check: throws where the settings can't have a value at this place.

  private func overlay(
    _ node: Node, onto base: JSONValue, path: String, _ ignoring: Set<String>,
    check: (JSONValue) throws -> Void
  ) throws -> JSONValue {
    func fail(_ expected: String) -> SettingsError {
      let found = node.scalar.map { "'\($0.string)'" } ?? (node.mapping == nil ? "a list" : "keys")
      return SettingsError(
        file: name, line: Self.line(of: node),
        message: "\(path.isEmpty ? "the file" : path) must be \(expected), not \(found)")
    }
    switch base {
    case .object(var members):
      guard let mapping = node.mapping else {
        // A section without anything in it is written as a key alone.
        if node.null != nil { return base }
        throw fail("a section with keys")
      }
      var seen: Set<String> = []
      for (keyNode, value) in mapping {
        let key = keyNode.scalar?.string ?? ""
        let place = path.isEmpty ? key : "\(path).\(key)"
        guard seen.insert(key).inserted else {
          throw SettingsError(
            file: name, line: Self.line(of: keyNode), message: "\(place) is given twice")
        }
        if path.isEmpty, ignoring.contains(key) { continue }
        guard let before = members[key] else {
          throw unknown(key, in: path, members, line: Self.line(of: keyNode))
        }
        let others = members
        members[key] = try overlay(value, onto: before, path: place, ignoring) {
          try check(.object(others.merging([key: $0]) { _, new in new }))
        }
      }
      return .object(members)
    case .array(let elements):
      guard let sequence = node.sequence else { throw fail("a list such as [a, b]") }
      return .array(
        try sequence.enumerated().map { index, item in
          guard let model = elements.first else { return try value(of: item, path) }
          return try overlay(item, onto: model, path: "\(path)[\(index)]", ignoring) {
            try check(.array([$0] + elements.dropFirst()))
          }
        })
    case .bool:
      guard let value = node.bool else { throw fail("true or false") }
      return .bool(value)
    case .integer, .number:
      let value: JSONValue
      if let number = node.int {
        value = .integer(number)
      } else {
        guard let number = node.float, number.isFinite else { throw fail("a number") }
        value = .number(number)
      }
      // Whether a fraction or a sign is allowed only the settings' type knows.
      guard (try? check(value)) != nil else { throw fail("a whole number that is large enough") }
      return value
    case .string:
      guard let scalar = node.scalar else { throw fail("a text") }
      do {
        try check(.string(scalar.string))
      } catch DecodingError.dataCorrupted(let context) {
        throw SettingsError(
          file: name, line: Self.line(of: node), message: "\(path): \(context.debugDescription)")
      }
      return .string(scalar.string)
    case .null: return try value(of: node, path)
    }
  }

  /// A value whose kind nothing says.
  private func value(of node: Node, _ path: String) throws -> JSONValue {
    if node.null != nil { return .null }
    if let value = node.bool { return .bool(value) }
    if let value = node.int { return .integer(value) }
    if let value = node.float, value.isFinite { return .number(value) }
    if let scalar = node.scalar { return .string(scalar.string) }
    if let sequence = node.sequence { return .array(try sequence.map { try value(of: $0, path) }) }
    throw SettingsError(
      file: name, line: Self.line(of: node), message: "\(path) must not hold keys")
  }

  private func unknown(
    _ key: String, in path: String, _ members: [String: JSONValue], line: Int
  ) -> SettingsError {
    let keys = members.keys.sorted()
    let guess = NearestName.of(key, among: keys).map { "; did you mean \($0)?" } ?? "."
    return SettingsError(
      file: name, line: line,
      message: "unknown key '\(key)'\(path.isEmpty ? "" : " in \(path)")\(guess) Keys: "
        + keys.joined(separator: ", "))
  }

  private static func line(of node: Node) -> Int { node.mark?.line ?? 0 }

  private static func count(_ node: Node, _ budget: inout Int, _ name: String) throws {
    budget -= 1
    guard budget > 0 else {
      throw SettingsError(file: name, line: 0, message: "holds too many values for settings")
    }
    if let mapping = node.mapping {
      for (_, value) in mapping { try count(value, &budget, name) }
    } else if let sequence = node.sequence {
      for item in sequence { try count(item, &budget, name) }
    }
  }

  private static func error(of error: YamlError, in name: String) -> SettingsError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      SettingsError(file: name, line: mark.line, message: "is no YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      SettingsError(
        file: name, line: context.mark.line,
        message: "\(duplicates.map { "\($0)" }.joined(separator: ", ")) is given twice")
    default: SettingsError(file: name, line: 0, message: "is no YAML: \(error)")
    }
  }
}
