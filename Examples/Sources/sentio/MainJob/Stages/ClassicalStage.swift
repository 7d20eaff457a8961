import Foundation
import SentioClassical
import SentioData
import SentioPipeline
import SentioReport

extension MainJob {
  /// Ridge regression, SVR and boosted trees with their searches, and their average.
  func classicalStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var classical: PipelineSettings.Classical
      var seed: UInt64
    }
    let settings = Settings(classical: self.settings.classical, seed: self.settings.seed)
    return try PipelineStage(
      "classical", "searches and fits ridge regression, SVR and boosted trees",
      inputs: songInputs, settings: settings
    ) { context in
      let (table, split) = try songs(context)
      let training = try table.selecting(split.split.training + split.split.validation)
      let test = try table.selecting(split.split.test)
      context.note("songs", .integer(training.songs.count))
      let finished = try context.work()
      var models: [TrainedModel] = []
      for kind in ModelKind.allCases {
        if let model = try TrainedModel.resumed(kind.rawValue, from: finished) {
          models.append(model)
          continue
        }
        let model = try TrainedModel.train(
          kind.rawValue, title: kind.title,
          candidates: kind.candidates(settings.classical.grid, seed: settings.seed),
          table: training, foldCount: settings.classical.folds, seed: settings.seed,
          notes: ["split": split.hash, "sentio": Sentio.configuration.version], isQuiet: isQuiet)
        try model.keep(in: finished)
        models.append(model)
      }
      if let average = try TrainedModel.average(models, table: training) { models.append(average) }
      for model in models {
        try context.checkCancellation()
        try model.file.write(to: context.folder.appending(path: "\(model.name).sentio"))
        try model.card(testedOn: test, trainingSongs: training.songs.count)
          .write(into: context.folder, ids: test.ids, scale: test.scale)
      }
    }
  }
}

extension TrainedModel {
  /// The model's card, with its predictions of the test songs.
  fileprivate func card(testedOn test: LabelledTable, trainingSongs: Int) throws -> ModelCard {
    // One song at a time, because that is how a song is predicted in use.
    let start = ContinuousClock.now
    let predictions = try test.design.rows.indices.map { row in
      try file.predict(test.design.selectingRows([row])).points(scale: test.scale)[0]
    }
    let predictSeconds = (ContinuousClock.now - start) / .seconds(1) / Double(test.songs.count)
    return ModelCard(
      name: name, title: title, settings: settings.map { NamedValue($0.name, $0.value) },
      parameterCount: file.model.regressor.parameterCount, crossValidatedR2: crossValidatedR2,
      searchSeconds: searchSeconds, fitSeconds: fitSeconds,
      predictSecondsPerSong: predictSeconds, realExamples: trainingSongs,
      predictions: predictions.map { [$0.valence, $0.arousal] })
  }

  /// What the file of a model does not say of its search.
  private struct Search: Codable {
    var title: String
    var crossValidatedR2: Double?
    var rows: [String]?
    var outputs: [String]?
    var heldOut: [Double]?
    var searchSeconds: Double
    var fitSeconds: Double
  }

  /// Keeps a finished model for an attempt that goes on.
  fileprivate func keep(in folder: URL) throws {
    try file.write(to: folder.appending(path: "\(name).sentio"))
    try StageFile.write(
      Search(
        title: title, crossValidatedR2: crossValidatedR2, rows: heldOut?.rows,
        outputs: heldOut?.outputs, heldOut: heldOut?.values, searchSeconds: searchSeconds,
        fitSeconds: fitSeconds), to: folder.appending(path: "\(name).json"))
  }

  /// A model that an attempt before this one finished.
  fileprivate static func resumed(_ name: String, from folder: URL) throws -> TrainedModel? {
    let file = folder.appending(path: "\(name).json")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let search = try StageFile.read(Search.self, from: file)
    var heldOut: Predictions?
    if let rows = search.rows, let outputs = search.outputs, let values = search.heldOut {
      heldOut = Predictions(rows: rows, outputs: outputs, values: values)
    }
    return TrainedModel(
      name: name, title: search.title,
      file: try EmotionModelFile(contentsOf: folder.appending(path: "\(name).sentio")),
      crossValidatedR2: search.crossValidatedR2, heldOut: heldOut,
      searchSeconds: search.searchSeconds, fitSeconds: search.fitSeconds)
  }
}
