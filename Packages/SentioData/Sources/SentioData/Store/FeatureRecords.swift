import SentioTensor

/// The records of some songs, mapped into memory: reading one touches its pages and copies nothing.
public final class FeatureRecords: Sendable {
  /// Ids in the order that was asked for.
  public let ids: [String]
  /// What the features depend on.
  public let settings: FeatureStore.Settings
  /// Real steps of each record: frames of a sequence without its padding, otherwise 1.
  public let lengths: [Int]
  private let offsets: [Int]
  private let file: MappedFile?

  init(
    ids: [String], settings: FeatureStore.Settings, lengths: [Int], offsets: [Int],
    file: MappedFile?
  ) {
    self.ids = ids
    self.settings = settings
    self.lengths = lengths
    self.offsets = offsets
    self.file = file
  }

  /// Number of records.
  public var count: Int { ids.count }

  /// Lends one record's values, row-major in the shape of the settings, without copying them.
  ///
  /// - Parameters:
  ///   - index: position in ``ids``.
  ///   - body: what to do with the values; the pointer must not leave it.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws.
  public func withRecord<R, E: Error>(
    _ index: Int, _ body: (UnsafeBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    precondition(ids.indices.contains(index), "record \(index) of \(ids.count)")
    return try file!.withUnsafeBytes { bytes throws(E) in
      let start = bytes.baseAddress! + offsets[index]
      return try body(
        UnsafeBufferPointer(
          start: start.assumingMemoryBound(to: Float.self), count: settings.shape.count))
    }
  }

  /// A copy of one record's values.
  public func values(_ index: Int) -> [Float] { withRecord(index) { Array($0) } }

  /// The records of vectors as a table with named columns.
  ///
  /// - Returns: one row a record; columns are called `feature_1` … where the settings name none.
  public func table() -> FeatureTable {
    guard case .vector(let width) = settings.shape else {
      preconditionFailure("records of shape \(settings.shape.extents) are no rows of a table")
    }
    var values: [Float] = []
    values.reserveCapacity(count * width)
    for index in 0..<count { withRecord(index) { values.append(contentsOf: $0) } }
    let columns =
      settings.columns.count == width
      ? settings.columns : (1...width).map { "feature_\($0)" }
    return FeatureTable(ids: ids, columns: columns, values: values)
  }
}

extension FeatureStore {
  /// Opens the records of songs for reading.
  ///
  /// - Parameter ids: songs in the order that is wanted; nil stands for all that are stored.
  /// - Returns: the records; they stay readable while the store is filled further.
  /// - Throws: ``FeatureStoreError/missing(songs:path:)`` that names songs without a record, or
  ///   `FileError`.
  public func records(of ids: [String]? = nil) throws -> FeatureRecords {
    let ids = ids ?? storedSongs
    let entries = journal.withLock { $0.entries }
    var lengths: [Int] = []
    var offsets: [Int] = []
    var missing: [String] = []
    for id in ids {
      guard case .stored(let slot, let length, _) = entries[id]?.outcome else {
        missing.append(id)
        continue
      }
      lengths.append(min(length, settings.shape.steps))
      offsets.append(slot * stride)
    }
    guard missing.isEmpty else {
      throw FeatureStoreError.missing(songs: missing, path: folder.path)
    }
    let file = ids.isEmpty ? nil : try MappedFile(contentsOf: recordFile)
    // The file may have been cut since the journal was read.
    let needed = (offsets.max() ?? 0) + settings.shape.count * 4
    if let file, file.count < needed {
      throw FeatureStoreError.damaged(
        path: recordFile.path, reason: "expected \(needed) bytes or more, found \(file.count)")
    }
    return FeatureRecords(
      ids: ids, settings: settings, lengths: lengths, offsets: offsets, file: file)
  }
}
