import Foundation
import SentioTensor
import Synchronization
import Testing

@testable import SentioData

/// Songs whose record can be computed from their id, so that every stored value can be checked.
enum Fixture {
  static let settings = FeatureStore.Settings(
    shape: .vector(37), parameters: ["hopLength": "512", "set": "test"])

  static func songs(_ count: Int) -> [Song] { (1...count).map { Song(id: "song \($0)") } }

  @Sendable static func record(_ song: Song) -> FeatureRecord {
    var generator = SeededGenerator(seed: 9, stream: song.id)
    return FeatureRecord((0..<37).map { _ in Float(generator.below(1 << 20)) })
  }

  static func check(_ store: FeatureStore) throws -> Int {
    let records = try store.records()
    for (index, id) in records.ids.enumerated() {
      #expect(records.values(index) == record(Song(id: id)).values, "\(id)")
    }
    return records.count
  }
}

@Suite("Feature store")
struct FeatureStoreTests {
  @Test("records come back as they were made, in any order, at aligned addresses")
  func roundTrip() throws {
    let folder = try FolderOfTexts()
    let url = folder.url.appending(path: "deep/er/store")
    let store = try FeatureStore(folder: url, settings: Fixture.settings)
    let seen = Mutex<[FeatureStore.Progress]>([])
    let summary = try store.fill(
      Fixture.songs(100), parallelism: 4, progress: { step in seen.withLock { $0.append(step) } },
      extract: Fixture.record)
    #expect(summary == .init(stored: 100, upToDate: 0, failed: [:], wasCancelled: false))
    #expect(seen.withLock { $0.map(\.stored) } == Array(1...100))
    #expect(seen.withLock { $0.allSatisfy { $0.total == 100 && $0.seconds >= 0 } })
    let reopened = try FeatureStore(contentsOf: url)
    #expect(reopened.settings == Fixture.settings)
    #expect(try Fixture.check(reopened) == 100)
    let two = try reopened.records(of: ["song 77", "song 3"])
    #expect(two.values(1) == Fixture.record(Song(id: "song 3")).values)
    two.withRecord(0) { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
    let table = two.table()
    #expect(table.ids == ["song 77", "song 3"] && table.columns[0] == "feature_1")
    #expect(throws: FeatureStoreError.missing(songs: ["x"], path: url.path)) {
      try store.records(of: ["song 1", "x"])
    }
  }

