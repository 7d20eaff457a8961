import Foundation

/// A reader of files from outside, and good files to damage for it.
struct FuzzedReader: Sendable {
  /// One good file; the ending of its name is kept, since readers look at it.
  struct Original: Sendable {
    var fileExtension: String
    var bytes: [UInt8]
  }

  /// What became of one damaged file.
  enum Outcome {
    /// It could be read, in whole or in part.
    case read
    /// It was refused with the error that the reader documents.
    case refused
    /// It was refused with another error, which is a defect.
    case untyped(String)
  }

  /// The name for `--reader`.
  var name: String
  /// Good files made on the spot, for when no folder of them is given.
  var makeOriginals: @Sendable () throws -> [Original]
  /// Reads the file; must return for whatever bytes.
  var read: @Sendable (URL) -> Outcome

  /// Every reader that is fuzzed.
  static let all: [FuzzedReader] = [.audio]
}
