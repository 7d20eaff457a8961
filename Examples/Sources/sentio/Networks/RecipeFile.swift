import Foundation
import SentioModels
import SentioPipeline
import Yams

/// A recipe of a network as YAML: what a person writes is laid over what the documents describe.
struct RecipeFile {
  private let file: SettingsFile

  /// Reads a file; nil stands for none.
  ///
  /// - Throws: `SettingsError` where it can't be read or is no YAML.
  init(_ path: String?) throws {
    if let path {
      file = try SettingsFile(contentsOf: URL(filePath: path))
    } else {
      file = try SettingsFile(text: "", name: "the recipe")
    }
  }

  /// The recipe of an architecture, or another one of it, with the file's changes.
  ///
  /// - Throws: `SettingsError` with the line of what is wrong.
  func recipe(
    _ architecture: NetworkArchitecture, over start: NetworkRecipe? = nil
  ) throws -> NetworkRecipe {
    // Told first: another network's sizes are others, and each of them would look like a mistake.
    if let other = try file.text(of: "network").flatMap({ NetworkArchitecture(rawValue: $0.value) }
    ),
      other != architecture
    {
      throw file.error(
        at: "network", "is a recipe for \(other.rawValue): sentio train \(other.rawValue)")
    }
    let recipe = try file.applied(
      to: start ?? NetworkRecipe(architecture), derived: Self.derived)
    try check(recipe)
    return recipe
  }

  /// Checks a recipe, and tells the line of what is wrong where the file has it.
  func check(_ recipe: NetworkRecipe) throws {
    do {
      try recipe.validate()
    } catch {
      throw file.error(at: error.key, error.reason)
    }
  }

  /// Sizes that follow from the input and the songs, and the cell, which follows from the network's name.
  private static let derived = Set(
    NetworkRecipe.derivedSizes.union(["cell"]).map { "sizes.\($0)" })

  /// A recipe as YAML that this type reads, without what follows from other parts.
  static func text(_ recipe: NetworkRecipe) throws -> String {
    guard let node = try Yams.compose(yaml: YAMLEncoder().encode(recipe)),
      case .mapping(var mapping) = node
    else { return "" }
    if case .mapping(let sizes)? = mapping["sizes"] {
      let kept = sizes.filter { !derived.contains("sizes.\($0.key.string ?? "")") }
      mapping["sizes"] = .mapping(.init(kept.map { ($0.key, $0.value) }))
    }
    return try Yams.serialize(node: readable(.mapping(mapping)))
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
