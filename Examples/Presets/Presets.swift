/// The texts of the presets that come with the tool.
///
/// They are the YAML files beside this one, which are part of the program: it needs no files of its own where it runs.
public enum Presets {
  /// The names, from the quickest to the largest.
  public static let names = ["smoke", "demo", "paper"]

  /// A preset's text.
  ///
  /// - Parameter name: one of ``names``.
  /// - Returns: YAML; nil for a name that no preset has.
  public static func text(of name: String) -> String? {
    switch name {
    case "smoke": String(decoding: PackageResources.smoke_yaml, as: UTF8.self)
    case "demo": String(decoding: PackageResources.demo_yaml, as: UTF8.self)
    case "paper": String(decoding: PackageResources.paper_yaml, as: UTF8.self)
    default: nil
    }
  }
}
