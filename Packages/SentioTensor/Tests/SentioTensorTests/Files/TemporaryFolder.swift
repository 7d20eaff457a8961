import Foundation

/// A folder of a test's own, gone with the object.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "sentio-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func callAsFunction(_ name: String) -> URL { url.appending(path: name) }

  /// A file with these bytes.
  func file(_ bytes: [UInt8], _ name: String = "file") throws -> URL {
    let url = self(name)
    try Data(bytes).write(to: url)
    return url
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}

/// A file that `Tests/Generators` made.
func golden(_ name: String) -> URL {
  Bundle.module.resourceURL!.appending(path: "Golden/\(name)")
}
