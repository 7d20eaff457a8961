/// Whether a stage is finished, and why it would run.
public enum StageState: Sendable {
  /// Its outputs are those that its inputs and settings give.
  case upToDate(StageManifest)
  /// It would run.
  case outdated([StageReason])
  /// A stage before it would run first; whether this one runs depends on what that one writes.
  case waiting(on: [String])

  /// The manifest of a stage that is finished.
  public var manifest: StageManifest? {
    if case .upToDate(let manifest) = self { return manifest }
    return nil
  }
}

extension StageState: CustomStringConvertible {
  /// The state in a few words.
  public var description: String {
    switch self {
    case .upToDate: "up to date"
    case .outdated(let reasons): reasons.map(\.description).joined(separator: "; ")
    case .waiting(let stages): "waits for \(stages.joined(separator: ", "))"
    }
  }
}

/// Why a stage would run.
public enum StageReason: Sendable, Hashable {
  /// It never ran to its end.
  case neverFinished
  /// An attempt at the same work was cut off; it goes on.
  case cutOff(attempts: Int)
  /// The stage's code or format is newer.
  case versionChanged(from: Int, to: Int)
  /// Settings differ, each as `name: before → now`.
  case settingsChanged([String])
  /// Inputs differ, by name.
  case inputsChanged([String])
  /// Outputs are no longer there.
  case outputsMissing([String])
  /// Outputs are no longer as the stage wrote them.
  case outputsChanged([String])
  /// The manifest can't be trusted.
  case manifestDamaged(String)
  /// The user asked for it.
  case asked
}

extension StageReason: CustomStringConvertible {
  /// The reason in a few words.
  public var description: String {
    switch self {
    case .neverFinished: "has not run yet"
    case .cutOff(let attempts):
      attempts == 1 ? "was cut off and goes on" : "was cut off \(attempts) times and goes on"
    case .versionChanged(let old, let new): "its code is version \(new) and not \(old)"
    case .settingsChanged(let changes): "settings changed: \(Self.list(changes))"
    case .inputsChanged(let names): "inputs changed: \(Self.list(names))"
    case .outputsMissing(let paths): "outputs are missing: \(Self.list(paths))"
    case .outputsChanged(let paths): "outputs were changed: \(Self.list(paths))"
    case .manifestDamaged(let reason): "its manifest \(reason)"
    case .asked: "was asked for"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(4).joined(separator: ", ")
      + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }
}

/// One stage of a pipeline as `--list` shows it.
public struct StageStatus: Sendable {
  /// The stage's name.
  public let name: String
  /// What it does.
  public let summary: String
  /// Whether it would run.
  public let state: StageState
}
