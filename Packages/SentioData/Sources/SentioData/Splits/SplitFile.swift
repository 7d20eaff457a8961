import Foundation
import SentioMetrics
import SentioTensor

/// A split as a file: ids, labels and settings under one hash.
///
/// The labels stand beside the ids, so that a file that meets another corpus can say what changed:
/// songs that came or went, labels that differ (such as another ``LabelRevision``).
public struct SplitFile: Hashable, Sendable {
  /// Why a split file can't be used.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is no split file; the text says what was expected.
    case malformed(path: String, reason: String)
    /// The content was changed after it was written.
    case altered(path: String, expected: String, found: String)
    /// The corpus is not the one that was split.
    case otherCorpus(path: String, added: [String], removed: [String], relabelled: [String])

    /// What is wrong, and the way out.
    public var description: String {
      switch self {
      case .malformed(let path, let reason):
        return "\(path): no split file: \(reason)"
      case .altered(let path, let expected, let found):
        return "\(path): the content was changed after it was written "
          + "(hash \(found.prefix(12))…, expected \(expected.prefix(12))…). Make the split anew"
      case .otherCorpus(let path, let added, let removed, let relabelled):
        func list(_ ids: [String], _ what: String) -> String? {
          ids.isEmpty
            ? nil
            : "\(ids.count) songs \(what) (\(ids.prefix(5).joined(separator: ", "))"
              + (ids.count > 5 ? ", …)" : ")")
        }
        let changes = [
          list(added, "are new"), list(removed, "are gone"), list(relabelled, "have other labels"),
        ].compactMap(\.self).joined(separator: ", ")
        return "\(path): the split was made for another corpus: \(changes). "
          + "Use that corpus (and its label revision), or make the split anew"
      }
    }
  }

  /// Name of the corpus that was split.
  public let corpus: String
  /// The split.
  public let split: Split
  /// SHA-256 over settings, ids, parts and labels.
  public var hash: String { Self.hash(settings: split.settings, entries: entries) }

  private struct Entry: Hashable, Codable {
    var id: String
    var part: SplitPart
    var valence: Double?
    var arousal: Double?
    var scale: String?
  }

  private struct Content: Codable {
    var format: String
    var corpus: String
    var settings: Split.Settings?
    var hash: String
    var songs: [Entry]
  }

  private static let format = "sentio-split-1"
  private let entries: [Entry]

  /// Prepares a split for writing.
  ///
  /// - Parameters:
  ///   - split: the split.
  ///   - corpus: the corpus that it divides.
  /// - Throws: ``CorpusError/unknownSongs(_:in:)`` when the split names songs that it has not.
  public init(_ split: Split, of corpus: Corpus) throws {
    self.split = split
    self.corpus = corpus.name
    var entries: [Entry] = []
    for part in SplitPart.allCases {
      entries += try corpus.songs(split.songs[part] ?? []).map { Self.entry($0, part) }
    }
    self.entries = entries
  }

  /// Reads a split and checks that neither the file nor the corpus has changed since it was made.
  ///
  /// - Parameters:
  ///   - url: a file that ``write(to:)`` wrote.
  ///   - corpus: the corpus to use it with; nil skips that check.
  /// - Throws: ``Failure``, or `FileError`.
  public init(contentsOf url: URL, for corpus: Corpus?) throws {
    let bytes = try BoundedFile.read(url, limit: 1 << 28)
    let content: Content
    do {
      content = try JSONDecoder().decode(Content.self, from: Data(bytes))
    } catch {
      throw Failure.malformed(path: url.path, reason: "\(error)")
    }
    guard content.format == Self.format else {
      throw Failure.malformed(
        path: url.path, reason: "expected format \(Self.format), found \(content.format)")
    }
    guard Set(content.songs.map(\.id)).count == content.songs.count else {
      throw Failure.malformed(path: url.path, reason: "a song stands in two places")
    }
    if let fractions = content.settings?.fractions {
      guard fractions.count == 3, fractions.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw Failure.malformed(path: url.path, reason: "expected three fractions")
      }
    }
    let found = Self.hash(settings: content.settings, entries: content.songs)
    guard found == content.hash else {
      throw Failure.altered(path: url.path, expected: content.hash, found: found)
    }
    if let corpus {
      let now = Dictionary(
        uniqueKeysWithValues: corpus.songs.map { ($0.id, Self.entry($0, .training)) })
      let then = Set(content.songs.map(\.id))
      let removed = content.songs.map(\.id).filter { now[$0] == nil }
      // A published split may leave songs out on purpose; one that was made covers them all.
      let added =
        content.settings == nil ? [] : corpus.songs.map(\.id).filter { !then.contains($0) }
      let relabelled = content.songs.filter { entry in
        guard let other = now[entry.id] else { return false }
        return (entry.valence, entry.arousal) != (other.valence, other.arousal)
          || entry.scale != other.scale
      }.map(\.id)
      guard added.isEmpty, removed.isEmpty, relabelled.isEmpty else {
        throw Failure.otherCorpus(
          path: url.path, added: added, removed: removed, relabelled: relabelled)
      }
    }
    self.corpus = content.corpus
    self.entries = content.songs
    var lists: [SplitPart: [String]] = [.training: [], .validation: [], .test: []]
    for entry in content.songs { lists[entry.part, default: []].append(entry.id) }
    self.split = Split(settings: content.settings, songs: lists)
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Parameter url: the file to create or to replace.
  /// - Throws: `FileError`.
  public func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let content = Content(
      format: Self.format, corpus: corpus, settings: split.settings, hash: hash, songs: entries)
    try AtomicFile.write(encoder.encode(content), to: url)
  }

  private static func entry(_ song: Song, _ part: SplitPart) -> Entry {
    Entry(
      id: song.id, part: part, valence: song.label?.valence, arousal: song.label?.arousal,
      scale: song.label?.scale.notation)
  }

  private static func hash(settings: Split.Settings?, entries: [Entry]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = format
    // Encoding plain numbers, texts and enums to memory can't fail; non-finite ones are refused above.
    if let data = try? encoder.encode(settings) { text += String(decoding: data, as: UTF8.self) }
    for entry in entries.sorted(by: { NaturalOrder.precedes($0.id, $1.id) }) {
      let valence = entry.valence.map { String($0.bitPattern, radix: 16) } ?? "-"
      let arousal = entry.arousal.map { String($0.bitPattern, radix: 16) } ?? "-"
      text += "\n\(entry.id)\t\(entry.part.rawValue)\t\(valence)\t\(arousal)\t\(entry.scale ?? "-")"
    }
    return SHA256.hash(of: text).hex
  }
}
