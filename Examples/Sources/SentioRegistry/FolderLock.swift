import Foundation

/// One process at a time in a folder, while a new file is made there.
///
/// The folder itself is locked (`flock`), so that no lock file stays behind; the lock ends with the process,
/// however that ends. Not the database's file, because closing a second descriptor of that would end SQLite's
/// own locks on it.
enum FolderLock {
  /// Does work under the lock of the folder that a file lies in.
  ///
  /// On file systems without locks, and for folders that can't be opened, the work is done without.
  ///
  /// - Parameters:
  ///   - file: the file, whose folder is locked.
  ///   - patience: seconds that another process is waited for.
  ///   - work: what is done.
  /// - Returns: what `work` returns.
  /// - Throws: ``RegistryError/busy(file:)`` where the lock was not to be had, or what `work` throws.
  static func around<Value>(
    _ file: URL, patience: TimeInterval, _ work: () throws -> Value
  ) throws -> Value {
    let folder = file.deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return try work() }
    defer { close(descriptor) }
    let end = Date(timeIntervalSinceNow: patience)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { break }
      guard Date() < end else { throw RegistryError.busy(file: file.path) }
      usleep(5_000)
    }
    return try work()
  }
}
