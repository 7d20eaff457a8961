import Foundation
import SentioTensor

extension SyntheticCorpus {
  /// How far the writing is.
  public struct Progress: Sendable, Equatable {
    /// Songs whose audio is there, the kept ones included.
    public var finished: Int
    /// Songs in all.
    public var total: Int
    /// Songs that an earlier run had finished.
    public var kept: Int
  }

  /// Writes the corpus: MP3 files and DEAM's annotation and metadata files.
  ///
  /// Layout, that of DEAM's download: `MEMD_audio/<id>.mp3`; `annotations/annotations averaged per song/`
  /// and `annotations/annotations per each rater/`, each with `song_level` and `dynamic (per second
  /// annotations)`; `metadata/metadata_2014.csv`; and ``markerName`` with the settings, which says
  /// `"complete": true` once everything is there. Every file appears whole or not at all, so a run that
  /// was stopped or killed is continued by the next one with the same settings. A corpus may also be
  /// continued with more songs.
  ///
  /// Samples are the same on every machine; the bytes of the MP3 files are those of the installed
  /// encoder.
  ///
  /// - Parameters:
  ///   - folder: the corpus's folder; it is created if need be, and must otherwise be empty or hold a
  ///     synthetic corpus of the same settings.
  ///   - parallelism: songs rendered at the same time, at least 1; does not change a byte.
  ///   - isCancelled: asked before every song; `true` stops the run.
  ///   - progress: told after every song, one call at a time.
  /// - Returns: the final count, with the songs that were kept from an earlier run.
  /// - Throws: ``SynthesisError`` for other settings, a foreign folder or cancellation; `FileError`
  ///   where the system refuses (a full disk has the code `ENOSPC`); ``AudioError`` where there is
  ///   no MP3 encoder.
  @discardableResult
  public func write(
    to folder: URL, parallelism: Int = ProcessInfo.processInfo.activeProcessorCount,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> Progress {
    precondition(parallelism >= 1, "parallelism \(parallelism) is less than 1")
    let audio = folder.appending(path: "MEMD_audio")
    let missing = try prepare(folder, audio: audio)
    let kept = songCount - missing.count
    let state = SynthesisState(
      waiting: missing, progress: Progress(finished: kept, total: songCount, kept: kept))
    progress(state.progress)

    DispatchQueue.concurrentPerform(iterations: min(parallelism, max(missing.count, 1))) { _ in
      while let index = state.next(isCancelled: isCancelled) {
        do {
          try writeAudio(of: index, into: audio)
          state.finished(report: progress)
        } catch {
          state.fail(error)
        }
      }
    }
    if let error = state.error { throw error }
    func checkCancellation() throws {
      guard state.wasCancelled || isCancelled() else { return }
      throw SynthesisError.cancelled(
        path: folder.path, finished: state.progress.finished, total: songCount)
    }
    try checkCancellation()

    var annotations = SyntheticAnnotations(duration: duration)
    for index in 0..<songCount {
      if index % 64 == 0 { try checkCancellation() }
      try annotations.add(song(index), below: folder)
    }
    try annotations.write(below: folder)
    try SyntheticMarker(self, complete: true).write(to: folder.appending(path: Self.markerName))
    return state.progress
  }

  /// Checks the folder, makes its parts, and finds the songs without audio.
  private func prepare(_ folder: URL, audio: URL) throws -> [Int] {
    let marker = folder.appending(path: Self.markerName)
    let wanted = SyntheticMarker(self, complete: false)
    let manager = FileManager.default
    if let found = try SyntheticMarker.read(marker) {
      try found.check(continuesAs: wanted, path: folder.path)
    } else {
      for name in ["annotations", "MEMD_audio", "metadata"] {
        let path = folder.appending(path: name).path
        if manager.fileExists(atPath: path) {
          throw SynthesisError.notSynthetic(path: folder.path, found: "a folder \(name)")
        }
      }
    }
    for name in [""] + ["MEMD_audio"] + SyntheticAnnotations.folders {
      try Self.createFolder(name.isEmpty ? folder : folder.appending(path: name))
    }
    if try SyntheticMarker.read(marker) != SyntheticMarker(self, complete: true) {
      try wanted.write(to: marker)
    }
    removeLeftovers(in: audio)
    // A frame of MP3 more or less; anything shorter was cut by someone else.
    let smallest = Int(duration * Double(bitRate) / 8 * 0.99)
    return (0..<songCount).filter { index in
      let path = audioFile(of: index, in: audio).path
      let size = (try? manager.attributesOfItem(atPath: path))?[.size] as? Int
      return (size ?? 0) < smallest
    }
  }

  /// Makes a folder and those above it.
  private static func createFolder(_ url: URL) throws {
    if mkdir(url.path, 0o755) == 0 { return }
    var code = errno
    let parent = url.deletingLastPathComponent()
    if code == ENOENT, parent.path != url.path {
      try createFolder(parent)
      if mkdir(url.path, 0o755) == 0 { return }
      code = errno
    }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    guard exists, isFolder.boolValue else {
      throw FileError(path: url.path, operation: .createFolder, code: exists ? ENOTDIR : code)
    }
  }

  /// Removes the temporary files of processes that were killed; those of living ones stay.
  private func removeLeftovers(in folder: URL) {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
    where name.hasPrefix(".sentio-") && name.hasSuffix(".tmp") {
      let parts = name.split(separator: "-")
      guard parts.count > 2, let process = pid_t(parts[1]), process > 0 else { continue }
      if kill(process, 0) != 0, errno == ESRCH {
        try? manager.removeItem(at: folder.appending(path: name))
      }
    }
  }

  private func audioFile(of index: Int, in folder: URL) -> URL {
    folder.appending(path: "\(Self.firstID + index).mp3")
  }

  private func writeAudio(of index: Int, into folder: URL) throws {
    let samples = SongRenderer().render(composer.compose(index))
    let encoded = try AudioEncoder(.mp3(bitRate: bitRate)).encode(
      samples.map { Float($0) / 32_768 }, sampleRate: SongRenderer.sampleRate)
    try encoded.bytes.withUnsafeBytes {
      try AtomicFile.write($0, to: audioFile(of: index, in: folder))
    }
  }
}

/// What the workers share: the songs that wait, the count, and the first error.
private final class SynthesisState: @unchecked Sendable {
  // Every property is read and written under the lock only.
  private let lock = NSLock()
  private var waiting: ArraySlice<Int>
  private var count: SyntheticCorpus.Progress
  private var firstError: (any Error)?
  private var stopped = false

  init(waiting: [Int], progress: SyntheticCorpus.Progress) {
    self.waiting = waiting[...]
    count = progress
  }

  func next(isCancelled: () -> Bool) -> Int? {
    let stop = isCancelled()
    return lock.withLock {
      if stop { stopped = true }
      return stopped || firstError != nil ? nil : waiting.popFirst()
    }
  }

  func finished(report: (SyntheticCorpus.Progress) -> Void) {
    lock.withLock {
      count.finished += 1
      report(count)
    }
  }

  func fail(_ error: any Error) { lock.withLock { firstError = firstError ?? error } }

  var progress: SyntheticCorpus.Progress { lock.withLock { count } }
  var error: (any Error)? { lock.withLock { firstError } }
  var wasCancelled: Bool { lock.withLock { stopped } }
}
