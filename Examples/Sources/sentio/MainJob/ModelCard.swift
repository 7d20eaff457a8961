import Foundation
import SentioData
import SentioMetrics
import SentioReport

/// What is known of a trained model, with its predictions of the test songs: what a training stage leaves to the tests
/// and the report.
struct ModelCard: Codable {
  /// The key of the model, such as `"ridge"`.
  var name: String
  var title: String
  var settings: [NamedValue]
  var parameterCount: Int
  var crossValidatedR2: Double?
  var searchSeconds = 0.0
  var fitSeconds = 0.0
  var predictSecondsPerSong = 0.0
  var trainingSeconds: Double?
  var peakMemory: Int?
  var fileSize: Int?
  var realExamples: Int?
  var syntheticExamples: Int?
  var epochs: Int?
  var bestEpoch: Int?
  var trainingCCC: Double?
  var validationCCC: Double?
  var precision: String?
  /// Valence and arousal of the test songs, on the labels' scale, in the order of the split.
  var predictions: [[Double]] = []

  func points(_ scale: EmotionScale) -> [ValenceArousal] {
    predictions.map { ValenceArousal(valence: $0[0], arousal: $0[1], scale: scale) }
  }

  /// Writes the card, and its predictions as a table for people.
  func write(into folder: URL, ids: [String], scale: EmotionScale) throws {
    try StageFile.write(self, to: folder.appending(path: "\(name).json"))
    try PredictionTable(
      rows: zip(ids, points(scale)).map {
        PredictionTable.Row(id: $0, prediction: $1, seconds: predictSecondsPerSong)
      }, scale: scale
    ).write(csv: folder.appending(path: "predictions-\(name).csv"))
  }

  static func read(_ name: String, from folder: URL) throws -> ModelCard {
    try StageFile.read(ModelCard.self, from: folder.appending(path: "\(name).json"))
  }
}
