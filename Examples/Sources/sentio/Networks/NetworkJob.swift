import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioRegistry
import SentioReport
import SentioTensor

/// Trains one network on a corpus, tells how it went, and writes its file.
struct NetworkJob {
  private let architecture: NetworkArchitecture
  private let options: NetworkOptions
  private let isLeaky: Bool

  init(_ architecture: NetworkArchitecture, _ options: NetworkOptions, isLeaky: Bool = false) {
    (self.architecture, self.options, self.isLeaky) = (architecture, options, isLeaky)
  }

  func run() throws {
    let pretrained = try options.pretrained.map { try NetworkFile(contentsOf: URL(filePath: $0)) }
    let recipe = try options.recipe(architecture, pretrained: pretrained)
    if options.printConfig {
      print(try RecipeFile.text(recipe), terminator: "")
      return
    }
    guard let data = options.data, let output = options.output else { return }
    Interruption.watch()
    try OutputFile.check(output)
    let training = try NetworkTraining(recipe, pretrained: pretrained)
    let songs = try NetworkCorpus(
      options.corpus.open(data, isQuiet: options.json), recipe, options: options, isLeaky: isLeaky)
    if !recipe.training.unfreezing.isEmpty, pretrained == nil, !options.json {
      Terminal.note(
        "note: without --pretrained every block is trained from the first epoch on: frozen random blocks have "
          + "nothing to give")
    }
    let folder =
      options.folder.map { URL(filePath: $0) }
      ?? URL(filePath: output).deletingPathExtension().appendingPathExtension("training")
    if !options.json {
      Terminal.note(
        "training on \(counted(songs.training.count, "sample")), validation on \(songs.validation.count), test on "
          + "\(songs.test.count) (\(songs.split)); checkpoints in \(folder.path)")
    }
    let start = ContinuousClock.now
    let line = TrainingLine(
      measure: architecture.isForGenres ? "accuracy" : "ccc", isQuiet: options.json)
    var result = try training.train(
      on: songs.training, validation: songs.validation.count > 0 ? songs.validation : nil,
      outputs: architecture.isForGenres ? songs.genres : ["valence", "arousal"],
      labelScale: architecture.isForGenres ? nil : songs.corpus.scale,
      provenance: Provenance(
        corpus: songs.corpus.name,
        notes: ["sentio": Sentio.configuration.version, "split": songs.split]),
      folder: folder, startsOver: options.startOver,
      isCancelled: { Interruption.isRequested }, onEvent: line.show)
    guard result.end != .cancelled else { throw Interrupted() }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let test =
      songs.test.count > 0 ? try NetworkTraining.measures(of: result.file, on: songs.test) : [:]
    for (name, value) in test where value.isFinite {
      result.file.configuration.provenance.scores["test.\(name)"] = value
    }
    try result.file.write(to: URL(filePath: output))
    let version = try options.registry.add(
      RunRecord(
        result, recipe, songs, test: test, output: URL(filePath: output), seconds: seconds))
    try report(result, songs, test, output: output, seconds: seconds, version: version)
  }

  private func report(
    _ result: NetworkTraining.Result, _ songs: NetworkCorpus, _ test: [String: Double],
    output: String, seconds: Double, version: String?
  ) throws {
    let scores = result.file.configuration.provenance.scores
    let validation = Dictionary(
      uniqueKeysWithValues: scores.compactMap { name, value in
        name.hasPrefix("validation.") ? (String(name.dropFirst(11)), value) : nil
      })
    let parameters = result.file.network.parameterCount.total
    if options.json {
      return try Terminal.printJSON(
        Output(
          output: output, network: architecture.rawValue, parameters: parameters,
          training: songs.training.count, validation: songs.validation.count,
          test: songs.test.count, split: songs.split, genres: songs.genres,
          scale: result.file.configuration.labelScale?.notation, epochs: result.history.count,
          bestEpoch: result.bestEpoch, end: result.end.rawValue, validationMeasures: validation,
          testMeasures: test, seconds: seconds, failed: songs.inputs.failures, version: version))
    }
    print(
      "\(output): \(result.file.configuration.network.title), \(parameters) parameters, best epoch "
        + "\(result.bestEpoch ?? 0) of \(result.history.count)")
    for (name, count, measures) in [
      ("validation", songs.validation.count, validation), ("test", songs.test.count, test),
    ] where count > 0 {
      print(
        "\(name), \(counted(count, "sample")): "
          + (architecture.isForGenres
            ? genreText(measures) : emotionText(measures, songs.corpus.scale)))
    }
    if let version { print("registered as \(version)") }
    if isLeaky {
      print("the split is leaky: these figures say nothing of songs that the network has not heard")
    }
  }

  private func genreText(_ measures: [String: Double]) -> String {
    "accuracy \(value(measures["accuracy"])), balanced \(value(measures["balancedAccuracy"])), F1 "
      + value(measures["f1"])
  }

  /// Correlations, which no scale changes, and errors on both scales.
  private func emotionText(_ measures: [String: Double], _ scale: EmotionScale?) -> String {
    var text =
      "R² valence \(value(measures["r2.valence"])), arousal \(value(measures["r2.arousal"])); CCC valence "
      + "\(value(measures["ccc.valence"])), arousal \(value(measures["ccc.arousal"])); RMSE "
      + "\(value(measures["rmse"])) on -1..1"
    if let scale, scale != .unit, let error = measures["rmse"] {
      text += ", \(value(error * (scale.upper - scale.lower) / 2)) on \(scale.notation)"
    }
    return text
  }

  private func value(_ number: Double?) -> String {
    number.map { $0.isFinite ? fixed($0, 3) : "undefined" } ?? "undefined"
  }

  private struct Output: Encodable {
    var output: String
    var network: String
    var parameters: Int
    var training: Int
    var validation: Int
    var test: Int
    var split: String
    var genres: [String]
    var scale: String?
    var epochs: Int
    var bestEpoch: Int?
    var end: String
    var validationMeasures: [String: Double]
    var testMeasures: [String: Double]
    var seconds: Double
    var failed: [String: String]
    var version: String?
  }
}
