import Foundation

extension AudioDecoder {
  /// Decodes many files side by side and hands each to a closure as soon as it is there.
  ///
  /// Every song takes one thread; at most `parallelism` songs are in memory at once, whatever the
  /// count of files, so that memory stays flat when `body` returns something small (features, a
  /// prediction). A file that can't be decoded reaches `body` as its error and stops nothing.
  ///
  /// ```swift
  /// let levels = try await AudioDecoder().decodeAll(songs) { _, song in
  ///   try song.get().samples.reduce(0) { max($0, abs($1)) }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - urls: the files.
  ///   - format: the rate and channels wanted.
  ///   - range: the part of each file; nil for all.
  ///   - parallelism: songs at once, at least 1; nil for the machine's cores.
  ///   - body: takes the index of the file and its audio or error; runs on several threads. What it
  ///     throws ends the whole.
  /// - Returns: what `body` returned, in the order of `urls`.
  /// - Throws: `CancellationError` when the task was cancelled, or what `body` throws.
  public func decodeAll<Output: Sendable>(
    _ urls: [URL], as format: AudioFormat = AudioFormat(), range: TimeRange? = nil,
    parallelism: Int? = nil,
    _ body: @escaping @Sendable (Int, Result<DecodedAudio, AudioError>) async throws -> Output
  ) async throws -> [Output] {
    let width = parallelism ?? ProcessInfo.processInfo.activeProcessorCount
    precondition(width > 0, "parallelism must be at least 1, not \(width)")
    var outputs = [Output?](repeating: nil, count: urls.count)
    try await withThrowingTaskGroup(of: (Int, Output).self) { group in
      var started = 0
      func startNext() {
        guard started < urls.count else { return }
        let index = started
        started += 1
        group.addTask {
          // Side by side with others, a song leaves them their cores.
          let threads = width > 1 ? 1 : nil
          let song = Result { () throws(AudioError) in
            try decode(urls[index], as: format, range: range, threads: threads)
          }
          if case .failure(let error) = song, error.kind == .cancelled {
            throw CancellationError()
          }
          return (index, try await body(index, song))
        }
      }
      for _ in 0..<min(width, urls.count) { startNext() }
      while let (index, output) = try await group.next() {
        outputs[index] = output
        try Task.checkCancellation()
        startNext()
      }
    }
    return outputs.map { $0! }
  }
}

/// The audio files of a folder.
public enum AudioFolder {
  /// The name endings that count as audio, in lower case.
  public static let fileExtensions: Set<String> = [
    "aac", "ac3", "aif", "aifc", "aiff", "ape", "au", "caf", "flac", "m4a", "m4b", "mka", "mp2",
    "mp3", "mpc", "oga", "ogg", "opus", "tta", "w64", "wav", "weba", "wma", "wv",
  ]

  /// The audio files below a folder, sorted by path so that every machine sees one order.
  ///
  /// Hidden files are left out; names count, contents are not looked at.
  ///
  /// - Parameter folder: a folder.
  /// - Returns: the files, possibly none.
  /// - Throws: ``AudioError`` of the kinds `notFound` and `notAFile`, where the folder can't be read.
  public static func files(in folder: URL) throws(AudioError) -> [URL] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) else {
      throw AudioError(.notFound, path: folder.path, detail: "no such folder")
    }
    guard isFolder.boolValue,
      let walk = FileManager.default.enumerator(
        at: folder, includingPropertiesForKeys: [.isRegularFileKey],
        options: [.skipsHiddenFiles])
    else {
      throw AudioError(.notAFile, path: folder.path, detail: "this is not a folder")
    }
    var files: [URL] = []
    for case let url as URL in walk
    where fileExtensions.contains(url.pathExtension.lowercased()) && !url.hasDirectoryPath {
      files.append(url)
    }
    return files.sorted { $0.path < $1.path }
  }
}
