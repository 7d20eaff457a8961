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
  ///   - derived: places such as `sizes.classes` that follow from other settings and can't be set.
  /// - Returns: the settings.
  /// - Throws: ``SettingsError`` for unknown keys and values of the wrong kind.
  public func applied<Settings: Codable>(
    to base: Settings, ignoring: Set<String> = [], derived: Set<String> = []
  ) throws -> Settings {
    let before = try JSONValue(encoding: base)
    guard let root else { return base }
    let overlay = Overlay(file: name, ignoring: ignoring, derived: derived)
    let after = try overlay.value(root, onto: before, path: "") {
      _ = try $0.decoded(as: Settings.self)
    }
    do {
      return try after.decoded()
    } catch {
      throw SettingsError(file: name, line: 0, message: "\(error)")
    }
  }

  /// What is wrong at a place, with the line where the file has it or the section around it.
  ///
  /// - Parameters:
  ///   - path: keys with points between them.
  ///   - reason: what is wrong there.
  /// - Returns: the error.
  public func error(at path: String, _ reason: String) -> SettingsError {
    var node = root
    var line = 0
    for key in path.split(separator: ".") {
      guard let pair = node?.mapping?.first(where: { $0.key.string == String(key) }) else { break }
      line = pair.key.mark?.line ?? 0
      node = pair.value
    }
    return SettingsError(file: name, line: line, message: "\(path) \(reason)")
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
