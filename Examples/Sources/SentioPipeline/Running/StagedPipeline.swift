import Foundation
import SentioTensor

/// Stages in order, each with a folder of its own, of which a run does only what changed.
///
/// ```swift
/// let pipeline = StagedPipeline(stages, folder: folder, resume: "sentio run")
/// for status in try pipeline.statuses() { print(status.name, status.state) }
/// try pipeline.run(isCancelled: { stopped }) { event in print(event) }
/// ```
///
/// In the folder: `stages/NAME/` with a stage's outputs and its ``StageManifest``, `logs/NAME.log`, and a lock. A stage
/// runs when its settings, its code's version, the content of an input or an output of its own is not what its manifest
/// says; that a stage before it ran is no reason by itself. A program that is killed at any moment goes on where it was:
/// a folder without a manifest is not finished.
public struct StagedPipeline: Sendable {
  /// The stages, each after those whose outputs it reads.
  public let stages: [PipelineStage]
  /// Where stages and logs are kept.
  public let folder: URL
  /// What manifests say of the program and its libraries.
  public let versions: [String: String]
  /// The command line that goes on with a run that was stopped.
  public let resume: String

  /// Creates a pipeline; nothing is read or written.
  ///
  /// - Parameters:
  ///   - stages: in order; a stage stands after those whose outputs it reads.
  ///   - folder: where stages and logs are kept.
  ///   - versions: what manifests say of the program and its libraries; it decides nothing.
  ///   - resume: the command line that goes on with a run that was stopped.
  public init(
    _ stages: [PipelineStage], folder: URL, versions: [String: String] = [:], resume: String
  ) {
    var known: Set<String> = []
    for stage in stages {
      precondition(!known.contains(stage.name), "two stages are called \(stage.name)")
      for case .outputs(let source, _) in stage.inputs {
        precondition(known.contains(source), "\(stage.name) stands before its input \(source)")
      }
      known.insert(stage.name)
    }
    self.stages = stages
    self.folder = folder
    self.versions = versions
    self.resume = resume
  }

  var stagesFolder: URL { folder.appending(path: "stages", directoryHint: .isDirectory) }

  /// The folder of a stage's outputs.
  ///
  /// - Parameter stage: the stage's name.
  /// - Returns: its place, whether it exists or not.
  public func folder(of stage: String) -> URL {
    stagesFolder.appending(path: stage, directoryHint: .isDirectory)
  }

  /// The log of a stage.
  ///
  /// - Parameter stage: the stage's name.
  /// - Returns: its place, whether it exists or not.
  public func log(of stage: String) -> URL {
    folder.appending(path: "logs/\(stage).log")
  }

  /// A finished stage's manifest.
  ///
  /// - Parameter stage: the stage's name.
  /// - Returns: nil where it is not finished.
  public func manifest(of stage: String) -> StageManifest? {
    if case .found(let manifest) = StageManifest.read(in: folder(of: stage), stage: stage) {
      return manifest
    }
    return nil
  }

  /// The state of every stage, as a run of all of them would find it.
  ///
  /// - Parameter rereads: reads all files again rather than trusting their length and time of change.
  /// - Returns: one entry a stage, in order.
  /// - Throws: ``PipelineError/unreadable(stage:input:reason:)``.
  public func statuses(rereads: Bool = false) throws -> [StageStatus] {
    var waiting: Set<String> = []
    return try stages.map { stage in
      let sources = stage.inputs.compactMap { input -> String? in
        if case .outputs(let source, _) = input, waiting.contains(source) { return source }
        return nil
      }
      var state: StageState
      if sources.isEmpty {
        state = try self.state(of: stage, rereads: rereads)
      } else {
        state = .waiting(on: sources)
        if manifest(of: stage.name) == nil { state = .outdated([.neverFinished]) }
      }
      if state.manifest == nil { waiting.insert(stage.name) }
      return StageStatus(name: stage.name, summary: stage.summary, state: state)
    }
  }

  /// The state of a stage whose inputs are all there.
  func state(of stage: PipelineStage, rereads: Bool) throws -> StageState {
    try StageExamination(stage: stage, folder: folder(of: stage.name), rereads: rereads)
      .state(inputs(of: stage))
  }

  /// Finds what a stage would read.
  ///
  /// - Throws: ``PipelineError`` where something is not there.
  func inputs(of stage: PipelineStage) throws -> ResolvedInputs {
    // Files whose hashes are known from the last run need not be read again.
    let before = manifest(of: stage.name)
    var resolved = ResolvedInputs()
    for input in stage.inputs {
      switch input {
      case .outputs(let source, let paths):
        guard let manifest = manifest(of: source) else {
          throw PipelineError.inputNotReady(
            stage: stage.name, input: "the outputs of \(source)", reason: "is not finished")
        }
        guard let hash = manifest.outputHash(of: paths) else {
          throw PipelineError.inputNotReady(
            stage: stage.name, input: input.name, reason: "\(source) did not write")
        }
        resolved.hashes[input.name] = hash
      case .external(let name, let url):
        do {
          let records = try FileTree.records(
            below: url, knowing: before?.external[name] ?? [])
          resolved.external[name] = records
          resolved.hashes[name] = FileTree.hash(of: records)
        } catch {
          throw PipelineError.unreadable(stage: stage.name, input: name, reason: "\(error)")
        }
      }
    }
    return resolved
  }

  /// The stage that a process was working on when it ended, by the traces that it left.
  ///
  /// - Parameters:
  ///   - folder: a pipeline's folder.
  ///   - process: the process's number.
  /// - Returns: the stage's name and its log; nil where the process was between stages.
  public static func stage(cutOffIn folder: URL, process: Int32) -> (name: String, log: URL)? {
    let stages = folder.appending(path: "stages", directoryHint: .isDirectory)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: stages.path)) ?? []
    for name in names {
      let attempt = StageAttempt.read(in: stages.appending(path: name))
      if let attempt, attempt.process == process {
        return (name, folder.appending(path: "logs/\(name).log"))
      }
    }
    return nil
  }
}
