import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

/// Sequence models on recorded digits and on Bach's chorales; skipped where the data are not beside the repository.
struct RealSequenceTests {
  /// A folder of the real data, found beside the repository.
  static func data(_ name: String) -> URL? {
    if let path = ProcessInfo.processInfo.environment["SENTIO_TEST_DATA"] {
      let folder = URL(filePath: path).appending(path: name)
      return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }
    var folder = URL(filePath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appending(path: "shared/data/\(name)")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }

  @Test(.enabled(if: data("fsdd/wav") != nil)) func digitsOfKnownSpeakers() throws {
    let digits = try SpokenDigits(folder: Self.data("fsdd/wav")!)
    #expect(digits.recordings.count == 300 && digits.speakers.count == 6)
    let (training, test) = digits.divided(.takes(below: 2))
    #expect(training.count == 180 && test.count == 120)
    var stream = RandomStream(seed: 4, "weights")
    let model = SequenceClassifier(
      .init(
        features: SpokenDigits.features, outputs: 10,
        RecurrentStack(.lstm, units: 32, isBidirectional: true), readout: .mean), from: &stream)
    let accuracy = try SequenceLearningTests.measures(
      .sequences(.crossEntropy()), model,
      SequenceBatches(training, batchSize: 16, seed: 1, bucket: 4),
      SequenceBatches(test, batchSize: 60), epochs: 12)["accuracy"]!
    // One in ten by chance.
    #expect(accuracy > 0.8)
  }

  @Test(.enabled(if: data("symbolic/jsb_json") != nil)) func choralesAreBetterThanTheirMeans()
    throws
  {
    let music = try SymbolicMusic(
      contentsOf: Self.data("symbolic/jsb_json")!.appending(path: "jsb-chorales-quarter.json"))
    #expect(music.training.count == 229 && music.validation.count == 76 && music.test.count == 77)
    let training = SymbolicMusic.pianoRolls(music.training, name: "training")
    let test = SymbolicMusic.pianoRolls(music.test, name: "test")
    var stream = RandomStream(seed: 4, "weights")
    let model = SequenceLabeler(
      .init(features: 88, outputs: 88, RecurrentStack(.lstm, units: 48)), from: &stream)
    let loss = try SequenceLearningTests.measures(
      .nextNotes, model, SequenceBatches(training, batchSize: 8, seed: 1, bucket: 4),
      SequenceBatches(test, batchSize: 77), epochs: 20)["loss"]!
    // The surprise of keys that are drawn with their frequencies, whatever was before.
    var counts = [Double](repeating: 0, count: 88)
    let steps = training.flatMap { $0.steps.dropFirst() }
    for key in steps.joined() { counts[key] += 1 }
    let shares = counts.map { ($0 + 0.5) / (Double(steps.count) + 1) }
    let rows = test.flatMap { $0.steps.dropFirst() }
    let independent = rows.reduce(0.0) { sum, row in
      let keys = Set(row)
      return sum
        - (0..<88).reduce(0.0) { $0 + log(keys.contains($1) ? shares[$1] : 1 - shares[$1]) }
    }
    #expect(loss < independent / Double(rows.count) - 0.5)
  }
}
