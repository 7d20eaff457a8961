import Foundation
import SentioData

/// Size and hash of a file, or of a folder and everything in it.
enum ArtifactHash {
  /// Reads the whole content.
  ///
  /// - Returns: the bytes of all files; the SHA-256 of a file, or that of the lines `hash  name` of a
  ///   folder's files in the order of their names.
  static func measure(_ url: URL) throws -> (bytes: Int64, sha256: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw RegistryError.invalid(field: url.path, reason: "there is no such file to register")
    }
    guard isFolder.boolValue else {
      return (try size(of: url), try SHA256.hash(of: url).hex)
    }
    let names = try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
    var total: Int64 = 0
    var lines = ""
    for name in names {
      let file = url.appending(path: name)
      guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
        continue
      }
      total += try size(of: file)
      lines += "\(try SHA256.hash(of: file).hex)  \(name)\n"
    }
    return (total, SHA256.hash(of: lines).hex)
  }

  private static func size(of url: URL) throws -> Int64 {
    Int64(try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
  }
}
