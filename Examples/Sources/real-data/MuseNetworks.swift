import Foundation
import SentioClassical
import SentioDSP
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor

/// Networks beside the regressions: the same clips, the same folds, each clip predicted once a repetition.
struct MuseNetworks: Encodable {
  /// What a network cost.
  struct Cost: Encodable {
    let model: String
    let parameters: Int
    /// Epochs of a fold's training, in the mean.
    let epochs: Double
    /// Seconds of a fold's training, in the mean.
    let seconds: Double
  }

  let results: [RepeatedResult]
  let costs: [Cost]

  /// - Parameters:
  ///   - folder: the folder with `All_annotations.csv` and `audio/`.
  ///   - repetitions: how often, with other folds and other weights.
  ///   - scratch: a folder for records of songs.
  /// - Throws: what reading, decoding and training throw.
  init(folder: URL, repetitions: Int, scratch: URL) async throws {
    let corpus = try await MuseResults.corpus(folder)
    let songs = corpus.songs
    let labels = songs.map { $0.label! }
    var results: [RepeatedResult] = []
    for set in FeatureSet.all {
      let features = try await MuseResults.features(set, of: songs)
      results += try RepeatedResult.crossValidated(
        features, songs, name: set.identifier, grouping: .copies, repetitions: repetitions,
        families: MuseResults.families(features.columnCount))
    }
    var costs: [Cost] = []
    for (name, recipe) in Self.recipes {
      let inputs = try CorpusInputs(
        songs, frontEnd: recipe.input, store: scratch.appending(path: name))
      var runs: [RepeatedResult.Run] = []
      var (epochs, seconds) = (0, 0.0)
      var parameters = 0
      for seed in 0..<UInt64(repetitions) {
        let folds = SentioData.Folds(
          of: songs, count: 5, stratification: .none, grouping: .copies, seed: seed)
        var points: [ValenceArousal?] = songs.map { _ in nil }
        for fold in 0..<folds.count {
          let start = ContinuousClock.now
          let result = try Self.train(
            recipe, inputs, songs, on: folds.training(holdingOut: fold), seed: seed)
          seconds += (ContinuousClock.now - start) / .seconds(1)
          epochs += result.history.count
          parameters = result.file.network.parameterCount.total
          for (id, point) in try Self.predictions(
            of: result.file, inputs, ids: folds.folds[fold], scale: labels[0].scale)
          {
            points[songs.firstIndex { $0.id == id }!] = point
          }
        }
        runs.append(
          RepeatedResult.Run(
            points: points.map { $0! },
            folds: folds.folds.map { ids in ids.map { id in songs.firstIndex { $0.id == id }! } }))
      }
      results.append(
        try RepeatedResult(name: "audio", model: name, labels: labels, runs: runs))
      let trainings = Double(5 * repetitions)
      costs.append(
        Cost(
          model: name, parameters: parameters, epochs: Double(epochs) / trainings,
          seconds: seconds / trainings))
    }
    self.results = results
    self.costs = costs
  }

  /// The networks with the inputs that fit clips of 6 s; sizes and training are the documents'.
  private static var recipes: [(name: String, recipe: NetworkRecipe)] {
    var crnn = NetworkRecipe(.crnn)
    crnn.input = NetworkFrontEnd(.sequence(SequenceInput(frames: 120, step: 0.05)))
    var mel = NetworkRecipe(.crnnMel)
    mel.input = NetworkFrontEnd(.spectrogram(SpectrogramInput(duration: 6)))
    mel.training.clip = 1
    return [("CRNN, 40 features of 50 ms", crnn), ("CRNN of the protocol, mel", mel)]
  }

  /// Trains on a part of the training songs and ends by the rest of them, a sixth; the fold itself is not looked at.
  private static func train(
    _ recipe: NetworkRecipe, _ inputs: CorpusInputs, _ songs: [Song], on ids: [String],
    seed: UInt64
  ) throws -> NetworkTraining.Result {
    var recipe = recipe
    recipe.training.seed = 100 + seed
    let wanted = Set(ids)
    let inner = SentioData.Folds(
      of: songs.filter { wanted.contains($0.id) }, count: 6, stratification: .none,
      grouping: .copies, seed: 1000 + seed)
    return try NetworkTraining(recipe).train(
      on: inputs.emotions(of: inner.training(holdingOut: 0)),
      validation: inputs.emotions(of: inner.folds[0]), labelScale: songs[0].label?.scale)
  }

  private static func predictions(
    of file: NetworkFile, _ inputs: CorpusInputs, ids: [String], scale: EmotionScale
  ) throws -> [(String, ValenceArousal)] {
    let frontEnd = try file.configuration.networkFrontEnd()!
    let samples = inputs.emotions(of: ids)
    let data = InputBatches(
      samples.source, targets: samples.targets, frontEnd: frontEnd, batchSize: 64)
    let next = data.batches(epoch: 0, from: 0)
    var points: [(String, ValenceArousal)] = []
    while let batch = try next() {
      let outputs = file.network(batch.inputs, lengths: batch.lengths).scalars
      for (row, id) in batch.ids.enumerated() {
        let point = ValenceArousal(
          valence: Double(outputs[2 * row]), arousal: Double(outputs[2 * row + 1]), scale: .unit)
        points.append((id, point.on(scale)))
      }
    }
    return points
  }

  /// The tables of `Docs/Results.md`.
  var markdown: String {
    var lines = [
      "### muse: networks and regressions, grouped 5-fold, the same folds", "",
      RepeatedResult.table(results),
      "| network | parameters | epochs of a training | seconds of a training |",
      "|---|---|---|---|",
    ]
    for cost in costs {
      lines.append(
        "| \(cost.model) | \(cost.parameters) | "
          + String(format: "%.1f | %.1f |", cost.epochs, cost.seconds))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
