import Foundation

/// A folder for one test, with a space and an emoji in its name; it goes with its owner.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sentio audio 🎵 \(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The address of a file in the folder, which need not exist.
  func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
