import Foundation
import SentioTensor

/// The folder of one training: its checkpoints, its log, its event files.
///
/// One process at a time: a lock on the folder ends with the process that holds it, however that ends.
///
/// The last checkpoint is written first; the best epoch's and the top ones are further names of the same file.
/// A process that is killed in between leaves them undone, and the next one makes up for it: the last
/// checkpoint says which names it should have.
package final class CheckpointFolder {
  package let url: URL
  private let policy: CheckpointPolicy
  private let lock: Int32

  package var last: URL { url.appending(path: "last.safetensors") }
  package var best: URL { url.appending(path: "best.safetensors") }
  package var log: URL { url.appending(path: "log.jsonl") }

  package init(_ url: URL, policy: CheckpointPolicy) throws {
    self.url = url
    self.policy = policy
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: url.path, operation: .createFolder, code: errno)
    }
    let path = url.appending(path: ".lock").path
    lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard lock >= 0 else { throw FileError(path: path, operation: .open, code: errno) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw TrainingError.folderInUse(path: url.path)
    }
    // What a killed process was writing.
    try remove { $0.hasPrefix(".sentio-") && $0.hasSuffix(".tmp") }
  }

  deinit {
    // Closing alone would leave it to a process that is just being started and has this descriptor still.
    _ = flock(lock, LOCK_UN)
    close(lock)
  }

  /// Whether there is a training to go on with.
  package var holdsTraining: Bool { FileManager.default.fileExists(atPath: last.path) }

  /// Removes everything that a training left.
  package func clear() throws {
    try remove { name in
      name == "last.safetensors" || name == "best.safetensors" || name == "log.jsonl"
        || Self.isOfEpoch(name) || name.hasPrefix("events.out.tfevents.")
    }
  }

  /// Gives the last checkpoint the names that its state says, and takes away those of others.
  ///
  /// - Parameter state: the state in the last checkpoint, which ends an epoch.
  /// - Throws: `FileError`.
  func settle(_ state: TrainingState) throws {
    if policy.keepsBest, state.best?.epoch == state.epoch { try keepBest() }
    for ranked in state.top where ranked.epoch == state.epoch {
      try link(last, to: url.appending(path: ranked.file))
    }
    let kept = Set(state.top.map(\.file))
    try remove { Self.isOfEpoch($0) && !kept.contains($0) }
  }

  /// Makes the last checkpoint the best epoch's too.
  package func keepBest() throws { try link(last, to: best) }

  private static func isOfEpoch(_ name: String) -> Bool {
    name.hasPrefix("epoch-") && name.hasSuffix(".safetensors")
  }

  /// Gives a file one more name, in place of what had it.
  private func link(_ file: URL, to name: URL) throws {
    let temporary = url.appending(path: ".sentio-\(getpid())-link.tmp").path
    unlink(temporary)
    guard systemLink(file.path, temporary) == 0 else {
      // A file system without further names for a file: a copy serves.
      return try AtomicFile.write(try Data(contentsOf: file, options: .mappedIfSafe), to: name)
    }
    // Where both are one file already, the system does nothing and leaves the temporary.
    defer { unlink(temporary) }
    guard rename(temporary, name.path) == 0 else {
      throw FileError(path: name.path, operation: .rename, code: errno)
    }
    let folder = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw FileError(path: url.path, operation: .open, code: errno) }
    defer { close(folder) }
    if fsync(folder) != 0 && errno != EINVAL {
      throw FileError(path: url.path, operation: .synchronize, code: errno)
    }
  }

  private func remove(_ isMeant: (String) -> Bool) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    for name in names where isMeant(name) {
      let path = url.appending(path: name).path
      guard unlink(path) == 0 || errno == ENOENT else {
        throw FileError(path: path, operation: .write, code: errno)
      }
    }
  }
}

/// `link(2)`, out of the reach of the method that shares its name.
private func systemLink(_ file: String, _ name: String) -> Int32 { link(file, name) }
