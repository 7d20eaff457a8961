import Foundation
import SentioTensor

/// What a finished stage was made from and what it made.
///
/// The file `manifest.json` in the stage's folder is the last thing that a stage writes, and it appears whole: a folder
/// without it is not finished, whatever else it holds.
public struct StageManifest: Codable, Sendable {
  /// The file's name in a stage's folder.
  public static let fileName = "manifest.json"
  /// The format of this file.
  static let currentFormat = 1

  /// The format of the file.
  public let format: Int
  /// The stage's name.
  public let stage: String
  /// The version of the stage's code and of what it writes.
  public let version: Int
  /// The settings that it ran with, seed included.
  public let settings: JSONValue
  /// The hash of each input, by its name.
  public let inputs: [String: String]
  /// The files of inputs from outside of the pipeline, by the input's name.
  let external: [String: [FileRecord]]
  /// The hash of version, settings and inputs.
  public let fingerprint: String
  /// The files that it wrote, by their paths in its folder.
  public let outputs: [FileRecord]
  /// What the stage says of its run, such as how many songs it worked on; decides nothing.
  public let facts: [String: JSONValue]
  /// What it ran on: versions of the program and of libraries.
  public let versions: [String: String]
  /// When its last attempt began, in ISO 8601.
  public let started: String
  /// Seconds of work, in all attempts that ended by themselves.
  public let seconds: Double
  /// How often it was begun, until it was finished.
  public let attempts: Int
  /// The most memory that the program held while the stage ran; 0 where the system does not tell.
  public let peakMemoryBytes: Int

  /// The hash of all outputs.
  public var outputHash: String { FileTree.hash(of: outputs) }

  /// The hash of some of the outputs.
  ///
  /// - Parameter paths: files or folders by their paths in the stage's folder; nil for all outputs.
  /// - Returns: nil where one of them is missing.
  func outputHash(of paths: [String]?) -> String? {
    guard let paths else { return outputHash }
    var chosen: [FileRecord] = []
    for path in paths {
      let found = outputs.filter { $0.path == path || $0.path.hasPrefix(path + "/") }
      if found.isEmpty { return nil }
      chosen += found
    }
    return FileTree.hash(of: chosen)
  }

  /// What a look for a manifest can come to.
  enum Reading {
    case missing
    case damaged(String)
    case found(StageManifest)
  }

  /// Reads a folder's manifest; whatever is wrong with it is a finding and no error.
  static func read(in folder: URL, stage: String) -> Reading {
    let file = folder.appending(path: fileName)
    var information = stat()
    guard stat(file.path, &information) == 0 else {
      return errno == ENOENT ? .missing : .damaged(String(cString: strerror(errno)))
    }
    guard information.st_mode & S_IFMT == S_IFREG else { return .damaged("is no file") }
    // A stage with a million outputs has a manifest of some 200 MB; more is none of ours.
    guard information.st_size < 1 << 28 else { return .damaged("is too large to be a manifest") }
    do {
      let manifest = try JSONDecoder().decode(
        StageManifest.self, from: try Data(contentsOf: file))
      guard manifest.format == currentFormat else {
        return .damaged("has format \(manifest.format) and not \(currentFormat)")
      }
      guard manifest.stage == stage else { return .damaged("belongs to stage \(manifest.stage)") }
      guard !manifest.outputs.contains(where: { leavesFolder($0.path) }) else {
        return .damaged("names outputs outside of its folder")
      }
      return .found(manifest)
    } catch let error as DecodingError {
      return .damaged(Self.describe(error))
    } catch {
      return .damaged(error.localizedDescription)
    }
  }

  /// Makes the folder a finished one.
  func write(into folder: URL) throws {
    try AtomicFile.write(
      PipelineJSON.data(self), to: folder.appending(path: Self.fileName))
  }

  private static func leavesFolder(_ path: String) -> Bool {
    path.hasPrefix("/") || path.split(separator: "/").contains("..")
  }

  private static func describe(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "lacks \(key.stringValue)"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "has a wrong value at \(context.codingPath.map(\.stringValue).joined(separator: "."))"
    default: "is no whole JSON"
    }
  }
}

/// The run of a stage that has begun and not ended: `attempt.json` in its folder.
struct StageAttempt: Codable {
  static let fileName = "attempt.json"

  var stage: String
  /// What the attempt works on; an attempt with another one has nothing for this one.
  var fingerprint: String
  var started: String
  /// The process that works on it.
  var process: Int32
  var attempts: Int
  /// Seconds of earlier attempts that ended by themselves.
  var seconds: Double

  static func read(in folder: URL) -> StageAttempt? {
    guard let data = try? Data(contentsOf: folder.appending(path: fileName)) else { return nil }
    return try? JSONDecoder().decode(StageAttempt.self, from: data)
  }

  func write(into folder: URL) throws {
    try AtomicFile.write(
      PipelineJSON.data(self), to: folder.appending(path: Self.fileName))
  }
}

/// How the pipeline's own files are written: for people too, and the same for the same values.
enum PipelineJSON {
  static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(value)
  }
}
