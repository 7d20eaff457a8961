import Foundation
import SentioTensor

/// Reads whole files whose size is checked before anything is allocated.
enum BoundedFile {
  /// The content of a regular file of at most `limit` bytes.
  ///
  /// - Throws: `FileError` when the system refuses, ``TableError`` when it is too large or no
  ///   regular file.
  static func read(_ url: URL, limit: Int) throws -> [UInt8] {
    let path = url.path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, operation: .open, code: errno) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      throw FileError(path: path, operation: .read, code: errno)
    }
    // A pipe or a device has no size to check and could deliver for ever.
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw TableError(file: path, expected: "a regular file", found: "a folder or a device")
    }
    let size = Int(information.st_size)
    guard size <= limit else {
      throw TableError(
        file: path, expected: "at most \(limit) bytes", found: "\(size) bytes",
        fix: "Split the file or raise the limit")
    }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Foundation.read(descriptor, buffer.baseAddress! + count, size - count)
        if got < 0 {
          if errno == EINTR { continue }
          throw FileError(path: path, operation: .read, code: errno)
        }
        if got == 0 { break }
        count += got
      }
    }
  }
}
