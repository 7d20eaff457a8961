import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioPipeline
import SentioReport
import SentioTensor

/// What following songs came to.
struct TrackResults: Codable {
  var dynamics: [DynamicResult] = []
  var paths: [EmotionPath] = []

  static let fileName = "tracks.json"
}

extension MainJob {
  /// A network that says an emotion every half second, trained on what listeners said over time.
  func trackingStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var tracking: PipelineSettings.Tracking
      var spectrograms: PipelineSettings.Spectrograms
      var resamples: Int
      var seed: UInt64
    }
    let settings = Settings(
      tracking: self.settings.tracking, spectrograms: self.settings.spectrograms,
      resamples: self.settings.statistics.resamples, seed: self.settings.seed)
    return try PipelineStage(
      "tracks", "follows songs every \(settings.spectrograms.step) s", inputs: networkInputs,
      settings: settings
    ) { context in
      guard let root = corpusRoot(context), let dynamics = try openCorpus(root).dynamics else {
        throw CommandError("the corpus has no annotations over time")
      }
      let tracks = try TrackSongs(self, context, dynamics)
      context.note("songs", .integer(tracks.training.count))
      let network = try train(on: tracks, settings.tracking, seed: settings.seed, context)
      let results = try Self.results(
        network, tracks, step: settings.spectrograms.step,
        resampling: Resampling(count: settings.resamples, seed: settings.seed))
      var configuration = NetworkFile.Configuration(
        .sequenceEmotion(network.settings), outputs: ["valence", "arousal"],
        labelScale: tracks.table.scale)
      try configuration.setFrontEnd(settings.spectrograms.sequence)
      try NetworkFile(network, configuration).write(
        to: context.folder.appending(path: "tracks.sentio"))
      try StageFile.write(results, to: context.folder.appending(path: TrackResults.fileName))
    }
  }

  private func train(
    on songs: TrackSongs, _ settings: PipelineSettings.Tracking, seed: UInt64,
    _ context: StageContext
  ) throws -> SequenceEmotionNetwork {
    var stream = RandomStream(seed: seed, "tracking")
    let sizes = SequenceEmotionNetwork.Settings(features: SequenceInput.featureNames.count)
    var training = TrainingSettings(epochs: settings.epochs, seed: seed)
    training.monitor = Monitor("ccc", .higher)
    let data = TrackBatches(songs.training, batchSize: settings.batchSize, seed: seed)
    let trainer = Trainer(
      TrackObjective<SequenceEmotionNetwork>(),
      optimizer: Optimizer(
        .adam(),
        learningRate: .cosine(
          settings.learningRate, over: max(1, settings.epochs * data.batchesPerEpoch)),
        clipping: .norm(1)), settings: training)
    let line = TrainingLine(measure: "ccc", isQuiet: isQuiet)
    let outcome = try trainer.train(
      SequenceEmotionNetwork(sizes, from: &stream), on: data,
      validation: TrackBatches(songs.validation, batchSize: settings.batchSize),
      folder: try context.work().appending(path: "tracks"),
      isCancelled: { context.isCancelled }, onEvent: line.show)
    if outcome.end == .cancelled { throw CancellationError() }
    return outcome.best
  }

  private static func results(
    _ network: SequenceEmotionNetwork, _ songs: TrackSongs, step: Double, resampling: Resampling
  ) throws -> TrackResults {
    let scale = songs.table.scale
    let title = "sequence network"
    let tracker = SequenceTracker(step: step, scale: .unit) { network($0) }
    var compared: [EmotionTrackMetrics.Song] = []
    var results = TrackResults()
    for song in songs.test {
      let points = try tracker.track(song.features).points
      let labels = song.labels.scalars
      var (said, rated): ([ValenceArousal], [ValenceArousal]) = ([], [])
      var path: [PathPoint] = []
      for (index, point) in points.enumerated() {
        let emotion = point.emotion.on(scale)
        var next = PathPoint(
          time: point.time, valence: emotion.valence, arousal: emotion.arousal)
        if labels[2 * index].isFinite {
          let label = ValenceArousal(
            valence: Double(labels[2 * index]), arousal: Double(labels[2 * index + 1]),
            scale: .unit
          ).on(scale)
          next.labelledValence = label.valence
          next.labelledArousal = label.arousal
          said.append(emotion)
          rated.append(label)
        }
        path.append(next)
      }
      guard !rated.isEmpty else { continue }
      compared.append(
        EmotionTrackMetrics.Song(id: song.id, prediction: said, truth: rated))
      if results.paths.count < 3 {
        let known = songs.table.songs.first { $0.id == song.id }
        results.paths.append(
          EmotionPath(
            song: known?.title ?? "song \(song.id)", model: title,
            method: "one emotion a step of \(step) s", points: path))
      }
    }
    let metrics = try EmotionTrackMetrics(songs: compared, scale: scale, resampling: resampling)
    func result(_ name: String, _ found: EmotionIntervals) -> DynamicResult {
      DynamicResult(
        model: name, songs: compared.count,
        instants: compared.reduce(0) { $0 + $1.truth.count },
        valenceCCC: Interval(found.valence[.concordanceCorrelation]),
        arousalCCC: Interval(found.arousal[.concordanceCorrelation]),
        valenceRMSE: found.valence[.rootMeanSquaredError]?.estimate,
        arousalRMSE: found.arousal[.rootMeanSquaredError]?.estimate)
    }
    results.dynamics = [
      result("\(title), all instants", metrics.pooled),
      result("\(title), within songs (mean)", metrics.within),
    ]
    return results
  }
}

/// Songs with the features of their steps and what listeners said over time, by the parts of the split.
private struct TrackSongs {
  let training: [TrackSong]
  let validation: [TrackSong]
  let test: [TrackSong]
  let table: LabelledTable

  init(_ job: MainJob, _ context: StageContext, _ dynamics: DynamicAnnotations) throws {
    let frontEnd = job.settings.spectrograms.sequence
    let (table, file) = try job.songs(context)
    self.table = table
    let store = try FeatureStore(
      contentsOf: context.folder(of: "spectrograms").appending(
        path: SongInputs.storeName(frontEnd), directoryHint: .isDirectory))
    let features = SequenceInput.featureNames.count
    func songs(_ ids: [String]) throws -> [TrackSong] {
      let ids = ids.filter { dynamics.sequences[$0] != nil }
      let records = try store.records(of: ids)
      return ids.indices.compactMap { index in
        guard let annotations = dynamics.sequences[ids[index]] else { return nil }
        let values = Array(records.values(index).prefix(records.lengths[index] * features))
        let song = TrackSong(
          id: ids[index],
          features: Tensor(values, shape: [values.count / features, features]),
          annotations: annotations, step: job.settings.spectrograms.step)
        return song.labelledSteps.isEmpty ? nil : song
      }
    }
    training = try songs(file.split.training)
    validation = try songs(file.split.validation)
    test = try songs(file.split.test)
    guard !training.isEmpty, !validation.isEmpty, test.count >= 2 else {
      throw CommandError(
        "annotations over time: \(training.count) songs for training, \(validation.count) for validation and "
          + "\(test.count) for the test; 1, 1 and 2 are needed")
    }
  }
}
