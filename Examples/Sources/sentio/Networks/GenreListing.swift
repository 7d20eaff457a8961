import ArgumentParser
import Foundation
import SentioModels
import SentioReport
import SentioTensor

/// `sentio predict` with a network that tells genres apart.
struct GenreListing {
  private let model: String
  private let predictor: GenrePredictor

  /// Opens the file if it is a network for classes; nil for other models.
  init?(_ model: String) throws {
    let url = URL(filePath: model)
    guard try NetworkFile.isNetwork(url) else { return nil }
    let file = try NetworkFile(contentsOf: url)
    guard case .classes = file.configuration.network.outputKind else { return nil }
    self.model = model
    predictor = try GenrePredictor(file, path: model)
  }

  private struct Song: Encodable {
    var song: String
    var genre: String
    var probability: Double
    var probabilities: [String: Double]
    var seconds: Double
  }

  private struct Output: Encodable {
    var model: String
    var songs: [Song]
    var failed: [String]
  }

  /// Predicts songs side by side; those that can't be decoded are named.
  func run(_ audio: [String], output: String?, isQuiet: Bool) throws {
    let files = try SongFiles.find(audio)
    let predictor = predictor
    let results = try SideBySide.map(files, title: "predicting", isQuiet: isQuiet) { file in
      let start = ContinuousClock.now
      return (try predictor.predict(audio: file), (ContinuousClock.now - start) / .seconds(1))
    }
    var songs: [Song] = []
    var failed: [String] = []
    for ((file, id), result) in zip(zip(files, SongFiles.identifiers(of: files)), results) {
      switch result {
      case .success(let (prediction, duration)):
        for warning in prediction.warnings { Terminal.note("warning: \(file.path): \(warning)") }
        songs.append(
          Song(
            song: id, genre: prediction.genre, probability: prediction.probabilities.max() ?? 0,
            probabilities: Dictionary(
              uniqueKeysWithValues: zip(predictor.genres, prediction.probabilities)),
            seconds: duration))
      case .failure(let error):
        failed.append("\(error)")
        Terminal.note("error: \(error)")
      }
    }
    guard !songs.isEmpty else { throw CommandError("nothing could be predicted") }
    if let output { try write(songs, to: output) }
    if isQuiet {
      try Terminal.printJSON(Output(model: model, songs: songs, failed: failed))
    } else {
      print(
        ReportTable(
          caption: "", header: ["song", "genre", "probability", "seconds"],
          rows: songs.map {
            [$0.song, $0.genre, fixed($0.probability, 3), fixed($0.seconds, 4)]
          }
        ).plainText())
      if let output { Terminal.note("wrote \(output)") }
    }
    if !failed.isEmpty { throw ExitCode(1) }
  }

  private func write(_ songs: [Song], to output: String) throws {
    func field(_ text: String) -> String {
      text.contains { ",\"\n\r".contains($0) }
        ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
    let lines =
      [(["song_id", "genre"] + predictor.genres.map { "p_\($0)" }).map(field)]
      + songs.map { song in
        [song.song, song.genre].map(field)
          + predictor.genres.map { "\(song.probabilities[$0] ?? 0)" }
      }
    let text = lines.map { $0.joined(separator: ",") + "\n" }.joined()
    try AtomicFile.write(Data(text.utf8), to: URL(filePath: output))
  }
}
