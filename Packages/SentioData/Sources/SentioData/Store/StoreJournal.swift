import Foundation
import SentioTensor

/// What the store knows about one song.
struct JournalEntry: Hashable, Sendable {
  enum Outcome: Hashable, Sendable {
    /// The record stands in this slot, with so many real steps and this hash.
    case stored(slot: Int, length: Int, hash: UInt64)
    /// The extraction failed, with this reason.
    case failed(String)
  }

  var song: String
  /// What the audio was when the record was made.
  var fingerprint: String
  var outcome: Outcome
}

/// The list of finished songs: one line each, appended when the record is written.
///
/// Every line ends with a hash of itself, so that a line that a crash cut short, or that a disk
/// damaged, is recognized and its song done again. A line `synced` says that the records before it
/// have reached the disk; records after the last one are checked by their hash when the store opens.
///
///     stored <song> <fingerprint> <slot> <length> <hash of the record> <hash of the line>
///     failed <song> <fingerprint> <reason> <hash of the line>
///     dropped <song> <hash of the line>
///     synced <hash of the line>
///
/// Fields are separated by TABs and percent-encoded where they hold one.
struct StoreJournal {
  private(set) var entries: [String: JournalEntry] = [:]
  /// Songs whose record was journalled after the last `synced`.
  private(set) var unsynced: Set<String> = []
  /// Bytes up to which the file is whole lines.
  private(set) var validLength = 0
  /// Lines that were damaged.
  private(set) var damagedLines = 0
  /// The slot after the last one that any line has used; slots are never used twice.
  private(set) var nextSlot = 0

  init() {}

  /// Reads a journal, whatever happened to it.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - slotLimit: slots that the data file can hold by its size.
  init(bytes: [UInt8], slotLimit: Int) {
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      if let line = Self.parse(bytes[start..<end]) {
        switch line {
        case .synced: unsynced = []
        case .dropped(let song):
          entries[song] = nil
          unsynced.remove(song)
        case .entry(let entry):
          if case .stored(let slot, _, _) = entry.outcome {
            // What lies beyond the end of the data file is lost.
            guard slot < slotLimit else {
              damagedLines += 1
              entries[entry.song] = nil
              break
            }
            nextSlot = max(nextSlot, slot + 1)
            unsynced.insert(entry.song)
          } else {
            unsynced.remove(entry.song)
          }
          entries[entry.song] = entry
        }
      } else {
        damagedLines += 1
      }
      start = end + 1
    }
    validLength = start
  }

  /// Notes a song whose line was just appended.
  mutating func record(_ entry: JournalEntry) {
    if case .stored(let slot, _, _) = entry.outcome { nextSlot = max(nextSlot, slot + 1) }
    entries[entry.song] = entry
  }

  /// Forgets a song whose record is damaged.
  mutating func drop(_ song: String) {
    entries[song] = nil
    unsynced.remove(song)
  }

  enum Line: Hashable {
    case entry(JournalEntry)
    /// The song's record turned out to be damaged.
    case dropped(String)
    case synced
  }

  static func parse(_ bytes: ArraySlice<UInt8>) -> Line? {
    guard let text = String(validating: bytes, as: UTF8.self),
      let tab = text.utf8.lastIndex(of: 0x09)
    else { return nil }
    let body = String(text[..<tab])
    guard text[text.utf8.index(after: tab)...] == checksum(body) else { return nil }
    let fields = body.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    if fields == ["synced"] { return .synced }
    if fields.count == 2, fields[0] == "dropped" { return decode(fields[1]).map(Line.dropped) }
    guard fields.count >= 4, let song = decode(fields[1]), let fingerprint = decode(fields[2])
    else { return nil }
    switch (fields[0], fields.count) {
    case ("stored", 6):
      guard let slot = Int(fields[3]), slot >= 0, let length = Int(fields[4]), length >= 0,
        let hash = UInt64(fields[5], radix: 16)
      else { return nil }
      return .entry(
        JournalEntry(
          song: song, fingerprint: fingerprint,
          outcome: .stored(slot: slot, length: length, hash: hash)))
    case ("failed", 4):
      guard let reason = decode(fields[3]) else { return nil }
      return .entry(JournalEntry(song: song, fingerprint: fingerprint, outcome: .failed(reason)))
    default: return nil
    }
  }

  static func line(_ line: Line) -> String {
    let body: String
    switch line {
    case .synced: body = "synced"
    case .dropped(let song): body = "dropped\t\(encode(song))"
    case .entry(let entry):
      let song = encode(entry.song)
      let fingerprint = encode(entry.fingerprint)
      switch entry.outcome {
      case .stored(let slot, let length, let hash):
        body =
          "stored\t\(song)\t\(fingerprint)\t\(slot)\t\(length)\t\(String(hash, radix: 16))"
      case .failed(let reason): body = "failed\t\(song)\t\(fingerprint)\t\(encode(reason))"
      }
    }
    return "\(body)\t\(checksum(body))\n"
  }

  private static func checksum(_ body: String) -> String {
    var body = body
    return String(body.withUTF8 { XXHash64.hash(UnsafeRawBufferPointer($0)) }, radix: 16)
  }

  private static func encode(_ text: String) -> String {
    text.replacingOccurrences(of: "%", with: "%25").replacingOccurrences(of: "\t", with: "%09")
      .replacingOccurrences(of: "\n", with: "%0A").replacingOccurrences(of: "\r", with: "%0D")
  }

  private static func decode(_ text: String) -> String? { text.removingPercentEncoding }
}
