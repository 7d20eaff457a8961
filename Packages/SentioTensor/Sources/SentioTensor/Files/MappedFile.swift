import Foundation

/// The bytes of a file, mapped into memory: pages come from the disk when they are touched.
///
/// The mapping is private and read-only, and lives as long as the object. A file that another
/// process shortens meanwhile is the one thing that this cannot guard against; Sentio's own writers
/// replace files and never shorten them.
public final class MappedFile: Sendable {
  /// The file.
  public let url: URL
  /// The number of bytes.
  public let count: Int
  private let address: UInt

  /// Maps a regular file.
  ///
  /// - Parameter url: the file; may be empty.
  /// - Throws: ``FileError``; a folder gives `EISDIR`, a pipe or a device `EINVAL`.
  public init(contentsOf url: URL) throws(FileError) {
    // A pipe without a writer would block for ever.
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: url.path, operation: .open, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(path: url.path, operation: .read, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let code = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL
      throw FileError(path: url.path, operation: .open, code: code)
    }
    self.url = url
    count = Int(status.st_size)
    guard count > 0 else {
      address = 0
      return
    }
    guard let map = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED
    else { throw FileError(path: url.path, operation: .read, code: errno) }
    address = UInt(bitPattern: map)
  }

  deinit {
    if let base = UnsafeMutableRawPointer(bitPattern: address) { munmap(base, count) }
  }

  /// Lends the bytes to a closure; the pointer must not leave it.
  ///
  /// - Parameter body: what to do with the bytes.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws.
  public func withUnsafeBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count))
  }
}
