import Foundation
import SentioTensor

/// Keeps a second process out of a pipeline's folder for as long as it lives.
///
/// The system lets go of the lock when the process ends, however it ends.
final class PipelineLock {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// A process that was just killed may take a moment to go, so the lock is asked for for two seconds.
  ///
  /// - Throws: ``PipelineError/locked(folder:process:)``, or `FileError` where there can be no lock file.
  init(folder: URL) throws {
    let file = folder.appending(path: "pipeline.lock")
    descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(path: file.path, operation: .open, code: errno) }
    let deadline = ContinuousClock.now + .seconds(2)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard ContinuousClock.now < deadline else {
        let holder = (try? String(contentsOf: file, encoding: .utf8)).flatMap {
          Int32($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        close(descriptor)
        throw PipelineError.locked(folder: folder, process: holder)
      }
      usleep(20_000)
    }
    // Who holds it is for people; on a full disk the lock holds all the same.
    _ = ftruncate(descriptor, 0)
    let name = Array("\(getpid())\n".utf8)
    _ = name.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit {
    // Closing alone would leave it to a process that is just being started and has this descriptor still.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
