import Foundation
import Synchronization

/// What a stage's work is handed: its folders, its inputs, its log.
public final class StageContext: Sendable {
  /// The stage's name.
  public let stage: String
  /// Where its outputs go.
  public let folder: URL
  /// Whether an earlier attempt at the same work was cut off.
  public let isResumed: Bool
  /// The stage's log.
  public let log: StageLog
  private let inputs: [StageInput]
  private let hashes: [String: String]
  private let pipeline: URL
  private let cancellation: @Sendable () -> Bool
  private let noted = Mutex<[String: JSONValue]>([:])

  init(
    stage: PipelineStage, pipeline: URL, folder: URL, hashes: [String: String], isResumed: Bool,
    log: StageLog,
    cancellation: @escaping @Sendable () -> Bool
  ) {
    self.stage = stage.name
    self.folder = folder
    self.isResumed = isResumed
    self.log = log
    self.pipeline = pipeline
    inputs = stage.inputs
    self.hashes = hashes
    self.cancellation = cancellation
  }

  /// The name of the folder for what only an attempt that goes on needs.
  static let workName = "work"

  /// A folder for checkpoints: it outlives an attempt that is cut off, and goes when the stage is finished.
  ///
  /// - Throws: where it can't be made.
  public func work() throws -> URL {
    let work = folder.appending(path: Self.workName, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    return work
  }

  /// The folder of a stage whose outputs are declared as an input.
  ///
  /// - Parameter stage: the stage's name.
  /// - Returns: the folder.
  public func folder(of stage: String) -> URL {
    precondition(
      inputs.contains {
        if case .outputs(stage, _) = $0 { true } else { false }
      }, "\(self.stage) does not declare outputs of \(stage) as an input")
    return pipeline.appending(path: stage, directoryHint: .isDirectory)
  }

  /// An input that no stage wrote.
  ///
  /// - Parameter name: the name under which it is declared.
  /// - Returns: the file or folder.
  public func external(_ name: String) -> URL {
    for case .external(name, let url) in inputs { return url }
    preconditionFailure("\(stage) does not declare \(name) as an input")
  }

  /// The hash of an input's content, for a stage that passes word of it on to others.
  ///
  /// - Parameter name: the name under which an input from outside is declared.
  /// - Returns: 64 hexadecimal digits.
  public func hash(ofExternal name: String) -> String {
    guard let hash = hashes[name] else {
      preconditionFailure("\(stage) does not declare \(name) as an input")
    }
    return hash
  }

  /// How another stage's run went.
  ///
  /// It may tell of times, which are no inputs: a stage that uses it is not run again because of them.
  ///
  /// - Parameter stage: the name of any stage.
  /// - Returns: nil where it is not finished.
  public func manifest(of stage: String) -> StageManifest? {
    let folder = pipeline.appending(path: stage, directoryHint: .isDirectory)
    if case .found(let manifest) = StageManifest.read(in: folder, stage: stage) {
      return manifest
    }
    return nil
  }

  /// Notes something about the run in the manifest.
  ///
  /// - Parameters:
  ///   - name: the fact's name, such as `"songs"`.
  ///   - value: the fact.
  public func note(_ name: String, _ value: JSONValue) {
    noted.withLock { $0[name] = value }
  }

  var facts: [String: JSONValue] { noted.withLock { $0 } }

  /// Whether the user asked to stop.
  public var isCancelled: Bool { cancellation() }

  /// Ends the stage where the user asked to stop.
  ///
  /// - Throws: `CancellationError`.
  public func checkCancellation() throws {
    if isCancelled { throw CancellationError() }
  }
}
