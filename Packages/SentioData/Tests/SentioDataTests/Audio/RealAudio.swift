import Foundation
import Testing

/// Real and deliberately odd audio files, where a folder of them stands beside the repository.
enum RealAudio {
  /// The folder `data`: named by SENTIO_TEST_DATA, or `shared/data` beside a folder above this file.
  static let root: URL? = {
    let manager = FileManager.default
    if let path = ProcessInfo.processInfo.environment["SENTIO_TEST_DATA"] {
      return manager.fileExists(atPath: path) ? URL(fileURLWithPath: path) : nil
    }
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared/data")
      if manager.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }()

  static var isPresent: Bool {
    root.map {
      FileManager.default.fileExists(
        atPath: $0.appendingPathComponent("decoders/INVENTORY.csv").path)
    } ?? false
  }

  static var haveSongs: Bool { !songs.isEmpty }

  static func url(_ name: String) -> URL { root!.appendingPathComponent(name) }

  /// Files of every codec, sound ones, whose ranges must be exact.
  static let ranged = [
    "decoders/librosa/test1_22050.mp3", "decoders/audioread/test-2.mp3",
    "decoders/minimp3_vectors/vectors/M2L3_bitrate_16_all.bit",
    "decoders/minimp3_vectors/vectors/M2L3_noise.bit",
    "decoders/minimp3_vectors/vectors/l2-test32.bit",
    "decoders/minimp3_vectors/vectors/l3-sin1k0db.bit", "decoders/dhowden_tag/sample.m4a",
    "decoders/mutagen/example.opus", "decoders/mutagen/silence-1.wma",
    "decoders/librosa/audio/147793__setuniman__sweet-waltz-0i-22mi.ogg",
    "decoders/librosa/test1_44100.wav", "decoders/librosa/test2_8000.mkv",
    "decoders/mutagen/8k-4ch-1s-silence.aif", "decoders/mutagen/alac.m4a",
    "decoders/flac_test_files/subset/23 - 8 bit per sample.flac",
    "decoders/flac_test_files/subset/41 - 6 channels (5.1).flac",
  ]

  /// The songs of the DEAM sample.
  static let songs: [URL] = {
    guard let folder = root?.appendingPathComponent("deam/audio") else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".mp3") }.sorted().map {
      folder.appendingPathComponent($0)
    }
  }()

  /// One line of the inventory that `ffprobe` 5.1 made.
  struct Entry: Sendable, CustomTestStringConvertible {
    var path: String
    var errorLines: Int
    /// Empty where FFmpeg found no audio.
    var codec: String
    var sampleRate: Int
    var channels: Int
    var duration: Double?
    var testDescription: String { path }
  }

  static let inventory: [Entry] = {
    guard isPresent,
      let text = try? String(contentsOf: url("decoders/INVENTORY.csv"), encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").dropFirst().compactMap { line in
      var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      // Some lines end in a stray comma; names hold none.
      while fields.count > 6, fields.last == "" { fields.removeLast() }
      guard fields.count >= 3 else { return nil }
      return Entry(
        path: String(fields[0].dropFirst(2)), errorLines: Int(fields[1]) ?? 0, codec: fields[2],
        sampleRate: fields.count > 3 ? Int(fields[3]) ?? 0 : 0,
        channels: fields.count > 4 ? Int(fields[4]) ?? 0 : 0,
        duration: fields.count > 5 ? Double(fields[5]) : nil)
    }
  }()
}
