import ArgumentParser
import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioReport

/// `sentio predict`: valence and arousal of songs.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict valence and arousal of audio files or of a table of features.",
    discussion: """
      The model file says how songs are measured and on which scale it predicts.
        sentio predict --model ridge.sentio song.mp3 ~/Music --output predictions.csv
        sentio predict --model svr.sentio --table features.csv --output predictions.csv
        sentio predict --model crnn.sentio ~/Music
      A network that tells genres apart gives the most probable genre of each song.
      Seconds are from opening a song to its prediction. Songs that can't be decoded are named, the others \
      are predicted, and the exit code is 1.
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "file"))
  var model: String
  @Argument(help: "Audio files, or folders of them.")
  var audio: [String] = []
  @Option(help: ArgumentHelp("Features instead of audio: CSV or NPY.", valueName: "file"))
  var table: String?
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write the predictions as CSV.", valueName: "csv"))
  var output: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The scale to predict on, such as -1..1; by default the model's.", valueName: "low..high"),
    transform: parseScale)
  var scale: EmotionScale?
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard audio.isEmpty != (table == nil) else {
      throw ValidationError("Give either audio files or --table FILE.")
    }
  }

  func run() throws {
    Interruption.watch()
    if let output { try OutputFile.check(output) }
    if let genres = try GenreListing(model) {
      guard table == nil else { throw CommandError("\(model): takes audio; leave out --table") }
      guard scale == nil else {
        throw CommandError("\(model): genres have no scale; leave out --scale")
      }
      return try genres.run(audio, output: output, isQuiet: json)
    }
    let predictor = try EmotionPredictor(contentsOf: URL(filePath: model))
    let target = scale ?? predictor.scale
    var failed: [String] = []
    var rows: [PredictionTable.Row] = []
    if let table {
      let features = try FeatureTableFile.read(table)
      let start = ContinuousClock.now
      guard features.rowCount > 0 else {
        throw CommandError("\(table): no songs; the table has a header and nothing else")
      }
      let predictions: [ValenceArousal]
      do {
        predictions = try predictor.predict(table: features)
      } catch {
        throw CommandError("\(table) with \(model): \(error)")
      }
      let each = (ContinuousClock.now - start) / .seconds(1) / Double(max(predictions.count, 1))
      rows = zip(features.ids, predictions).map {
        PredictionTable.Row(id: $0, prediction: $1.on(target), seconds: each)
      }
    } else {
      guard predictor.takesAudio else {
        throw CommandError("\(model): \(EmotionPredictor.Failure.noMeasurement)")
      }
      let songs = try SongFiles.find(audio)
      let results = try SideBySide.map(songs, title: "predicting", isQuiet: json) { song in
        let start = ContinuousClock.now
        let prediction = try predictor.predict(audio: song)
        return (prediction, (ContinuousClock.now - start) / .seconds(1))
      }
      for ((song, id), result) in zip(zip(songs, SongFiles.identifiers(of: songs)), results) {
        switch result {
        case .success(let (prediction, duration)):
          for warning in prediction.warnings { Terminal.note("warning: \(song.path): \(warning)") }
          rows.append(
            PredictionTable.Row(
              id: id, prediction: prediction.emotion.on(target), seconds: duration))
        case .failure(let error):
          failed.append("\(error)")
          Terminal.note("error: \(error)")
        }
      }
    }
    guard !rows.isEmpty else { throw CommandError("nothing could be predicted") }
    let predictions = PredictionTable(rows: rows, scale: target)
    warnOfStrangers(rows, target)
    if let output { try predictions.write(csv: URL(filePath: output)) }
    if json {
      try Terminal.printJSON(Output(predictions, model: model, failed: failed))
    } else {
      print(
        ReportTable(
          caption: "",
          header: ["song", "valence", "arousal", "scale", "quadrant", "seconds"],
          rows: rows.map {
            [
              $0.id, fixed($0.prediction.valence, 2), fixed($0.prediction.arousal, 2),
              target.notation,
              "Q\($0.prediction.quadrant.rawValue) \($0.prediction.quadrant.name)",
              $0.seconds.map { $0 < 0.0001 ? "< 0.0001" : fixed($0, 4) } ?? "–",
            ]
          }
        ).plainText())
      if let output { Terminal.note("wrote \(output)") }
    }
    if !failed.isEmpty { throw ExitCode(1) }
  }

  /// A prediction outside of the scale says that the song is unlike those that the model knows.
  private func warnOfStrangers(_ rows: [PredictionTable.Row], _ scale: EmotionScale) {
    let range = scale.lower...scale.upper
    let strangers = rows.filter {
      !range.contains($0.prediction.valence) || !range.contains($0.prediction.arousal)
    }.map(\.id)
    guard !strangers.isEmpty else { return }
    Terminal.note(
      "warning: predicted outside of \(scale.notation), so unlike the songs that the model was trained "
        + "on: \(strangers.prefix(5).joined(separator: ", "))\(strangers.count > 5 ? ", …" : "")")
  }

  private struct Output: Encodable {
    struct Song: Encodable {
      var song: String
      var valence: Double
      var arousal: Double
      var quadrant: String
      var emotion: String
      var seconds: Double?
    }
    var model: String
    var scale: String
    var songs: [Song]
    var failed: [String]

    init(_ table: PredictionTable, model: String, failed: [String]) {
      self.model = model
      self.failed = failed
      scale = table.scale.notation
      songs = table.rows.map {
        Song(
          song: $0.id, valence: $0.prediction.valence, arousal: $0.prediction.arousal,
          quadrant: "Q\($0.prediction.quadrant.rawValue)", emotion: $0.prediction.quadrant.name,
          seconds: $0.seconds)
      }
    }
  }
}
