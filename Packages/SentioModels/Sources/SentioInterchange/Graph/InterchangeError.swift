import Foundation

/// Why a network could not be written in another program's format, or a file of one could not be read.
public enum InterchangeError: Error, Sendable, Hashable {
  /// A layer that the format, or this writer of it, cannot say: its path, and what is in the way.
  case unsupported(path: String, reason: String)
  /// A network whose file would be larger than the format holds: the bytes, and the limit.
  case tooLarge(format: String, bytes: Int, limit: Int)
  /// A file that is not what it claims to be, or holds what is not read: where, what was expected, what was found.
  case file(path: String, position: Int, expected: String, found: String)
}

extension InterchangeError: CustomStringConvertible {
  /// One sentence that names the place and what could be done.
  public var description: String {
    switch self {
    case .unsupported(let path, let reason):
      "cannot export \(path.isEmpty ? "the network" : path): \(reason)"
    case .tooLarge(let format, let bytes, let limit):
      "\(format) holds at most \(limit >> 20) MiB in one file, and the network has \(bytes >> 20) MiB: "
        + "export a smaller one, or keep the .sentio file, which has no such limit"
    case .file(let path, let position, let expected, let found):
      "\(path): byte \(position): expected \(expected), found \(found)"
    }
  }
}

extension InterchangeError: LocalizedError {
  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}
