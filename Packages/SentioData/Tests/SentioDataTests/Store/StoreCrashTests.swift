import Foundation
import SentioTensor
import Testing

@testable import SentioData

/// What a crash, a bad disk or a full one may leave behind.
@Suite("Feature store after crashes")
struct StoreCrashTests {
  /// A filled store whose files' bytes are known.
  private func filled(_ count: Int) throws -> (FolderOfTexts, journal: [UInt8], records: [UInt8]) {
    let folder = try FolderOfTexts()
    let store = try FeatureStore(folder: folder.url, settings: Fixture.settings)
    _ = try store.fill(Fixture.songs(count), parallelism: 1, extract: Fixture.record)
    return (
      folder, try [UInt8](Data(contentsOf: store.journalFile)),
      try [UInt8](Data(contentsOf: store.recordFile))
    )
  }

  /// Opens the store, checks every record that it claims to have, completes it and checks again.
  private func recovers(_ folder: URL, count: Int) throws -> Int {
    let store = try FeatureStore(contentsOf: folder)
    let before = try Fixture.check(store)
    let summary = try store.fill(Fixture.songs(count), parallelism: 1, extract: Fixture.record)
    #expect(summary.stored == count - before)
    #expect(try Fixture.check(FeatureStore(contentsOf: folder)) == count)
    return before
  }

  @Test("a journal cut at any byte: whole lines count, the rest is made again")
  func truncatedJournal() throws {
    let count = 4
    let (folder, journal, records) = try filled(count)
    for length in 0...journal.count {
      try Data(records).write(to: folder.url.appending(path: "records.f32"))
      try Data(journal[..<length]).write(to: folder.url.appending(path: "journal.log"))
      let lines = journal[..<length].count { $0 == 0x0A }
      #expect(try recovers(folder.url, count: count) == min(lines, count), "cut at \(length)")
    }
  }

  @Test("a journal with any byte changed: no wrong record is ever believed")
  func alteredJournal() throws {
    let count = 3
    let (folder, journal, records) = try filled(count)
    for position in journal.indices {
      for change: UInt8 in [0x01, 0x80, journal[position] ^ 0x0A] where change != 0 {
        var altered = journal
        altered[position] ^= change
        try Data(records).write(to: folder.url.appending(path: "records.f32"))
        try Data(altered).write(to: folder.url.appending(path: "journal.log"))
        let before = try recovers(folder.url, count: count)
        #expect((count - 2...count).contains(before), "changed at \(position)")
      }
    }
  }

  @Test("records cut at any byte, or torn after the last wait for the disk, are made again")
  func damagedRecords() throws {
    let count = 3
    let (folder, journal, records) = try filled(count)
    // Without the closing line the last process did not end well, and every record is checked.
    let lines = journal.split(separator: 0x0A)
    let unsynced =
      Array(lines.filter { !$0.starts(with: "synced".utf8) }.joined(separator: [0x0A])) + [0x0A]
    let stride = 192
    for length in Swift.stride(from: 0, through: records.count, by: 7) {
      try Data(records[..<length]).write(to: folder.url.appending(path: "records.f32"))
      try Data(unsynced).write(to: folder.url.appending(path: "journal.log"))
      let whole = (length + stride - 37 * 4) / stride
      #expect(try recovers(folder.url, count: count) == whole, "cut at \(length)")
    }
    for position in [0, 147, 192, 384, 531] {
      var torn = records
      torn[position] ^= 0x10
      try Data(torn).write(to: folder.url.appending(path: "records.f32"))
      try Data(unsynced).write(to: folder.url.appending(path: "journal.log"))
      #expect(try recovers(folder.url, count: count) == count - 1, "torn at \(position)")
    }
  }

  @Test("a torn record stays dropped although a later run waits for the disk")
  func droppedRecord() throws {
    let (folder, journal, records) = try filled(3)
    let text = String(decoding: journal, as: UTF8.self)
    let unsynced = text.split(separator: "\n").filter { !$0.hasPrefix("synced") }
      .map { $0 + "\n" }.joined()
    var torn = records
    torn[0] ^= 1
    try Data(torn).write(to: folder.url.appending(path: "records.f32"))
    try Data(unsynced.utf8).write(to: folder.url.appending(path: "journal.log"))
    let store = try FeatureStore(contentsOf: folder.url)
    #expect(store.storedSongs == ["song 2", "song 3"])
    _ = try store.fill([Song(id: "song 9")], extract: Fixture.record)
    #expect(
      try FeatureStore(contentsOf: folder.url).storedSongs == ["song 2", "song 3", "song 9"])
  }

  @Test("kill -9 in the middle of filling loses the songs in the making only", arguments: 1...6)
  func killed(round: Int) async throws {
    let folder = try FolderOfTexts()
    let path = folder.url.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, round = round as Int] in
      let store = try FeatureStore(folder: URL(filePath: path), settings: Fixture.settings)
      _ = try store.fill(
        Fixture.songs(100_000), parallelism: 4,
        progress: { step in
          guard step.stored == round * 25 else { return }
          // From the side, while all workers are writing.
          Thread {
            usleep(UInt32(round) * 370)
            kill(getpid(), SIGKILL)
          }.start()
        }, extract: Fixture.record)
    }
    let store = try FeatureStore(contentsOf: folder.url)
    let before = try Fixture.check(store)
    #expect(before >= round * 25 && before < 100_000)
    let count = before + 50
    // Which songs were done depends on the threads; the first ones must all be there in the end.
    _ = try store.fill(Fixture.songs(count), extract: Fixture.record)
    #expect(try Fixture.check(store) >= count)
  }

  @Test(
    "a disk that fills up: a typed error, nothing half-written, and the next run resumes",
    arguments: [100, 1_000, 1_900, 4_096, 5_001])
  func fullDisk(limit: Int) async throws {
    let folder = try FolderOfTexts()
    let path = folder.url.path
    await #expect(processExitsWith: .success) { [path = path as String, limit = limit as Int] in
      let store = try FeatureStore(folder: URL(filePath: path), settings: Fixture.settings)
      // The system refuses writes beyond the limit, in the middle of a record or a line.
      signal(SIGXFSZ, SIG_IGN)
      var bound = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
      precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bound) == 0)
      do {
        _ = try store.fill(Fixture.songs(100), parallelism: 2, extract: Fixture.record)
        exit(1)
      } catch let error as FileError {
        exit(error.code == EFBIG ? 0 : 2)
      }
    }
    let store = try FeatureStore(contentsOf: folder.url)
    let before = try Fixture.check(store)
    #expect(before <= limit / (37 * 4) + 1)
    #expect(limit < 1_000 || before > 0)
    #expect(try recovers(folder.url, count: 100) == before)
  }
}
