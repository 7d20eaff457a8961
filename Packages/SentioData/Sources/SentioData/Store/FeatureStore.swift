import Foundation
import SentioTensor
import Synchronization

/// One record of features a song, on disk: filled in parallel, resumable at any point, read by mapping.
///
/// A store is a folder with three files: `store.json` (settings), `records.f32` (records of fixed size,
/// little-endian, each at a multiple of 64 bytes) and `journal.log` (one line a finished song). A song
/// counts when its journal line is there; the line is written after the record. A process that is killed
/// at any instant therefore leaves a store that opens and resumes; after a power cut, the records that
/// may not have reached the disk are recognized by their hash and made again. Records are never
/// overwritten.
///
/// The store knows the settings that its features were made with, and refuses others; and it knows what
/// each audio file was, and makes a song again whose file has changed.
public final class FeatureStore: Sendable {
  /// What determines the features.
  public struct Settings: Hashable, Sendable, Codable {
    /// The shape of a record.
    public var shape: RecordShape
    /// Names of the features, one a column of a vector or sequence; may be empty.
    public var columns: [String]
    /// Everything else that the features depend on, by name: front end, feature set, version of the code.
    public var parameters: [String: String]
    /// How changes of the audio are noticed.
    public var fingerprint: SourceFingerprint

    /// Creates settings.
    public init(
      shape: RecordShape, columns: [String] = [], parameters: [String: String],
      fingerprint: SourceFingerprint = .sizeAndTime
    ) {
      self.shape = shape
      self.columns = columns
      self.parameters = parameters
      self.fingerprint = fingerprint
    }

    /// What differs from `other`, as `name: mine -> other's`.
    func differences(to other: Settings) -> [String] {
      var list: [String] = []
      if shape != other.shape { list.append("shape: \(shape.extents) -> \(other.shape.extents)") }
      if columns != other.columns {
        list.append("columns: \(columns.count) names -> \(other.columns.count) others")
      }
      if fingerprint != other.fingerprint {
        list.append("fingerprint: \(fingerprint.rawValue) -> \(other.fingerprint.rawValue)")
      }
      for name in Set(parameters.keys).union(other.parameters.keys).sorted()
      where parameters[name] != other.parameters[name] {
        list.append(
          "\(name): \(parameters[name] ?? "none") -> \(other.parameters[name] ?? "none")")
      }
      return list
    }
  }

  /// What happens when a store was made with other settings.
  public enum DifferencePolicy: Hashable, Sendable {
    /// It is an error that names each difference.
    case fail
    /// The store is emptied.
    case replace
  }

  struct Header: Codable {
    var format: String
    var settings: Settings
  }

  private static let format = "sentio-store-1"
  /// Records start at multiples of this, so that vector loads are aligned.
  static let alignment = 64

  /// The folder.
  public let folder: URL
  /// What determines the features.
  public let settings: Settings
  let journal: Mutex<StoreJournal>

  /// Bytes from one record to the next.
  var stride: Int {
    (settings.shape.count * 4 + Self.alignment - 1) / Self.alignment * Self.alignment
  }
  var recordFile: URL { folder.appending(path: "records.f32") }
  var journalFile: URL { folder.appending(path: "journal.log") }
  private static func headerFile(_ folder: URL) -> URL { folder.appending(path: "store.json") }

  /// Opens a store, or creates it where there is none.
  ///
  /// - Parameters:
  ///   - folder: the store's folder; folders above it are created as needed.
  ///   - settings: what determines the features.
  ///   - ifSettingsDiffer: what happens when the store was made with other settings.
  /// - Throws: ``FeatureStoreError`` or `FileError`.
  public init(
    folder: URL, settings: Settings, ifSettingsDiffer: DifferencePolicy = .fail
  ) throws {
    guard settings.shape.count > 0 else {
      throw FeatureStoreError.badShape(settings.shape.extents)
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError(
        path: folder.path, operation: .createFolder, code: Self.refusal(of: folder))
    }
    self.folder = folder
    self.settings = settings
    self.journal = Mutex(StoreJournal())
    let header = Self.headerFile(folder)
    if FolderListing.isFile(header) {
      let differences = try Self.readHeader(folder).differences(to: settings)
      if !differences.isEmpty {
        guard ifSettingsDiffer == .replace else {
          throw FeatureStoreError.settingsDiffer(path: folder.path, differences: differences)
        }
        let lock = try StoreLock(folder)
        // In this order a crash leaves the old store, empty, or the new one, empty.
        for file in [journalFile, recordFile] where unlink(file.path) != 0 && errno != ENOENT {
          throw FileError(path: file.path, operation: .write, code: errno)
        }
        try writeHeader()
        withExtendedLifetime(lock) {}
      }
    } else {
      guard !FolderListing.isFile(journalFile), !FolderListing.isFile(recordFile) else {
        throw FeatureStoreError.damaged(path: folder.path, reason: "store.json is missing")
      }
      try writeHeader()
    }
    try reload()
  }

