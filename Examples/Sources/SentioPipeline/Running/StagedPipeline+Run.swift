import Foundation
import SentioTensor

/// What a run tells of itself.
public enum PipelineEvent: Sendable {
  /// A stage is up to date and is passed over.
  case kept(StageManifest, number: Int, of: Int)
  /// A stage begins.
  case began(PipelineStage, reasons: [StageReason], log: StageLog, number: Int, of: Int)
  /// A stage is finished.
  case finished(StageManifest, number: Int, of: Int)
}

extension StagedPipeline {
  /// Runs the stages that need to.
  ///
  /// - Parameters:
  ///   - selection: which stages.
  ///   - rereads: reads all files again rather than trusting their length and time of change.
  ///   - isCancelled: asked by stages now and then whether to stop.
  ///   - onEvent: told of each stage, on the thread that runs them.
  /// - Throws: ``PipelineStopped`` when `isCancelled` said so, ``StageFailure`` with what a stage threw, ``PipelineError``,
  ///   and `FileError` where the pipeline's own files can't be written.
  public func run(
    _ selection: StageSelection = .all, rereads: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    onEvent: (PipelineEvent) -> Void = { _ in }
  ) throws {
    let chosen = try selection.resolved(among: stages.map(\.name))
    for path in ["stages", "logs"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: path), withIntermediateDirectories: true)
    }
    let lock = try PipelineLock(folder: folder)
    defer { withExtendedLifetime(lock) {} }
    // What a chosen stage reads from stages that are not chosen must be as these would make it.
    if chosen.range.lowerBound > 0 { try checkInputs(of: chosen.range, rereads: rereads) }
    for place in chosen.range {
      if isCancelled() { throw PipelineStopped(stage: nil) }
      let stage = stages[place]
      let state = try self.state(of: stage, rereads: rereads)
      switch state {
      case .upToDate(let manifest) where chosen.forced != place:
        onEvent(.kept(manifest, number: place + 1, of: stages.count))
      case .upToDate, .waiting:
        try run(place, reasons: [.asked], isCancelled, onEvent)
      case .outdated(let reasons):
        try run(place, reasons: reasons, isCancelled, onEvent)
      }
    }
  }

  private func checkInputs(of chosen: Range<Int>, rereads: Bool) throws {
    for status in try statuses(rereads: rereads)[..<chosen.lowerBound] {
      guard status.state.manifest == nil,
        let reader = stages[chosen].first(where: { $0.reads(status.name) })
      else { continue }
      throw PipelineError.inputNotReady(
        stage: reader.name, input: "the outputs of \(status.name)",
        reason: status.state.description)
    }
  }

  private func run(
    _ place: Int, reasons: [StageReason], _ isCancelled: @escaping @Sendable () -> Bool,
    _ onEvent: (PipelineEvent) -> Void
  ) throws {
    let stage = stages[place]
    let folder = folder(of: stage.name)
    let log = StageLog(log(of: stage.name))
    let resolved = try inputs(of: stage)
    var attempt = try failing(stage, log) {
      try prepare(folder, for: stage, fingerprint: resolved.fingerprint(of: stage))
    }
    let context = StageContext(
      stage: stage, pipeline: stagesFolder, folder: folder, hashes: resolved.hashes,
      isResumed: attempt.attempts > 1,
      log: log, cancellation: isCancelled)
    log.write(
      "\(stage.name) begins, process \(getpid()): "
        + reasons.map(\.description).joined(separator: "; "))
    onEvent(.began(stage, reasons: reasons, log: log, number: place + 1, of: stages.count))
    PeakMemory.reset()
    let start = ContinuousClock.now
    do {
      try stage.work(context)
      try context.checkCancellation()
    } catch {
      attempt.seconds += (ContinuousClock.now - start) / .seconds(1)
      // It matters little if this can't be written: the attempt counts all the same.
      try? attempt.write(into: folder)
      if isCancelled() {
        log.write("\(stage.name) was stopped; what it finished is kept")
        throw PipelineStopped(stage: stage.name)
      }
      log.write("\(stage.name) failed: \(error)")
      throw StageFailure(stage: stage.name, cause: error, log: log.file, resume: resume)
    }
    let manifest = try failing(stage, log) {
      try finish(
        stage, folder, resolved, attempt, context.facts, (ContinuousClock.now - start) / .seconds(1)
      )
    }
    log.write(
      "\(stage.name) finished: \(manifest.outputs.count) files, "
        + String(format: "%.1f s, at most ", manifest.seconds)
        + "\(manifest.peakMemoryBytes >> 20) MiB")
    onEvent(.finished(manifest, number: place + 1, of: stages.count))
  }

  /// Makes a stage's folder ready: without a manifest, and with what an attempt at the same work has left.
  private func prepare(
    _ folder: URL, for stage: PipelineStage, fingerprint: String
  ) throws -> StageAttempt {
    let files = FileManager.default
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    let manifest = folder.appending(path: StageManifest.fileName)
    let wasFinished = files.fileExists(atPath: manifest.path)
    // First of all the folder is no longer a finished one.
    if wasFinished { try files.removeItem(at: manifest) }
    var attempt = StageAttempt(
      stage: stage.name, fingerprint: fingerprint, started: Date().formatted(.iso8601),
      process: getpid(), attempts: 1, seconds: 0)
    let before = wasFinished ? nil : StageAttempt.read(in: folder)
    let goesOn = before?.fingerprint == fingerprint
    if let before, goesOn {
      attempt.attempts = before.attempts + 1
      attempt.seconds = before.seconds
    }
    for name in try files.contentsOfDirectory(atPath: folder.path) {
      if goesOn, stage.resumesInPlace || name == StageContext.workName { continue }
      try files.removeItem(at: folder.appending(path: name))
    }
    try attempt.write(into: folder)
    return attempt
  }

  /// Takes stock of what a stage wrote, and finishes its folder.
  private func finish(
    _ stage: PipelineStage, _ folder: URL, _ inputs: ResolvedInputs, _ attempt: StageAttempt,
    _ facts: [String: JSONValue], _ seconds: Double
  ) throws -> StageManifest {
    let files = FileManager.default
    let peak = PeakMemory.bytes()
    let own = [StageManifest.fileName, StageAttempt.fileName, StageContext.workName]
    let manifest = StageManifest(
      format: StageManifest.currentFormat, stage: stage.name, version: stage.version,
      settings: stage.settings, inputs: inputs.hashes, external: inputs.external,
      fingerprint: inputs.fingerprint(of: stage),
      outputs: try FileTree.records(below: folder) { own.contains($0) }, facts: facts,
      versions: versions, started: attempt.started, seconds: attempt.seconds + seconds,
      attempts: attempt.attempts, peakMemoryBytes: peak)
    try manifest.write(into: folder)
    // The stage is finished now, whether or not these go away.
    try? files.removeItem(at: folder.appending(path: StageAttempt.fileName))
    try? files.removeItem(at: folder.appending(path: StageContext.workName))
    return manifest
  }

  /// Puts the stage's name to what goes wrong around its work, such as a full disk.
  private func failing<Value>(
    _ stage: PipelineStage, _ log: StageLog, _ work: () throws -> Value
  ) throws -> Value {
    do {
      return try work()
    } catch {
      log.write("\(stage.name) failed: \(error)")
      throw StageFailure(stage: stage.name, cause: error, log: log.file, resume: resume)
    }
  }
}

extension PipelineStage {
  /// Whether the stage has outputs of another one as an input.
  func reads(_ other: String) -> Bool {
    inputs.contains { if case .outputs(other, _) = $0 { true } else { false } }
  }
}
