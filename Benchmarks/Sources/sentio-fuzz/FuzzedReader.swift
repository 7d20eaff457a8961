import Foundation

/// A reader of files from outside, and good files to damage for it.
struct FuzzedReader: Sendable {
  /// One good file with its place in a folder, and what stands beside it there.
  struct Original: Sendable {
    /// Path in the folder; readers look at names and their endings.
    var path: String
    /// The content, which is damaged.
    var bytes: [UInt8]
    /// Other files by path, which stay as they are.
    var companions: [String: [UInt8]] = [:]
  }

  /// What became of one damaged file.
  enum Outcome: Sendable {
    /// It could be read, in whole or in part.
    case read
    /// It was refused with an error that the reader documents.
    case refused
    /// It was refused with another error, or read wrongly, which is a defect.
    case defect(String)
  }

  /// The name for `--reader`.
  var name: String
  /// The share of the inputs, relative to the other readers'.
  var share: Int
  /// Endings of the names of real files that are added where a machine has them.
  var realExtensions: Set<String> = []
  /// Good files made on the spot.
  var makeOriginals: @Sendable () throws -> [Original]
  /// Reads the damaged file in its folder; must return for whatever bytes.
  var read: @Sendable (_ file: URL, _ folder: URL) -> Outcome

  /// Every reader that is fuzzed.
  static let all: [FuzzedReader] = [
    .audio, .csv, .model, .network, .npy, .npz, .onnx, .torch, .safetensors, .corpus, .store,
    .split,
  ]

  /// What `body` makes of a file, where `isDocumented` knows the errors that the reader may throw.
  static func outcome(
    refusing isDocumented: (any Error) -> Bool, _ body: () throws -> Void
  ) -> Outcome {
    do {
      try body()
      return .read
    } catch {
      return isDocumented(error) ? .refused : .defect("undocumented \(type(of: error)): \(error)")
    }
  }

  /// The shares of a number of inputs, in the order of the readers; at least one each.
  static func counts(_ readers: [FuzzedReader], of count: Int) -> [Int] {
    let whole = readers.reduce(0) { $0 + $1.share }
    var counts = readers.map { max(1, count * $0.share / whole) }
    // What rounding leaves goes to the largest share.
    let largest = readers.indices.max { readers[$0].share < readers[$1].share }!
    counts[largest] = max(1, counts[largest] + count - counts.reduce(0, +))
    return counts
  }
}

/// A folder for seeds that are written before they are read as bytes; it is gone with its owner.
final class SeedFolder {
  let url = FileManager.default.temporaryDirectory
    .appending(path: "sentio-fuzz-seeds-\(UUID().uuidString)", directoryHint: .isDirectory)

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The bytes of a file that `write` made.
  func bytes(_ name: String, _ write: (URL) throws -> Void) throws -> [UInt8] {
    let file = url.appending(path: name)
    try write(file)
    return [UInt8](try Data(contentsOf: file))
  }
}
