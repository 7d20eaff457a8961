import Foundation
import SentioData
import SentioTensor

/// A file by its content, and what spares reading it again.
public struct FileRecord: Codable, Hashable, Sendable {
  /// The path below the folder that was recorded, such as `"models/ridge.sentio"`.
  public let path: String
  /// Its length in bytes.
  public let size: Int
  /// When it was last changed, in nanoseconds since 1970.
  public let modified: Int
  /// The SHA-256 of its content, as 64 hexadecimal digits.
  public let sha256: String

  /// Whether two records have the same content under the same path.
  func hasContent(of other: FileRecord) -> Bool {
    path == other.path && size == other.size && sha256 == other.sha256
  }
}

/// The files below a folder, by content.
enum FileTree {
  /// Records every regular file below a folder, in the order of the paths.
  ///
  /// A file whose length and time of change are those of a record that is already known keeps that record's hash: a
  /// second look at gigabytes takes milliseconds.
  ///
  /// - Parameters:
  ///   - root: a folder, or a single file.
  ///   - known: records of an earlier look.
  ///   - isExcluded: which paths are passed over, with all below them.
  /// - Returns: one record a file.
  /// - Throws: `FileError` where something can't be read.
  static func records(
    below root: URL, knowing known: [FileRecord] = [], isExcluded: (String) -> Bool = { _ in false }
  ) throws -> [FileRecord] {
    let known = Dictionary(known.map { ($0.path, $0) }) { first, _ in first }
    var information = stat()
    guard stat(root.path, &information) == 0 else {
      throw FileError(path: root.path, operation: .open, code: errno)
    }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      return [try record(of: root, as: root.lastPathComponent, information, known)]
    }
    var records: [FileRecord] = []
    var pending = [""]
    while let folder = pending.popLast() {
      for name in try names(in: folder.isEmpty ? root.path : root.path + "/" + folder) {
        let path = folder.isEmpty ? name : folder + "/" + name
        guard !isExcluded(path) else { continue }
        let file = root.appending(path: path)
        guard stat(file.path, &information) == 0 else {
          throw FileError(path: file.path, operation: .open, code: errno)
        }
        switch information.st_mode & S_IFMT {
        case S_IFDIR: pending.append(path)
        case S_IFREG: records.append(try record(of: file, as: path, information, known))
        default: break
        }
      }
    }
    return records.sorted { $0.path < $1.path }
  }

  /// One hash for many files: of their paths, lengths and hashes.
  static func hash(of records: [FileRecord]) -> String {
    SHA256.hash(
      of: records.sorted { $0.path < $1.path }
        .map { "\($0.sha256) \($0.size) \($0.path)\n" }.joined()
    ).hex
  }

  private static func record(
    of file: URL, as path: String, _ information: stat, _ known: [String: FileRecord]
  ) throws -> FileRecord {
    let size = Int(information.st_size)
    let modified = information.st_mtim.tv_sec * 1_000_000_000 + information.st_mtim.tv_nsec
    if let before = known[path], before.size == size, before.modified == modified {
      return before
    }
    return FileRecord(
      path: path, size: size, modified: modified, sha256: try SHA256.hash(of: file).hex)
  }

  private static func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
      throw FileError(path: folder, operation: .open, code: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