  /// The system's reason why a folder can't be made: that of the topmost one that is missing.
  private static func refusal(of folder: URL) -> Int32 {
    let manager = FileManager.default
    var missing = folder.standardizedFileURL
    while missing.path != "/" {
      let parent = missing.deletingLastPathComponent()
      if manager.fileExists(atPath: parent.path) { break }
      missing = parent
    }
    return mkdir(missing.path, 0o755) == 0 ? EACCES : errno
  }

  /// Opens a store that exists, with the settings that it was made with.
  ///
  /// - Parameter folder: the store's folder.
  /// - Throws: ``FeatureStoreError`` or `FileError`.
  public convenience init(contentsOf folder: URL) throws {
    try self.init(folder: folder, settings: Self.readHeader(folder))
  }

  private static func readHeader(_ folder: URL) throws -> Settings {
    let file = headerFile(folder)
    let bytes = try BoundedFile.read(file, limit: 1 << 26)
    guard let header = try? JSONDecoder().decode(Header.self, from: Data(bytes)) else {
      throw FeatureStoreError.damaged(path: file.path, reason: "it is not the JSON of a store")
    }
    guard header.format == format else {
      throw FeatureStoreError.damaged(
        path: file.path, reason: "expected format \(format), found \(header.format)")
    }
    guard header.settings.shape.count > 0 else {
      throw FeatureStoreError.badShape(header.settings.shape.extents)
    }
    guard Set(header.settings.columns).count == header.settings.columns.count else {
      throw FeatureStoreError.damaged(path: file.path, reason: "a column's name stands twice")
    }
    return header.settings
  }

  private func writeHeader() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(
      encoder.encode(Header(format: Self.format, settings: settings)),
      to: Self.headerFile(folder))
  }

  /// Largest journal that is read: room for some millions of songs.
  private static let journalLimit = 1 << 30

  /// Reads the journal anew and forgets the songs whose record is not whole.
  ///
  /// - Returns: the forgotten songs.
  @discardableResult
  func reload() throws -> [String] {
    let bytes =
      FolderListing.isFile(journalFile)
      ? try BoundedFile.read(journalFile, limit: Self.journalLimit) : []
    let mapped =
      FolderListing.isFile(recordFile) ? try MappedFile(contentsOf: recordFile) : nil
    // The last record may lack its padding.
    let size = (mapped?.count ?? 0) + stride - settings.shape.count * 4
    var fresh = StoreJournal(bytes: bytes, slotLimit: size / stride)
    var torn: [String] = []
    if let mapped, !fresh.unsynced.isEmpty {
      mapped.withUnsafeBytes { records in
        for song in fresh.unsynced.sorted() {
          guard case .stored(let slot, _, let hash) = fresh.entries[song]?.outcome else { continue }
          let range = slot * stride..<slot * stride + settings.shape.count * 4
          if XXHash64.hash(UnsafeRawBufferPointer(rebasing: records[range])) != hash {
            torn.append(song)
          }
        }
      }
    }
    for song in torn { fresh.drop(song) }
    journal.withLock { $0 = fresh }
    return torn
  }

  /// Ids of the songs whose record is there, in natural order.
  public var storedSongs: [String] {
    journal.withLock { journal in
      journal.entries.values.compactMap { entry in
        if case .stored = entry.outcome { return entry.song }
        return nil
      }
    }.sorted(by: NaturalOrder.precedes)
  }

  /// Songs whose extraction failed, with the reasons.
  public var failedSongs: [String: String] {
    journal.withLock { journal in
      journal.entries.compactMapValues { entry in
        if case .failed(let reason) = entry.outcome { return reason }
        return nil
      }
    }
  }
}

/// Keeps a second writer out of a store for as long as it lives.
final class StoreLock {
  private let descriptor: Int32

  init(_ folder: URL) throws {
    let path = folder.appending(path: "lock").path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(path: path, operation: .open, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      if code == EWOULDBLOCK { throw FeatureStoreError.busy(path: folder.path) }
      throw FileError(path: path, operation: .open, code: code)
    }
  }

  // The file stays: removing it would let two writers lock two files of one name.
  deinit {
    // Closing alone would leave it to a process that is just being started and has this descriptor still.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
