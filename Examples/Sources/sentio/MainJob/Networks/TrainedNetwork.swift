import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioPipeline
import SentioReport
import SentioTensor

/// A network that a stage trained, with what its report says of it.
struct TrainedNetwork {
  let key: String
  let title: String
  let file: NetworkFile
  let history: [SentioNN.EpochRecord]
  let bestEpoch: Int?
  let end: TrainingEnd
  var events: [EpochEvent] = []
  let trainingSeconds: Double

  /// Trains by a recipe, in a folder that a later attempt goes on with.
  init(
    _ key: String, title: String, recipe: NetworkRecipe, pretrained: NetworkFile? = nil,
    on songs: TrainingSongs, validation: TrainingSongs, scale: EmotionScale, folder: URL,
    _ context: StageContext, isQuiet: Bool
  ) throws {
    let start = ContinuousClock.now
    let line = TrainingLine(measure: "ccc", isQuiet: isQuiet)
    let result = try NetworkTraining(recipe, pretrained: pretrained).train(
      on: songs, validation: validation, labelScale: scale,
      provenance: Provenance(
        corpus: key, rowCount: songs.count, seed: recipe.training.seed, scores: [:],
        notes: ["sentio": Sentio.configuration.version]),
      folder: folder, isCancelled: { context.isCancelled }, onEvent: line.show)
    if result.end == .cancelled { throw CancellationError() }
    self.init(
      key: key, title: title, file: result.file, history: result.history,
      bestEpoch: result.bestEpoch, end: result.end,
      trainingSeconds: (ContinuousClock.now - start) / .seconds(1))
  }

  init(
    key: String, title: String, file: NetworkFile, history: [SentioNN.EpochRecord],
    bestEpoch: Int?, end: TrainingEnd, trainingSeconds: Double
  ) {
    self.key = key
    self.title = title
    self.file = file
    self.history = history
    self.bestEpoch = bestEpoch
    self.end = end
    self.trainingSeconds = trainingSeconds
  }

  /// The learning curve as the report draws it.
  func curve(loss: String) -> LearningCurve {
    LearningCurve(
      name: key, title: title,
      epochs: history.map {
        SentioReport.EpochRecord(
          epoch: $0.epoch, trainingLoss: $0.trainingLoss, validationLoss: $0.validation["loss"],
          validationCCCValence: $0.validation["ccc.valence"],
          validationCCCArousal: $0.validation["ccc.arousal"], learningRate: $0.learningRate,
          seconds: $0.seconds)
      }, bestEpoch: bestEpoch, events: events,
      stopped: end == .stoppedEarly ? "no improvement for long" : nil, loss: loss)
  }

  /// Writes model, card, predictions and curve.
  ///
  /// - Parameters:
  ///   - folder: the stage's folder.
  ///   - inputs: the songs.
  ///   - synthetic: how many of the training's samples were made by the GAN.
  ///   - recipe: how it was trained.
  /// - Throws: `FileError`, and what keeps the songs from being read.
  func write(
    into folder: URL, _ inputs: SongInputs, synthetic: Int = 0, recipe: NetworkRecipe
  ) throws {
    let model = folder.appending(path: "\(key).sentio")
    try file.write(to: model)
    let scale = inputs.testTable.scale
    let tested = try Self.predictions(of: file, on: inputs.test, scale: scale)
    let training = recipe.training
    var card = ModelCard(
      name: key, title: title,
      settings: [
        NamedValue("epochs", "\(training.epochs)"), NamedValue("batch", "\(training.batchSize)"),
        NamedValue("rate", "\(training.learningRate)"),
        NamedValue("optimizer", training.optimizer.rawValue),
        NamedValue("loss", training.loss.rawValue),
      ], parameterCount: file.network.parameterCount.total)
    card.trainingSeconds = trainingSeconds
    card.fitSeconds = trainingSeconds
    card.predictSecondsPerSong = tested.seconds
    card.fileSize = try? model.resourceValues(forKeys: [.fileSizeKey]).fileSize
    card.realExamples = inputs.training.count
    card.syntheticExamples = synthetic
    card.epochs = history.count
    card.bestEpoch = bestEpoch
    card.trainingCCC = try NetworkTraining.measures(of: file, on: inputs.training)["ccc"]
    card.validationCCC = try NetworkTraining.measures(of: file, on: inputs.validation)["ccc"]
    card.precision = training.precision
    card.predictions = tested.points
    try card.write(into: folder, ids: inputs.testTable.ids, scale: scale)
    try StageFile.write(
      curve(loss: training.loss.rawValue), to: folder.appending(path: "curve-\(key).json"))
  }

  /// Predictions one song at a time, as songs are predicted in use, and the seconds that each took.
  static func predictions(
    of file: NetworkFile, on songs: TrainingSongs, scale: EmotionScale
  ) throws -> (points: [[Double]], seconds: Double) {
    guard let frontEnd = try file.configuration.networkFrontEnd() else {
      throw CommandError("a trained network has no front end")
    }
    let data = InputBatches(
      songs.source, targets: songs.targets, frontEnd: frontEnd, batchSize: 1)
    let next = data.batches(epoch: 0, from: 0)
    var points: [[Double]] = []
    var elapsed = 0.0
    while let batch = try next() {
      let start = ContinuousClock.now
      let output = file.outputs(for: batch.inputs, lengths: batch.lengths).scalars
      elapsed += (ContinuousClock.now - start) / .seconds(1)
      let point = ValenceArousal(
        valence: Double(output[0]), arousal: Double(output[1]), scale: .unit
      ).on(scale)
      points.append([point.valence, point.arousal])
    }
    return (points, elapsed / Double(max(1, points.count)))
  }
}
