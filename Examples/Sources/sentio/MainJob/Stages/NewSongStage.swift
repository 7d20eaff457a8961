import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioPipeline
import SentioReport

extension MainJob {
  /// Songs that no model was trained or tested on, predicted from the file alone; nil where there are none.
  func newSongStage() throws -> PipelineStage? {
    guard isSynthetic || !newSongs.isEmpty else { return nil }
    var inputs: [StageInput] = [.outputs(of: "classical", ["average.sentio", "average.json"])]
    if newSongs.isEmpty {
      inputs.append(.outputs(of: "corpus", ["unseen"]))
    } else {
      inputs += newSongs.enumerated().map { .external("songs \($0 + 1)", URL(filePath: $1)) }
    }
    return try PipelineStage(
      "new-songs", "predicts songs that no model has seen", inputs: inputs, settings: newSongs
    ) { context in
      let trained = context.folder(of: "classical")
      let model = trained.appending(path: "average.sentio")
      let songs = try NewSong.find(
        newSongs,
        composed: newSongs.isEmpty
          ? context.folder(of: "corpus").appending(path: "unseen") : nil)
      let predictions = try NewSong.predict(
        songs, with: model, title: ModelCard.read("average", from: trained).title)
      context.note("songs", .integer(predictions.count))
      try StageFile.write(predictions, to: context.folder.appending(path: "predictions.json"))
    }
  }
}

/// A song with its label, where the corpus that it comes from has one.
private struct NewSong {
  var file: URL
  var label: ValenceArousal?
  var title: String

  static func predict(
    _ songs: [NewSong], with file: URL, title: String
  ) throws -> [NewSongPrediction] {
    guard !songs.isEmpty else { return [] }
    let predictor = try EmotionPredictor(contentsOf: file)
    guard predictor.takesAudio else {
      Terminal.note(
        "the models were trained on a table of features, so new songs can't be measured for them")
      return []
    }
    return try songs.compactMap { song in
      try Interruption.check()
      let start = ContinuousClock.now
      do {
        let emotion = try predictor.predict(audio: song.file).emotion
        return NewSongPrediction(
          file: song.title, model: title, valence: emotion.valence,
          arousal: emotion.arousal, quadrant: emotion.quadrant.name,
          seconds: (ContinuousClock.now - start) / .seconds(1),
          truth: song.label.map { $0.on(predictor.scale) }.map { [$0.valence, $0.arousal] })
      } catch {
        Terminal.note("error: \(error)")
        return nil
      }
    }
  }

  static func find(_ paths: [String], composed: URL?) throws -> [NewSong] {
    if let composed {
      return try songs(of: Corpus.open(composed)) { song in
        [song.title, song.artist].compactMap(\.self).joined(separator: ", ")
      }
    }
    return try paths.flatMap { path -> [NewSong] in
      let url = URL(filePath: path)
      let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
      if isFolder, let corpus = try? Corpus.open(url) {
        let songs = songs(of: corpus) { song in
          "\(corpus.name) \(song.id)" + (song.title.map { ": \($0)" } ?? "")
            + (song.artist.map { ", \($0)" } ?? "")
        }
        if !songs.isEmpty { return Array(songs.prefix(20)) }
      }
      return try SongFiles.find([path]).map {
        NewSong(file: $0, label: nil, title: $0.lastPathComponent)
      }
    }
  }

  private static func songs(of corpus: Corpus, title: (Song) -> String) -> [NewSong] {
    corpus.songs.compactMap { song in
      song.audio.map { NewSong(file: $0, label: song.label, title: title(song)) }
    }
  }
}
