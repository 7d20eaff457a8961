import Foundation
import SentioTensor

/// The file that says that a folder is a synthetic corpus, and of which settings.
struct SyntheticMarker: Codable, Equatable {
  /// Version of this file's format and of the folder's layout.
  var format = 1
  /// Hash of a short song's samples: changes whenever composer or renderer do.
  var generator: String
  var seed: UInt64
  var songs: Int
  var seconds: Double
  var bitRate: Int
  var sampleRate: Int
  var firstID: Int
  /// `straight`: valence and arousal stand in their own columns in every file.
  var labelRevision = "straight"
  /// Whether every file is there.
  var complete: Bool

  init(_ corpus: SyntheticCorpus, complete: Bool) {
    generator = Self.generatorHash
    seed = corpus.seed
    songs = corpus.songCount
    seconds = corpus.duration
    bitRate = corpus.bitRate
    sampleRate = SongRenderer.sampleRate
    firstID = SyntheticCorpus.firstID
    self.complete = complete
  }

  /// FNV-1a over the samples and the label of four short songs of different genres.
  static let generatorHash: String = {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func absorb(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01B3 }
    let composer = SongComposer(seed: 0, duration: 3)
    for index in 0..<4 {
      let score = composer.compose(index)
      for sample in SongRenderer().render(score) { absorb(UInt64(UInt16(bitPattern: sample))) }
      let trace = EmotionTrace(score)
      let panel = RaterPanel(seed: 0)
      for opinion in panel.opinions(ofSong: index, trace: trace, duration: 20) {
        absorb(UInt64(opinion.valence * 16 + opinion.arousal))
        for value in opinion.valenceTrace + opinion.arousalTrace { absorb(value.bitPattern) }
      }
    }
    return String(hash, radix: 16)
  }()

  func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let data = try encoder.encode(self) + Data("\n".utf8)
    try data.withUnsafeBytes { try AtomicFile.write($0, to: url) }
  }

  /// Reads a marker; nil when the file is absent.
  static func read(_ url: URL) throws -> SyntheticMarker? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    do {
      let size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
      guard size <= 1 << 16 else {
        throw SynthesisError.damagedMarker(
          path: url.path, reason: "expected some hundred bytes of JSON, found \(size) bytes")
      }
      return try JSONDecoder().decode(SyntheticMarker.self, from: Data(contentsOf: url))
    } catch let error as SynthesisError {
      throw error
    } catch {
      throw SynthesisError.damagedMarker(
        path: url.path, reason: "expected the settings of a synthetic corpus as JSON: \(error)")
    }
  }

  /// Throws when a corpus of these settings can't be continued as `wanted`.
  func check(continuesAs wanted: SyntheticMarker, path: String) throws {
    func same<Value: Equatable>(_ setting: String, _ found: Value, _ expected: Value) throws {
      guard found != expected else { return }
      throw SynthesisError.differentSettings(
        path: path, setting: setting, expected: "\(expected)", found: "\(found)")
    }
    try same("format", format, wanted.format)
    try same("seed", seed, wanted.seed)
    try same("length in seconds", seconds, wanted.seconds)
    try same("bit rate", bitRate, wanted.bitRate)
    try same("sample rate", sampleRate, wanted.sampleRate)
    try same("first id", firstID, wanted.firstID)
    try same("generator", generator, wanted.generator)
    // A corpus may grow: its first songs stay what they are.
    if songs > wanted.songs { try same("number of songs", songs, wanted.songs) }
  }
}
