import Foundation
import SentioTensor
import Synchronization

/// The writing end of a store: puts records into slots and then lines into the journal.
final class StoreWriter: Sendable {
  private struct State: ~Copyable {
    var nextSlot: Int
    var journalLength: Int
    var unsynced = 0
    var lastSync = ContinuousClock.now
    var isBroken = false
  }

  /// The disk is waited for after so many records or seconds, whichever comes first.
  private static let recordsBetweenSyncs = 256
  private static let timeBetweenSyncs = Duration.seconds(2)

  private let store: FeatureStore
  private let records: Int32
  private let journal: Int32
  private let state: Mutex<State>

  init(_ store: FeatureStore, dropping torn: [String]) throws {
    self.store = store
    records = open(store.recordFile.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard records >= 0 else {
      throw FileError(path: store.recordFile.path, operation: .open, code: errno)
    }
    journal = open(store.journalFile.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard journal >= 0 else {
      let code = errno
      close(records)
      throw FileError(path: store.journalFile.path, operation: .open, code: code)
    }
    let (slot, length) = store.journal.withLock { ($0.nextSlot, $0.validLength) }
    state = Mutex(State(nextSlot: slot, journalLength: length))
    // A line that a crash cut short would swallow the next one.
    guard ftruncate(journal, off_t(length)) == 0 else {
      throw FileError(path: store.journalFile.path, operation: .write, code: errno)
    }
    try state.withLock { state in
      for song in torn { try append(.dropped(song), &state) }
    }
  }

  deinit {
    close(records)
    close(journal)
  }

  /// Commits one song's record.
  func store(_ values: [Float], length: Int, song: String, fingerprint: String) throws {
    let slot = state.withLock { state in
      defer { state.nextSlot += 1 }
      return state.nextSlot
    }
    // Outside of the lock: other threads write their slots meanwhile.
    let hash = try values.withUnsafeBytes { bytes in
      try Self.writeAll(
        bytes, to: records, at: slot * store.stride, path: store.recordFile.path)
      return XXHash64.hash(bytes)
    }
    let entry = JournalEntry(
      song: song, fingerprint: fingerprint,
      outcome: .stored(slot: slot, length: length, hash: hash))
    try commit(entry)
  }

  /// Commits one song's failure.
  func fail(_ song: String, fingerprint: String, reason: String) throws {
    try commit(
      JournalEntry(
        song: song, fingerprint: fingerprint, outcome: .failed(String(reason.prefix(2_000)))))
  }

  /// Waits for the disk and cuts off what a failed write left behind.
  func finish() throws {
    try state.withLock { state in
      let used = store.journal.withLock { $0.nextSlot }
      // Room that slots without a journal line take is given back, which matters on a full disk.
      var information = stat()
      if fstat(records, &information) == 0, Int(information.st_size) > used * store.stride {
        ftruncate(records, off_t(used * store.stride))
      }
      if !state.isBroken, state.unsynced > 0 { try synchronize(&state) }
    }
  }

  private func commit(_ entry: JournalEntry) throws {
    try state.withLock { state in
      try append(.entry(entry), &state)
      store.journal.withLock { $0.record(entry) }
      state.unsynced += 1
      if state.unsynced >= Self.recordsBetweenSyncs
        || ContinuousClock.now - state.lastSync > Self.timeBetweenSyncs
      {
        try synchronize(&state)
      }
    }
  }

  private func synchronize(_ state: inout State) throws {
    guard fdatasync(records) == 0 else {
      state.isBroken = true
      throw FileError(path: store.recordFile.path, operation: .synchronize, code: errno)
    }
    try append(.synced, &state)
    guard fdatasync(journal) == 0 else {
      state.isBroken = true
      throw FileError(path: store.journalFile.path, operation: .synchronize, code: errno)
    }
    state.unsynced = 0
    state.lastSync = .now
  }

  /// Appends a whole line or nothing.
  private func append(_ line: StoreJournal.Line, _ state: inout State) throws {
    var text = StoreJournal.line(line)
    do {
      try text.withUTF8 {
        try Self.writeAll(
          UnsafeRawBufferPointer($0), to: journal, at: state.journalLength,
          path: store.journalFile.path)
      }
    } catch {
      state.isBroken = true
      ftruncate(journal, off_t(state.journalLength))
      throw error
    }
    state.journalLength += text.utf8.count
  }

  private static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int, path: String
  ) throws {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, operation: .write, code: errno)
      }
      done += written
    }
  }
}
