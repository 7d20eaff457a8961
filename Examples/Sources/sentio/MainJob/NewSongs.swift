import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioReport

/// Songs that no model was trained or tested on, predicted from the file alone.
struct NewSongs {
  let command: RunCommand
  let synthetic: Bool

  /// One song with its label, where the corpus that it comes from has one.
  private struct NewSong {
    var file: URL
    var label: ValenceArousal?
    var title: String
  }

  func predict(with model: TrainedModel) throws -> [NewSongPrediction] {
    let songs = try find()
    guard !songs.isEmpty else { return [] }
    let predictor = try EmotionPredictor(model.file)
    guard predictor.measurement != nil else {
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
          file: song.title, model: model.title, valence: emotion.valence,
          arousal: emotion.arousal, quadrant: emotion.quadrant.name,
          seconds: seconds(since: start),
          truth: song.label.map { $0.on(predictor.scale) }.map { [$0.valence, $0.arousal] })
      } catch {
        Terminal.note("error: \(error)")
        return nil
      }
    }
  }

  private func find() throws -> [NewSong] {
    if command.newSongs.isEmpty { return synthetic ? try compose() : [] }
    return try command.newSongs.flatMap { path -> [NewSong] in
      let url = URL(filePath: path)
      let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
      if isFolder, let corpus = try? Corpus.open(url) {
        let songs = corpus.songs.compactMap { song in
          song.audio.map {
            NewSong(
              file: $0, label: song.label,
              title: "\(corpus.name) \(song.id)"
                + (song.title.map { ": \($0)" } ?? "")
                + (song.artist.map { ", \($0)" } ?? ""))
          }
        }
        if !songs.isEmpty { return Array(songs.prefix(20)) }
      }
      return try SongFiles.find([path]).map {
        NewSong(file: $0, label: nil, title: $0.lastPathComponent)
      }
    }
  }

  /// Five songs of another seed: other artists, other pieces, the same composer.
  private func compose() throws -> [NewSong] {
    let folder = command.corpus + "-unseen"
    _ = try CorpusSynthesizeCommand.synthesize(
      into: folder, songs: 5, seed: command.seed &+ 1_000_003, duration: 45, isQuiet: true)
    let corpus = try Corpus.open(URL(filePath: folder))
    return corpus.songs.compactMap { song in
      song.audio.map {
        NewSong(
          file: $0, label: song.label,
          title: [song.title, song.artist].compactMap(\.self).joined(separator: ", "))
      }
    }
  }
}
