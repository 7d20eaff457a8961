import CZlib
import Foundation

/// Reads files that gzip packed.
enum GzipFile {
  /// Why a file could not be unpacked.
  struct Failure: Error, CustomStringConvertible {
    let path: String
    let reason: String
    var description: String { "\(path): \(reason)" }
  }

  /// The unpacked bytes of a file.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - limit: the most bytes that may come out.
  /// - Returns: the bytes.
  /// - Throws: ``Failure``.
  static func contents(of url: URL, limit: Int) throws -> Data {
    guard let file = gzopen(url.path, "rb") else {
      throw Failure(path: url.path, reason: "can't be opened (\(String(cString: strerror(errno))))")
    }
    defer { gzclose(file) }
    var result = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = gzread(file, &buffer, UInt32(buffer.count))
      guard count >= 0 else { throw Failure(path: url.path, reason: "is damaged") }
      if count == 0 { break }
      guard result.count + Int(count) <= limit else {
        throw Failure(path: url.path, reason: "unpacks to more than \(limit) bytes")
      }
      result.append(contentsOf: buffer[0..<Int(count)])
    }
    return result
  }
}
