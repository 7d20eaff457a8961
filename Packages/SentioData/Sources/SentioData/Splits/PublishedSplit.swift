import Foundation

/// Reads lists of ids such as `train.txt`, `validation.txt` and `test.txt`, one id a line.
enum PublishedSplit {
  private static let sizeLimit = 64 << 20

  /// The part of each song that is listed.
  static func parts(in folder: URL) throws -> [String: SplitPart] {
    var parts: [String: SplitPart] = [:]
    var places: [String: String] = [:]
    for name in try FolderListing.entries(of: folder) where name.hasSuffix(".txt") {
      guard let part = SplitPart(name: String(name.dropLast(4))) else { continue }
      let url = folder.appending(path: name)
      let bytes = try BoundedFile.read(url, limit: sizeLimit)
      try DelimitedTable.checkText(bytes, file: url.path)
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        let id = String(decoding: line, as: UTF8.self).replacingOccurrences(of: "\r", with: "")
          .trimming()
        if id.isEmpty { continue }
        if let first = places[id] {
          throw TableError(
            file: url.path, line: index + 1, expected: "each id in one part only",
            found: "\(TableError.quoted(id)), which stands at \(first) too",
            fix: "Remove one of the two")
        }
        places[id] = "\(name):\(index + 1)"
        parts[id] = part
      }
    }
    guard !parts.isEmpty else {
      throw CorpusError.missingFile(
        path: folder.appending(path: "train.txt").path, purpose: "the published split")
    }
    return parts
  }
}
