import Dispatch
import Foundation
import SentioClassical
import SentioData
import SentioNN
import SentioTensor

extension NetworkFile {
  /// What a file holds beside what was written into it.
  public struct Verification: Sendable, Hashable, Codable {
    /// How many tensors were compared with their hashes.
    public var tensors = 0
    /// The bytes of these tensors.
    public var bytes = 0
    /// The parts that are not as they were written: tensors by name, or the configuration.
    public var damaged: [String] = []
    /// Tensors with numbers that are not finite, which no training should leave.
    public var notFinite: [String] = []
    /// Whether the file holds hashes at all; files of older versions do not.
    public var hasHashes = true

    /// Whether everything is as it was written, as far as that can be told.
    public var isSound: Bool { damaged.isEmpty && notFinite.isEmpty }
  }

  /// Compares a file's tensors and configuration with the hashes that were written beside them.
  ///
  /// - Parameter url: the file.
  /// - Returns: what is damaged.
  /// - Throws: `ModelFileError` for a file that is no network's; `FileError` and `SafetensorsError` where the file cannot
  ///   be read or is no safetensors file.
  public static func verify(_ url: URL) throws -> Verification {
    let file = try Safetensors(contentsOf: url)
    guard file.metadata[Key.version] != nil, file.metadata[Key.configuration] != nil else {
      throw ModelFileError(
        path: url.path, part: Key.version, expected: "a network's file", found: "nothing")
    }
    var result = Verification()
    let hashes = try file.metadata[Key.hashes].map { try hashTable($0, path: url.path) }
    result.hasHashes = hashes != nil
    let names = file.names
    let found = try checked(names, of: file)
    for (name, (hash, isFinite)) in zip(names, found) {
      result.tensors += 1
      result.bytes += file.tensors[name]!.byteRange.count
      if !isFinite { result.notFinite.append(name) }
      if let hashes, hashes[name] != hash { result.damaged.append(name) }
    }
    guard let hashes else { return result }
    for (name, hash) in hashes.sorted(by: { $0.key < $1.key }) where file.tensors[name] == nil {
      // Entries of the header are hashed like tensors; what is neither is gone.
      let found = file.metadata[name].map { SHA256.hash(of: $0).hex }
      if found != hash { result.damaged.append(name) }
    }
    return result
  }

  /// The table of hashes as it stands in the header.
  private static func hashTable(_ text: String, path: String) throws -> [String: String] {
    guard text.utf8.count <= Key.maximumLength,
      let table = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    else {
      throw ModelFileError(
        path: path, part: Key.hashes, expected: "hashes by name", found: "another text")
    }
    return table
  }

  /// The hash of every tensor, and whether its numbers are finite, several tensors at a time.
  private static func checked(
    _ names: [String], of file: Safetensors
  ) throws -> [(String, Bool)] {
    try inParallel(names.count) { index in
      let type = file.tensors[names[index]]!.elementType
      return try file.withBytes(of: names[index]) { bytes in
        var hash = SHA256()
        hash.update(bytes)
        var isFinite = true
        if type == .float32 {
          for offset in stride(from: 0, to: bytes.count, by: 4) {
            isFinite =
              isFinite && bytes.loadUnaligned(fromByteOffset: offset, as: Float.self).isFinite
          }
        }
        return (hash.finish().hex, isFinite)
      }
    }
  }

  /// The hashes that are written into the header: of each tensor's bytes, and of the header's other entries.
  static func hashes(
    of contents: [Safetensors.Content], _ metadata: [String: String]
  ) throws -> String {
    let hashes = try inParallel(contents.count) { index in
      contents[index].withBytes { bytes in
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish().hex
      }
    }
    var table = metadata.filter { $0.key.hasPrefix("sentio.") }
      .mapValues { SHA256.hash(of: $0).hex }
    for (content, hash) in zip(contents, hashes) { table[content.name] = hash }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(table), as: UTF8.self)
  }

  private static func inParallel<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    var results = [Swift.Result<Result, any Error>?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Every iteration writes its own element.
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: count) { index in
        buffer[index] = Swift.Result { try body(index) }
      }
    }
    return try results.map { try $0!.get() }
  }
}
