import Foundation
import SentioModels
import Yams

/// A recipe of a network as YAML: what a person writes is laid over what the documents describe.
///
/// A key that the recipe does not have is an error with the file, the line and the nearest key that it has.
struct RecipeFile {
  private let path: String
  private let written: Node?

  /// Reads a file; nil stands for none.
  ///
  /// - Throws: ``CommandError`` where it can't be read or is no YAML.
  init(_ path: String?) throws {
    self.path = path ?? ""
    guard let path else {
      written = nil
      return
    }
    let url = URL(filePath: path)
    let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
    guard size <= Self.largest else {
      throw CommandError(
        "\(path): \(size) bytes are too many for a recipe; \(Self.largest) are the most")
    }
    guard let data = try? Data(contentsOf: url), let text = String(data: data, encoding: .utf8)
    else { throw CommandError("\(path): can't be read as text; give a YAML file") }
    do {
      written = try Yams.compose(yaml: text)
    } catch {
      let reason = "\(error)".split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      throw CommandError("\(path): is no YAML: \(reason.joined(separator: " "))")
    }
  }

  private static let largest = 1 << 20

  /// The recipe of an architecture with the file's changes.
  ///
  /// - Throws: ``CommandError`` with the line of what is wrong.
  func recipe(_ architecture: NetworkArchitecture) throws -> NetworkRecipe {
    let drawn = NetworkRecipe(architecture)
    guard let written, written != Node("") else { return drawn }
    guard let base = try Yams.compose(yaml: YAMLEncoder().encode(drawn)) else { return drawn }
    let merged = try overlay(base, written, [])
    // Told first: another network's sizes are others, and each of them would look like a mistake.
    if let other = NetworkArchitecture(rawValue: merged["network"]?.string ?? ""),
      other != architecture
    {
      throw error(
        ["network"], "is a recipe for \(other.rawValue): sentio train \(other.rawValue)")
    }
    do {
      let recipe = try YAMLDecoder().decode(NetworkRecipe.self, from: merged)
      try check(recipe)
      return recipe
    } catch let failure as DecodingError {
      let (keys, reason) = Self.explained(failure)
      throw error(keys, reason)
    }
  }

  /// Checks a recipe, and tells the line of what is wrong where the file has it.
  func check(_ recipe: NetworkRecipe) throws {
    do {
      try recipe.validate()
    } catch {
      throw self.error(error.key.split(separator: ".").map(String.init), error.reason)
    }
  }

  /// One value over another, section by section.
  private func overlay(_ base: Node, _ change: Node, _ keys: [String]) throws -> Node {
    guard case .mapping(var mapping) = base else { return change }
    guard case .mapping(let changes) = change else {
      if change == Node("") { return base }
      throw error(
        keys,
        "must be a section with keys such as \(Self.names(mapping).prefix(3).joined(separator: ", "))"
      )
    }
    for (key, value) in changes {
      let name = key.string ?? "?"
      guard let old = mapping[name], !Self.isDerived(name, in: keys) else {
        throw unknown(name, among: mapping, keys, line: key.mark?.line ?? 0)
      }
      mapping[name] = try overlay(old, value, keys + [name])
    }
    return .mapping(mapping)
  }

  private func unknown(
    _ name: String, among mapping: Node.Mapping, _ keys: [String], line: Int
  ) -> CommandError {
    let place = keys.isEmpty ? "" : " in \(keys.joined(separator: "."))"
    let start = "\(path):\(line): unknown key '\(name)'\(place)"
    if Self.isDerived(name, in: keys) {
      return CommandError("\(start): it follows from the input and the songs; change those")
    }
    let valid = Self.names(mapping).filter { !Self.isDerived($0, in: keys) }
    let nearest = valid.min { Self.distance(name, $0) < Self.distance(name, $1) }
    return CommandError(
      "\(start); did you mean '\(nearest ?? "")'? All keys there: \(valid.joined(separator: ", "))")
  }

  private func error(_ keys: [String], _ reason: String) -> CommandError {
    var node = written
    var line: Int?
    for key in keys {
      guard case .mapping(let mapping) = node,
        let pair = mapping.first(where: { $0.key.string == key })
      else { break }
      line = pair.key.mark?.line
      node = pair.value
    }
    let place = path.isEmpty ? "" : line.map { "\(path):\($0): " } ?? "\(path): "
    return CommandError("\(place)\(keys.joined(separator: ".")) \(reason)")
  }

  private static func names(_ mapping: Node.Mapping) -> [String] {
    mapping.compactMap(\.key.string)
  }

  private static func isDerived(_ name: String, in keys: [String]) -> Bool {
    keys == ["sizes"] && (NetworkRecipe.derivedSizes.contains(name) || name == "cell")
  }

  private static func explained(_ failure: DecodingError) -> (keys: [String], reason: String) {
    func keys(_ context: DecodingError.Context) -> [String] {
      context.codingPath.map(\.stringValue)
    }
    switch failure {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return (keys(context), "must be \(Self.name(of: type))")
    case .keyNotFound(let key, let context):
      return (keys(context) + [key.stringValue], "is missing")
    case .dataCorrupted(let context):
      return (keys(context), "can't stand there: \(context.debugDescription)")
    @unknown default: return ([], "\(failure)")
    }
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is Int.Type, is UInt64.Type: "a whole number"
    case is Double.Type, is Float.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "a text"
    default: "of another form: see --print-config"
    }
  }

  /// Insertions, deletions and exchanges of characters from one word to another.
  private static func distance(_ one: String, _ other: String) -> Int {
    let (a, b) = (Array(one.lowercased()), Array(other.lowercased()))
    var row = Array(0...b.count)
    for (i, character) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, candidate) in b.enumerated() {
        let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (character == candidate ? 0 : 1))
        (diagonal, row[j + 1]) = (row[j + 1], next)
      }
    }
    return row[b.count]
  }

  /// A recipe as YAML that this type reads, without what follows from other parts.
  static func text(_ recipe: NetworkRecipe) throws -> String {
    guard var node = try Yams.compose(yaml: YAMLEncoder().encode(recipe)),
      case .mapping(var mapping) = node
    else { return "" }
    if case .mapping(let sizes)? = mapping["sizes"] {
      let kept = sizes.filter { !isDerived($0.key.string ?? "", in: ["sizes"]) }
      mapping["sizes"] = .mapping(.init(kept.map { ($0.key, $0.value) }))
    }
    node = readable(.mapping(mapping))
    return try Yams.serialize(node: node)
  }

  /// Numbers as people write them, and lists of numbers on one line.
  private static func readable(_ node: Node) -> Node {
    switch node {
    case .scalar(var scalar):
      if scalar.string.contains("e"), let number = Double(scalar.string) {
        scalar.string =
          number == number.rounded() && abs(number) < 1e9 ? "\(Int(number))" : "\(number)"
      }
      return .scalar(scalar)
    case .mapping(let mapping):
      return .mapping(.init(mapping.map { ($0.key, readable($0.value)) }))
    case .sequence(let sequence):
      return .sequence(.init(sequence.map(readable), .implicit, .flow))
    default: return node
    }
  }
}
