import Foundation
import SentioData

/// What a stage's inputs are right now.
struct ResolvedInputs {
  /// The hash of each input, by its name.
  var hashes: [String: String] = [:]
  /// The files of inputs from outside.
  var external: [String: [FileRecord]] = [:]

  /// The hash of all that decides what the stage's outputs are.
  func fingerprint(of stage: PipelineStage) -> String {
    SHA256.hash(
      of: JSONValue.object([
        "version": .integer(stage.version), "settings": stage.settings,
        "inputs": .object(hashes.mapValues(JSONValue.string)),
      ]).canonicalText
    ).hex
  }
}

/// Compares a stage with what its folder holds.
struct StageExamination {
  let stage: PipelineStage
  let folder: URL
  /// Reads outputs again rather than trusting their length and time of change.
  var rereads = false

  /// The state of the stage, given what its inputs are.
  func state(_ inputs: ResolvedInputs) throws -> StageState {
    let manifest: StageManifest
    switch StageManifest.read(in: folder, stage: stage.name) {
    case .missing:
      let fingerprint = inputs.fingerprint(of: stage)
      if let attempt = StageAttempt.read(in: folder), attempt.fingerprint == fingerprint {
        return .outdated([.cutOff(attempts: attempt.attempts)])
      }
      return .outdated([.neverFinished])
    case .damaged(let reason): return .outdated([.manifestDamaged(reason)])
    case .found(let found): manifest = found
    }
    let reasons = changes(since: manifest, inputs) + (try outputChanges(since: manifest))
    if reasons.isEmpty, manifest.fingerprint != inputs.fingerprint(of: stage) {
      return .outdated([.manifestDamaged("does not fit what it says of itself")])
    }
    return reasons.isEmpty ? .upToDate(manifest) : .outdated(reasons)
  }

  private func changes(since manifest: StageManifest, _ inputs: ResolvedInputs) -> [StageReason] {
    var reasons: [StageReason] = []
    if manifest.version != stage.version {
      reasons.append(.versionChanged(from: manifest.version, to: stage.version))
    }
    if manifest.settings != stage.settings {
      let before = manifest.settings.leaves()
      let now = stage.settings.leaves()
      let names = Set(before.keys).union(now.keys).sorted().filter { before[$0] != now[$0] }
      reasons.append(
        .settingsChanged(
          names.map {
            "\($0.isEmpty ? "value" : $0): \(before[$0]?.description ?? "none") → "
              + (now[$0]?.description ?? "none")
          }))
    }
    let names = Set(manifest.inputs.keys).union(inputs.hashes.keys).sorted()
      .filter { manifest.inputs[$0] != inputs.hashes[$0] }
    if !names.isEmpty { reasons.append(.inputsChanged(names)) }
    return reasons
  }

  private func outputChanges(since manifest: StageManifest) throws -> [StageReason] {
    var missing: [String] = []
    var changed: [String] = []
    for output in manifest.outputs {
      let file = folder.appending(path: output.path)
      guard FileManager.default.fileExists(atPath: file.path) else {
        missing.append(output.path)
        continue
      }
      let known = FileRecord(
        path: file.lastPathComponent, size: output.size, modified: output.modified,
        sha256: output.sha256)
      // What can't be read is as good as changed: the stage makes it anew.
      let now = try? FileTree.records(below: file, knowing: rereads ? [] : [known])
      if now?.count != 1 || now?[0].hasContent(of: known) != true { changed.append(output.path) }
    }
    return (missing.isEmpty ? [] : [.outputsMissing(missing)])
      + (changed.isEmpty ? [] : [.outputsChanged(changed)])
  }
}
