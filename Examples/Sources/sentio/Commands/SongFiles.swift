import Foundation
import SentioData

/// Finds the audio files that a command line names.
enum SongFiles {
  /// The files as they stand, and those of every folder, sorted.
  ///
  /// - Throws: ``CommandError`` where a path does not exist or nothing is found.
  static func find(_ paths: [String]) throws -> [URL] {
    var files: [URL] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw CommandError("\(path): no such file or folder")
      }
      let url = URL(filePath: path)
      if isFolder.boolValue {
        let found = try AudioFolder.files(in: url)
        guard !found.isEmpty else {
          throw CommandError("\(path): no audio files in this folder")
        }
        files += found
      } else {
        files.append(url)
      }
    }
    guard !files.isEmpty else { throw CommandError("no audio files given") }
    return files
  }

  /// A distinct id for every file: its name without the extension where that is distinct, else the
  /// whole path.
  static func identifiers(of files: [URL]) -> [String] {
    let names = files.map { $0.deletingPathExtension().lastPathComponent }
    if Set(names).count == names.count { return names }
    let full = files.map(\.lastPathComponent)
    if Set(full).count == full.count { return full }
    let paths = files.map(\.path)
    if Set(paths).count == paths.count { return paths }
    // The same file was named twice.
    var seen: [String: Int] = [:]
    return paths.map { path in
      seen[path, default: 0] += 1
      return seen[path]! == 1 ? path : "\(path)#\(seen[path]!)"
    }
  }
}
