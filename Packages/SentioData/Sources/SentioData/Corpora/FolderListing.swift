import Foundation
import SentioTensor

/// Looks into folders, with hidden files left out and names in natural order.
enum FolderListing {
  /// More entries than this are refused, so that a wrong path such as `/` ends soon.
  private static let limit = 1_000_000

  /// Extensions that FFmpeg's demuxers read and that people use for music, in order of preference.
  static let audioExtensions = [
    "wav", "flac", "mp3", "m4a", "ogg", "opus", "aiff", "aif", "aac", "wma", "au", "mp4",
  ]

  /// Names of the files and folders directly in `folder`.
  static func entries(of folder: URL) throws -> [String] {
    guard let stream = opendir(folder.path) else {
      throw FileError(path: folder.path, operation: .open, code: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      names.append(name)
      guard names.count <= limit else {
        throw TableError(
          file: folder.path, expected: "at most \(limit) files in a folder", found: "more")
      }
    }
    return names.sorted(by: NaturalOrder.precedes)
  }

  /// Whether a name has the extension of an audio file.
  static func isAudio(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return audioExtensions.contains(name[name.index(after: dot)...].lowercased())
  }

  static func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  static func isFile(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  /// The audio files of a folder by name without extension; the preferred extension wins.
  static func audioByStem(in folder: URL) throws -> [String: URL] {
    var found: [String: (rank: Int, name: String)] = [:]
    for name in try entries(of: folder) where isAudio(name) {
      let dot = name.lastIndex(of: ".")!
      let rank = audioExtensions.firstIndex(of: name[name.index(after: dot)...].lowercased())!
      let stem = String(name[..<dot])
      if let known = found[stem], known.rank <= rank { continue }
      found[stem] = (rank, name)
    }
    return found.mapValues { folder.appending(path: $0.name) }
  }
}
