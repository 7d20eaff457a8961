import Foundation
import Testing

/// A small composed corpus and what is made of it, by the tool itself, once a run of the tests.
struct SampleCorpus {
  static let songCount = 24
  static let duration = 20

  /// The corpus's folder.
  let folder: String
  /// The 164 features of its songs, as `sentio features` wrote them.
  let table: String
  /// Its labels: DEAM's file of averages.
  let labels: String
  /// A ridge model that was trained on the corpus's audio.
  let model: String
  /// The model's predictions of the table.
  let predictions: String

  /// The corpus; composing it takes some seconds.
  static func made() throws -> SampleCorpus { try result.get() }

  /// An audio file of the corpus.
  func song(_ index: Int = 0) -> String { "\(folder)/MEMD_audio/\(10_001 + index).mp3" }

  private static let result = Result { try SampleCorpus() }

  private init() throws {
    let root = Tool.scratch.appending(path: "sample").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    folder = root + "/songs"
    table = root + "/features.csv"
    labels =
      folder + "/annotations/annotations averaged per song/song_level/"
      + "static_annotations_averaged_songs_1_2000.csv"
    model = root + "/ridge.sentio"
    predictions = root + "/predictions.csv"
    for arguments in [
      [
        "corpus", "synthesize", folder, "--songs", "\(Self.songCount)", "--duration",
        "\(Self.duration)", "--seed", "7",
      ],
      ["features", folder + "/MEMD_audio", "--output", table],
      [
        "train", "ridge", "--data", folder, "--output", model, "--alpha", "300", "--store",
        root + "/store",
      ],
      ["predict", "--model", model, "--table", table, "--output", predictions],
    ] {
      let outcome = try Tool.run(arguments)
      try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
    }
  }
}

/// Tables whose answers are known.
enum SampleTable {
  /// 40 songs, three features; valence follows the first, arousal the second and third.
  static func rows() -> [(id: String, features: [Double], valence: Double, arousal: Double)] {
    (1...40).map { index in
      let x = Double(index)
      let features = [(x * 0.37).truncatingRemainder(dividingBy: 1), sin(x), cos(1.7 * x)]
      return (
        "s\(index)", features, 3 + 4 * features[0], 5 + 2 * features[1] - 1.5 * features[2]
      )
    }
  }

  static func features(_ change: (Int, inout [String]) -> Void = { _, _ in }) -> String {
    text(["song_id", "a", "b", "c"], rows().map { [$0.id] + $0.features.map { "\($0)" } }, change)
  }

  static func labels(_ change: (Int, inout [String]) -> Void = { _, _ in }) -> String {
    text(
      ["song_id", "valence", "arousal"],
      rows().map { [$0.id, "\($0.valence)", "\($0.arousal)"] }, change)
  }

  /// CSV text; `change` may alter each line, from the header with number 0 to that of song `s40` with
  /// number 40, and drops it by emptying it.
  private static func text(
    _ header: [String], _ rows: [[String]], _ change: (Int, inout [String]) -> Void
  ) -> String {
    let changed = ([header] + rows).enumerated().map { line, row in
      var row = row
      change(line, &row)
      return row
    }
    return changed.filter { !$0.isEmpty }.map { $0.joined(separator: ",") }
      .joined(separator: "\n") + "\n"
  }
}

/// Recordings that a program can write itself.
enum SampleAudio {
  /// A 16-bit mono WAV file of a tone; no samples where `seconds` is 0.
  static func wav(seconds: Double, sampleRate: Int = 22_050, amplitude: Double = 0.5) -> Data {
    let count = Int(seconds * Double(sampleRate))
    var data = Data()
    func append(_ text: String) { data.append(contentsOf: text.utf8) }
    func append32(_ value: Int) {
      withUnsafeBytes(of: UInt32(value).littleEndian) { data.append(contentsOf: $0) }
    }
    func append16(_ value: Int) {
      withUnsafeBytes(of: Int16(value).littleEndian) { data.append(contentsOf: $0) }
    }
    append("RIFF")
    append32(36 + 2 * count)
    append("WAVEfmt ")
    append32(16)
    append16(1)
    append16(1)
    append32(sampleRate)
    append32(2 * sampleRate)
    append16(2)
    append16(16)
    append("data")
    append32(2 * count)
    for index in 0..<count {
      let phase = 2 * Double.pi * 440 * Double(index) / Double(sampleRate)
      append16(Int(amplitude * 32_767 * sin(phase)))
    }
    return data
  }
}
