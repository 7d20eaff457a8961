import Foundation

/// Writes whole files so that a crash at any instant leaves either the old content or the new.
///
/// The bytes go to a hidden temporary file in the same folder, are flushed to the disk, and the
/// file is then renamed over its target; a failure removes the temporary file.
public enum AtomicFile {
  /// Replaces the file at `url` by `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: the whole content.
  ///   - url: the file to create or to replace; its folder must exist.
  /// - Throws: ``FileError`` with the path and the system's reason (disk full, read-only folder …).
  public static func write(_ bytes: UnsafeRawBufferPointer, to url: URL) throws {
    let folder = url.deletingLastPathComponent()
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = folder.appending(path: ".\(url.lastPathComponent.suffix(120)).\(unique).tmp")
    let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError(path: url.path, operation: .open, code: errno)
    }
    do {
      defer { close(descriptor) }
      try writeAll(bytes, to: descriptor, path: url.path)
      guard fsync(descriptor) == 0 else {
        throw FileError(path: url.path, operation: .synchronize, code: errno)
      }
    } catch {
      unlink(temporary.path)
      throw error
    }
    guard rename(temporary.path, url.path) == 0 else {
      let code = errno
      unlink(temporary.path)
      throw FileError(path: url.path, operation: .rename, code: code)
    }
    synchronizeFolder(folder)
  }

  /// Replaces the file at `url` by `text` in UTF-8.
  ///
  /// - Parameters:
  ///   - text: the whole content.
  ///   - url: the file to create or to replace; its folder must exist.
  /// - Throws: ``FileError``.
  public static func write(_ text: String, to url: URL) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0), to: url) }
  }

  /// Writes every byte, resuming after signals and short writes.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
    var done = 0
    while done < bytes.count {
      let written = Foundation.write(
        descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, operation: .write, code: errno)
      }
      done += written
    }
  }

  /// Makes a rename durable; file systems that can't flush a folder are none the worse.
  static func synchronizeFolder(_ folder: URL) {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