  @Test("a second run does only what is missing, changed or asked for")
  func resuming() throws {
    let folder = try FolderOfTexts(["a.wav": "1", "b.wav": "2"])
    let calls = Mutex<[String]>([])
    let songs = ["a", "b"].map { Song(id: $0, audio: folder.url.appending(path: "\($0).wav")) }
    let store = try FeatureStore(
      folder: folder.url.appending(path: "store"), settings: Fixture.settings)
    struct Broken: Error, CustomStringConvertible { var description: String { "no\tsound\n100 %" } }
    @Sendable func extract(_ song: Song) throws -> FeatureRecord {
      calls.withLock { $0.append(song.id) }
      if song.id == "b" { throw Broken() }
      return Fixture.record(song)
    }
    func run(retries: Bool = false) throws -> FeatureStore.Summary {
      try store.fill(songs, parallelism: 1, retriesFailed: retries, extract: extract)
    }
    #expect(
      try run()
        == .init(stored: 1, upToDate: 0, failed: ["b": "no\tsound\n100 %"], wasCancelled: false))
    #expect(try run().upToDate == 2)
    #expect(calls.withLock { $0 } == ["a", "b"])
    _ = try run(retries: true)
    #expect(calls.withLock { $0 } == ["a", "b", "b"])
    #expect(try FeatureStore(contentsOf: store.folder).failedSongs == ["b": "no\tsound\n100 %"])
    try folder.add("a.wav", "another song")
    #expect(try run().stored == 1)
    #expect(calls.withLock { $0.last } == "a")
  }

  @Test("other settings are refused by name, or replace the store")
  func settings() throws {
    let folder = try FolderOfTexts()
    let url = folder.url.appending(path: "store")
    let store = try FeatureStore(folder: url, settings: Fixture.settings)
    _ = try store.fill(Fixture.songs(3), extract: Fixture.record)
    var other = Fixture.settings
    other.parameters["hopLength"] = "256"
    other.parameters["window"] = "hann"
    #expect(
      throws: FeatureStoreError.settingsDiffer(
        path: url.path, differences: ["hopLength: 512 -> 256", "window: none -> hann"])
    ) { try FeatureStore(folder: url, settings: other) }
    let replaced = try FeatureStore(folder: url, settings: other, ifSettingsDiffer: .replace)
    #expect(replaced.storedSongs.isEmpty)
    #expect(try FeatureStore(contentsOf: url).settings == other)
    #expect(throws: FeatureStoreError.badShape([0])) {
      try FeatureStore(folder: url, settings: .init(shape: .vector(0), parameters: [:]))
    }
    #expect(throws: FeatureStoreError.self) {
      try FeatureStore(
        folder: url,
        settings: .init(shape: .sequence(frames: .max, features: .max), parameters: [:]))
    }
  }

  @Test("sequences are padded or cropped, and the mask tells which frames are real")
  func sequences() throws {
    let folder = try FolderOfTexts()
    let store = try FeatureStore(
      folder: folder.url.appending(path: "store"),
      settings: .init(shape: .sequence(frames: 4, features: 3), parameters: [:]))
    let summary = try store.fill([Song(id: "2"), Song(id: "6"), Song(id: "bad")]) { song in
      FeatureRecord((0..<(song.id == "bad" ? 7 : Int(song.id)! * 3)).map { Float($0 + 1) })
    }
    #expect(
      summary.failed == [
        "bad": "song bad: the extraction gave 7 values, expected "
          + "a positive multiple of 3 values"
      ])
    let records = try store.records()
    #expect(records.lengths == [2, 4])
    #expect(records.values(0) == [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0])
    #expect(records.values(1) == (1...12).map(Float.init))
    #expect(AttentionMask.values(lengths: records.lengths, frames: 4) == [1, 1, 0, 0, 1, 1, 1, 1])
    #expect(AttentionMask.values(lengths: [0, 9], frames: 2) == [0, 0, 1, 1])
  }

  @Test("cancelling stops after the songs in the making and leaves a store that resumes")
  func cancelling() throws {
    let folder = try FolderOfTexts()
    let store = try FeatureStore(
      folder: folder.url.appending(path: "store"), settings: Fixture.settings)
    let stop = CancellationFlag()
    let summary = try store.fill(
      Fixture.songs(200), parallelism: 2, cancellation: stop,
      progress: { if $0.stored == 20 { stop.cancel() } }, extract: Fixture.record)
    #expect(summary.wasCancelled && summary.failed.isEmpty)
    #expect((20...22).contains(summary.stored))
    #expect(try Fixture.check(store) == summary.stored)
    let rest = try store.fill(Fixture.songs(200), extract: Fixture.record)
    #expect(rest.stored == 200 - summary.stored && rest.upToDate == summary.stored)
    #expect(try Fixture.check(store) == 200)
  }

  @Test("a second writer is turned away while the first one fills")
  func secondWriter() throws {
    let folder = try FolderOfTexts()
    let url = folder.url.appending(path: "store")
    let store = try FeatureStore(folder: url, settings: Fixture.settings)
    let summary = try store.fill(Fixture.songs(1)) { song in
      #expect(throws: FeatureStoreError.busy(path: url.path)) {
        try FeatureStore(contentsOf: url).fill(Fixture.songs(1), extract: Fixture.record)
      }
      return Fixture.record(song)
    }
    #expect(summary.stored == 1)
  }

  @Test("damaged headers are typed errors")
  func headers() throws {
    let folder = try FolderOfTexts()
    let store = try FeatureStore(folder: folder.url, settings: Fixture.settings)
    _ = try store.fill(Fixture.songs(2), extract: Fixture.record)
    let header = try String(
      contentsOf: folder.url.appending(path: "store.json"), encoding: .utf8)
    for broken in [
      "", "{", header.replacingOccurrences(of: "store-1", with: "store-9"),
      header.replacingOccurrences(of: "37", with: "-37"),
      header.replacingOccurrences(of: "37", with: "99999999999"),
    ] {
      try folder.add("store.json", broken)
      #expect(throws: FeatureStoreError.self) { try FeatureStore(contentsOf: folder.url) }
    }
    try FileManager.default.removeItem(at: folder.url.appending(path: "store.json"))
    #expect(throws: FeatureStoreError.self) {
      try FeatureStore(folder: folder.url, settings: Fixture.settings)
    }
    #expect(throws: FileError.self) { try FeatureStore(contentsOf: folder.url) }
  }

  @Test("xxHash equals the specification's examples")
  func hashes() {
    func hash(_ text: String) -> UInt64 {
      Array(text.utf8).withUnsafeBytes(XXHash64.hash)
    }
    #expect(hash("") == 0xef46_db37_51d8_e999)
    #expect(hash("a") == 0xd24e_c4f1_a98c_6e5b)
    #expect(hash("abc") == 0x44bc_2cf5_ad77_0999)
    #expect(
      hash("Nobody inspects the spammish repetition") == 0xfbce_a83c_8a37_8bf1)
  }
}

@Suite("Feature store over real songs")
struct RealSongStoreTests {
  @Test("DEAM's songs are decoded into a store and resumed", .enabled(if: RealData.root != nil))
  func songs() throws {
    let corpus = try Corpus.open(RealData.folder("deam"))
    let songs = corpus.songs.filter { $0.audio != nil }
    let folder = try FolderOfTexts()
    let store = try FeatureStore(
      folder: folder.url, settings: .init(shape: .vector(2), parameters: [:]))
    @Sendable func describe(_ song: Song) throws -> FeatureRecord {
      let audio = try AudioDecoder().decode(song.audio!)
      let energy = audio.samples.reduce(0) { $0 + $1 * $1 } / Float(audio.samples.count)
      return FeatureRecord([Float(audio.duration), energy.squareRoot()])
    }
    #expect(try store.fill(Array(songs.prefix(4)), extract: describe).stored == 4)
    let missing = [Song(id: "none", audio: folder.url.appending(path: "none.mp3"))]
    let summary = try store.fill(songs + missing, extract: describe)
    #expect(summary.stored == 6 && summary.upToDate == 4)
    #expect(Array(summary.failed.keys) == ["none"])
    let table = try store.records(of: songs.map(\.id)).table()
    #expect(table.column(0).allSatisfy { abs($0 - 45) < 0.1 })
    #expect(table.column(1).allSatisfy { $0 > 0.001 && $0 < 1 })
  }
}
