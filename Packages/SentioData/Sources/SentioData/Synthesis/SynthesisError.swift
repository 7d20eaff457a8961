/// Why a synthetic corpus could not be written, with what to do about it.
public enum SynthesisError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The folder holds a synthetic corpus of other settings.
  case differentSettings(path: String, setting: String, expected: String, found: String)
  /// The folder holds annotations or audio that are not a synthetic corpus.
  case notSynthetic(path: String, found: String)
  /// The marker file is damaged.
  case damagedMarker(path: String, reason: String)
  /// The caller asked to stop; the finished songs are kept.
  case cancelled(path: String, finished: Int, total: Int)

  /// One line: the path, what was expected and found, and the fix.
  public var description: String {
    switch self {
    case .differentSettings(let path, let setting, let expected, let found):
      "\(path) holds a synthetic corpus whose \(setting) is \(found), not \(expected). "
        + "Choose another folder, delete this one, or ask for \(setting) \(found)."
    case .notSynthetic(let path, let found):
      "\(path) holds \(found) but no \(SyntheticCorpus.markerName): it is not a synthetic corpus "
        + "and stays as it is. Choose an empty folder."
    case .damagedMarker(let path, let reason):
      "\(path): \(reason). Delete the corpus's folder, or choose another one."
    case .cancelled(let path, let finished, let total):
      "stopped after \(finished) of \(total) songs in \(path). "
        + "Run it again with the same settings to go on."
    }
  }
}
