import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioPipeline
import SentioReport

/// What was said of songs that no model has seen.
struct NewSongs: Codable {
  var predictions: [NewSongPrediction] = []
  /// The first few songs over time.
  var paths: [EmotionPath] = []

  static let fileName = "predictions.json"
}

extension MainJob {
  /// Songs that no model was trained or tested on, predicted from the file alone; nil where there are none.
  ///
  /// By the average of the models of features, and by the student, which is what one ships. The path over time is that of
  /// the network that was trained to follow songs, or of the student's clips where there is none.
  func newSongStage() throws -> PipelineStage? {
    guard isSynthetic || !newSongs.isEmpty else { return nil }
    var inputs: [StageInput] = [.outputs(of: "classical", ["average.sentio", "average.json"])]
    if hasAudio { inputs.append(.outputs(of: "distil", ["mobilevit.sentio", "mobilevit.json"])) }
    if hasAudio && hasDynamics { inputs.append(.outputs(of: "tracks", ["tracks.sentio"])) }
    if newSongs.isEmpty {
      inputs.append(.outputs(of: "corpus", ["unseen"]))
    } else {
      inputs += newSongs.enumerated().map { .external("songs \($0 + 1)", URL(filePath: $1)) }
    }
    return try PipelineStage(
      "new-songs", "predicts songs that no model has seen", inputs: inputs, settings: newSongs
    ) { context in
      let songs = try NewSong.find(
        newSongs,
        composed: newSongs.isEmpty
          ? context.folder(of: "corpus").appending(path: "unseen") : nil)
      var found = NewSongs()
      let models = [("classical", "average")] + (hasAudio ? [("distil", "mobilevit")] : [])
      for (stage, model) in models {
        let folder = context.folder(of: stage)
        found.predictions += try NewSong.predict(
          songs, with: folder.appending(path: "\(model).sentio"),
          title: ModelCard.read(model, from: folder).title)
      }
      // Both models' rows of a song stand together.
      let order = Dictionary(
        songs.enumerated().map { ($1.title, $0) }, uniquingKeysWith: { first, _ in first })
      found.predictions = found.predictions.enumerated().sorted {
        (order[$0.element.file] ?? 0, $0.offset) < (order[$1.element.file] ?? 0, $1.offset)
      }.map(\.element)
      if hasAudio { found.paths = try NewSong.paths(of: songs, try tracker(context)) }
      context.note("songs", .integer(songs.count))
      try StageFile.write(found, to: context.folder.appending(path: NewSongs.fileName))
    }
  }

  private func tracker(_ context: StageContext) throws -> NewSong.Tracker {
    let file: URL
    let (model, method): (String, String)
    let step = settings.spectrograms.step
    if hasDynamics {
      file = context.folder(of: "tracks").appending(path: "tracks.sentio")
      (model, method) = ("sequence network", "one emotion a step of \(step) s")
    } else {
      file = context.folder(of: "distil").appending(path: "mobilevit.sentio")
      (model, method) = (
        ReportedModel.mobilevit.title,
        "clips of \(settings.spectrograms.duration) s that slide by \(step) s"
      )
    }
    let network = try NetworkFile(contentsOf: file)
    return NewSong.Tracker(
      tracker: try SongTracker(network, hop: step),
      scale: network.configuration.labelScale ?? .unit, model: model, method: method)
  }
}

/// A song with its label, where the corpus that it comes from has one.
private struct NewSong {
  var file: URL
  var label: ValenceArousal?
  var title: String

  /// What follows songs over time.
  struct Tracker {
    let tracker: SongTracker
    let scale: EmotionScale
    let model: String
    let method: String
  }

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

  /// The ways of the first songs; of one that can't be read it was told before.
  static func paths(of songs: [NewSong], _ tracker: Tracker, count: Int = 3) throws
    -> [EmotionPath]
  {
    var paths: [EmotionPath] = []
    for song in songs where paths.count < count {
      try Interruption.check()
      guard let track = try? tracker.tracker.track(audio: song.file).track else { continue }
      paths.append(
        EmotionPath(
          song: song.title, model: tracker.model, method: tracker.method,
          points: track.points.map {
            let emotion = $0.emotion.on(tracker.scale)
            return PathPoint(time: $0.time, valence: emotion.valence, arousal: emotion.arousal)
          }))
    }
    return paths
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
