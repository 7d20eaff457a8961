import Foundation
import SentioNN
import SentioTensor
import Synchronization

/// Where a teacher's answers are kept, so that it is asked once a song and not once a song and epoch.
///
/// Answers for all of the report's blocks take 6 MB a song (8 × 197 × 768 tokens, 8 × 197² weights); those for outputs
/// alone 8 bytes. What does not fit is asked for anew each time, with the same result.
public struct TargetCacheSettings: Sendable, Hashable {
  /// The bytes that answers may take in memory.
  public var memoryLimit: Int
  /// The folder where answers are kept that do not fit into memory, one file a song; nil for none.
  ///
  /// It must exist. Files are named by a checksum of teacher, settings and input, and serve later runs too.
  public var folder: URL?
  /// The bytes that the folder's files may take.
  public var folderLimit: Int

  /// Chooses limits.
  ///
  /// - Parameters:
  ///   - memoryLimit: the bytes that answers may take in memory.
  ///   - folder: the folder for what does not fit.
  ///   - folderLimit: the bytes that the folder's files may take.
  public init(memoryLimit: Int = 1 << 30, folder: URL? = nil, folderLimit: Int = 16 << 30) {
    self.memoryLimit = memoryLimit
    self.folder = folder
    self.folderLimit = folderLimit
  }

  /// Nothing is kept.
  public static let none = TargetCacheSettings(memoryLimit: 0)
}

/// A teacher with what it has said already.
final class TargetCache: Sendable {
  private struct State {
    var targets: [String: TeacherTargets] = [:]
    var bytes = 0
    var folderBytes = 0
    var asked = 0
  }

  private let teacher: FrozenTeacher
  private let settings: TargetCacheSettings
  private let state: Mutex<State>

  /// - Throws: `FileError` where the folder cannot be read.
  init(_ teacher: FrozenTeacher, _ settings: TargetCacheSettings) throws {
    self.teacher = teacher
    self.settings = settings
    var state = State()
    if let folder = settings.folder {
      do {
        let files = try FileManager.default.contentsOfDirectory(
          at: folder, includingPropertiesForKeys: [.fileSizeKey])
        for file in files where file.pathExtension == Self.suffix {
          state.folderBytes +=
            (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
        }
      } catch {
        throw FileError(path: folder.path, operation: .read, code: ENOENT)
      }
    }
    self.state = Mutex(state)
  }

  /// How often the teacher itself was asked.
  var askedCount: Int { state.withLock { $0.asked } }
  /// The bytes in memory.
  var byteCount: Int { state.withLock { $0.bytes } }

  private static let suffix = "safetensors"

  /// What the teacher says of one song.
  func targets(id: String, input: Tensor) throws -> TeacherTargets {
    // A song may come in several excerpts: the input itself is part of the key.
    var checksum = DataChecksum()
    checksum.combine(teacher.fingerprint)
    checksum.combine(id)
    checksum.combine(input)
    let key = checksum.description
    if let known = state.withLock({ $0.targets[key] }) { return known }
    let file = settings.folder?.appending(path: "\(key).\(Self.suffix)")
    if let file, let known = try read(file) {
      keep(known, key)
      return known
    }
    let targets = teacher.targets(for: input)
    state.withLock { $0.asked += 1 }
    if !keep(targets, key), let file { try write(targets, file) }
    return targets
  }

  /// - Returns: whether it fits into memory.
  @discardableResult
  private func keep(_ targets: TeacherTargets, _ key: String) -> Bool {
    state.withLock { state in
      if state.targets[key] != nil { return true }
      guard state.bytes + targets.byteCount <= settings.memoryLimit else { return false }
      state.targets[key] = targets
      state.bytes += targets.byteCount
      return true
    }
  }

  private func write(_ targets: TeacherTargets, _ file: URL) throws {
    let bytes = targets.byteCount
    let fits = state.withLock { state in
      guard state.folderBytes + bytes <= settings.folderLimit else { return false }
      state.folderBytes += bytes
      return true
    }
    guard fits else { return }
    var contents = [Safetensors.Content("outputs", targets.outputs)]
    for (block, tensor) in targets.tokens.enumerated() {
      contents.append(.init("tokens.\(block)", tensor))
    }
    for (block, tensor) in targets.attention.enumerated() {
      contents.append(.init("attention.\(block)", tensor))
    }
    try Safetensors.write(contents, metadata: ["teacher": teacher.fingerprint], to: file)
  }

  /// What a file says; nil where there is none, or one that is of another teacher or damaged and will be replaced.
  private func read(_ url: URL) throws -> TeacherTargets? {
    guard FileManager.default.fileExists(atPath: url.path),
      let file = try? Safetensors(contentsOf: url), file.metadata["teacher"] == teacher.fingerprint,
      let outputs = try? file.tensor("outputs")
    else { return nil }
    func blocks(_ name: String) -> [Tensor] {
      var found: [Tensor] = []
      while let tensor = try? file.tensor("\(name).\(found.count)") { found.append(tensor) }
      return found
    }
    return TeacherTargets(
      outputs: outputs, tokens: blocks("tokens"), attention: blocks("attention"))
  }
}
