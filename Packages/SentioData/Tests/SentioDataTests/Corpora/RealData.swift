import Foundation

/// The real data that some tests read, where a machine has it.
enum RealData {
  /// The folder named by SENTIO_TEST_DATA, or `shared/data` beside the repository.
  static let root: URL? = {
    if let path = ProcessInfo.processInfo.environment["SENTIO_TEST_DATA"] {
      return URL(filePath: path)
    }
    var folder = URL(filePath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appending(path: "shared/data")
      if FileManager.default.fileExists(atPath: candidate.appending(path: "deam").path) {
        return candidate
      }
    }
    return nil
  }()

  static func folder(_ name: String) -> URL { root!.appending(path: name) }
}

/// A folder with given texts as files, removed with its owner.
final class FolderOfTexts: Sendable {
  let url: URL

  init(_ files: [String: String] = [:]) throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "sentio corpora 🎶 \(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (path, text) in files { try add(path, text) }
  }

  func add(_ path: String, _ text: String) throws {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
