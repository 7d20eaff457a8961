import Foundation
import SentioPipeline
import SentioPresets

/// A preset by its name or its file.
struct Preset {
  /// What reports call it.
  let name: String
  var settings: PipelineSettings

  /// Finds a preset that comes with the tool, or reads a file.
  ///
  /// A file says with `extends: NAME` which preset holds where it says nothing; without, it is `demo`.
  ///
  /// - Parameter choice: `smoke`, `demo`, `paper`, or a YAML file.
  /// - Throws: ``CommandError`` or `SettingsError`.
  init(_ choice: String) throws {
    if let text = Presets.text(of: choice) {
      name = choice
      settings = try SettingsFile(text: text, name: "\(choice).yaml")
        .applied(to: PipelineSettings())
      return
    }
    guard choice.contains(".") || choice.contains("/") else {
      let guess = NearestName.of(choice, among: Presets.names).map { "; did you mean \($0)?" }
      throw CommandError(
        "there is no preset '\(choice)'\(guess ?? ".") Presets: "
          + Presets.names.joined(separator: ", ") + ", or a file such as my.yaml")
    }
    let file = try SettingsFile(contentsOf: URL(filePath: choice))
    var base = "demo"
    if let extended = try file.text(of: "extends") {
      guard Presets.names.contains(extended.value) else {
        throw SettingsError(
          file: file.name, line: extended.line,
          message: "extends: there is no preset '\(extended.value)'. Presets: "
            + Presets.names.joined(separator: ", "))
      }
      base = extended.value
    }
    name = URL(filePath: choice).deletingPathExtension().lastPathComponent
    settings = try file.applied(to: Preset(base).settings, ignoring: ["extends"])
    do {
      try settings.validate()
    } catch {
      throw CommandError("\(choice): \(error)")
    }
  }
}
