import Foundation

/// Files that people and other programs made, where a machine has some.
enum RealFiles {
  /// Most files a reader, so that its own seeds are not crowded out.
  private static let limit = 24
  /// Largest file of a kind in bytes: damage to a larger one would be thin, and a megabyte of text
  /// takes half a minute under a sanitizer.
  private static func sizeLimit(_ fileExtension: String) -> Int {
    fileExtension.lowercased() == "csv" ? 1 << 16 : 1 << 20
  }

  /// The folder named by SENTIO_TEST_DATA, or `shared/data` beside the repository.
  static let root: URL? = {
    if let path = ProcessInfo.processInfo.environment["SENTIO_TEST_DATA"] {
      return URL(filePath: path, directoryHint: .isDirectory)
    }
    var folder = URL(filePath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appending(path: "shared/data", directoryHint: .isDirectory)
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }()

  /// Files below a folder with the reader's endings, spread evenly over their sorted paths.
  static func originals(
    in folder: URL, for reader: FuzzedReader
  ) throws -> [FuzzedReader.Original] {
    guard !reader.realExtensions.isEmpty else { return [] }
    guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    else { stop("no folder \(folder.path)") }
    var found: [URL] = []
    for case let url as URL in walk
    where reader.realExtensions.contains(url.pathExtension.lowercased()) {
      let values = try url.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
      guard values.isRegularFile == true, let size = values.fileSize,
        (1...sizeLimit(url.pathExtension)).contains(size)
      else { continue }
      found.append(url)
    }
    found.sort { $0.path < $1.path }
    let count = min(limit, found.count)
    return try (0..<count).map { index in
      let url = found[index * found.count / count]
      return FuzzedReader.Original(
        path: "real.\(url.pathExtension)", bytes: [UInt8](try Data(contentsOf: url)))
    }
  }
}
