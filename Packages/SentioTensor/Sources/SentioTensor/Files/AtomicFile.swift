import Foundation
import Synchronization

/// Files that are there whole or not at all.
///
/// The content goes to a temporary file in the same folder, is forced to the disk, and then takes the
/// name: a crash, a full disk or an error at any instant leaves the old file or the new one, never a
/// part. After an error the temporary is gone. A symbolic link stays, and the file that it names is
/// replaced; a replaced file keeps its permissions. Pipes and devices such as `/dev/null` are not replaced
/// but written to.
///
/// ```swift
/// try AtomicFile.write(to: url) { file in
///   try file.write("song,valence\n")
///   for row in rows { try file.write(row.text) }
/// }
/// ```
public enum AtomicFile {
  /// Writes a file with a closure that is handed a buffered writer.
  ///
  /// - Parameters:
  ///   - url: the file; its folder must exist.
  ///   - body: writes the content; an error that it throws leaves the old file as it was.
  /// - Returns: what `body` returned.
  /// - Throws: ``FileError``, or what `body` throws.
  @discardableResult
  public static func write<R>(to url: URL, _ body: (Writer) throws -> R) throws -> R {
    let target = destination(of: url)
    let folder = (target as NSString).deletingLastPathComponent
    var existing = stat()
    let exists = stat(target, &existing) == 0
    if exists, ![S_IFREG, S_IFDIR].contains(existing.st_mode & S_IFMT) {
      let writer = try Writer(stream: target)
      let result = try body(writer)
      try writer.finish()
      return result
    }
    let temporary = temporaryPath(for: target)
    let writer = try Writer(path: temporary, reportedPath: target)
    if exists { _ = fchmod(writer.descriptor, existing.st_mode & 0o7777) }
    do {
      let result = try body(writer)
      try writer.finish()
      guard rename(temporary, target) == 0 else {
        throw FileError(path: target, operation: .rename, code: errno)
      }
      try synchronize(folder: folder.isEmpty ? "." : folder)
      return result
    } catch {
      writer.abandon()
      unlink(temporary)
      throw error
    }
  }

  /// Writes bytes as a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole content.
  ///   - url: the file; its folder must exist.
  /// - Throws: ``FileError``.
  public static func write(_ bytes: some ContiguousBytes, to url: URL) throws {
    try write(to: url) { try $0.write(bytes) }
  }

  /// Writes text as a UTF-8 file.
  ///
  /// - Parameters:
  ///   - text: the whole content.
  ///   - url: the file; its folder must exist.
  /// - Throws: ``FileError``.
  public static func write(_ text: String, to url: URL) throws {
    try write(to: url) { try $0.write(text) }
  }

  /// The path to replace: where a link points, if it is one.
  private static func destination(of url: URL) -> String {
    guard let resolved = realpath(url.path, nil) else { return url.path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static let serial = Atomic<UInt64>(0)

  /// A hidden sibling that no other process or task uses; short, whatever the length of the name.
  private static func temporaryPath(for target: String) -> String {
    let number = serial.wrappingAdd(1, ordering: .relaxed).oldValue
    let stamp = UInt64(Date().timeIntervalSince1970 * 1e6)
    let name = ".sentio-\(getpid())-\(String(stamp, radix: 36))-\(number).tmp"
    let folder = (target as NSString).deletingLastPathComponent
    return folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
  }

  /// Forces the folder's entries to the disk, so that the new name survives a power cut.
  private static func synchronize(folder: String) throws(FileError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(path: folder, operation: .open, code: errno)
    }
    defer { close(descriptor) }
    // Some network file systems cannot do this, and say so with EINVAL.
    if fsync(descriptor) != 0 && errno != EINVAL {
      throw FileError(path: folder, operation: .synchronize, code: errno)
    }
  }
}
