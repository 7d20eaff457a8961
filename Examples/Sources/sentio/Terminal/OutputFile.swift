import Foundation

/// Looks at the place of a result before the work for it begins.
enum OutputFile {
  /// Throws where a file of this path could not be written anyway.
  ///
  /// - Throws: ``CommandError`` with the path and what to do.
  static func check(_ path: String) throws {
    let url = URL(filePath: path)
    guard !path.isEmpty else { throw CommandError("--output is empty; name a file") }
    var existing = stat()
    if stat(path, &existing) == 0, ![S_IFREG, S_IFDIR].contains(existing.st_mode & S_IFMT) {
      // A pipe or a device is written to and needs no place in a folder.
      return
    }
    if isFolder(url.path) {
      throw CommandError("\(path): is a folder; name a file in it, such as \(path)/result")
    }
    let folder = url.deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder) else {
      throw CommandError(
        "\(path): there is no folder \(folder); make it first: mkdir -p '\(folder)'")
    }
    guard isFolder(folder) else {
      throw CommandError("\(path): \(folder) is a file and not a folder; choose another --output")
    }
    try checkFolder(folder)
  }

  /// Throws where nothing can be written into a folder.
  ///
  /// - Throws: ``CommandError`` with the path and what to do.
  static func checkFolder(_ folder: String) throws {
    guard access(folder, W_OK) == 0 else {
      throw CommandError(
        "\(folder): can't be written (\(String(cString: strerror(errno)))); choose another --output"
      )
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
