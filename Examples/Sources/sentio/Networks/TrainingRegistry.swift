import ArgumentParser
import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioRegistry
import SentioTensor

/// Where `sentio train` registers what it trained, if anywhere.
struct TrainingRegistry: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A registry of runs that takes the model; by default that of SENTIO_REGISTRY, if it is set.",
      valueName: "file"))
  var registry: String?

  /// Adds a record where a registry is named.
  ///
  /// - Returns: the version's name; nil without a registry.
  func add(_ record: @autoclosure () throws -> RunRecord) throws -> String? {
    let named = ProcessInfo.processInfo.environment["SENTIO_REGISTRY"] ?? ""
    guard registry != nil || !named.isEmpty else { return nil }
    let file = registry.map { URL(filePath: $0) } ?? Registry.defaultFile
    return try Registry.open(at: file).add(record()).version
  }
}

extension RunRecord {
  /// A network that was trained on a corpus.
  ///
  /// - Parameters:
  ///   - result: the training's outcome.
  ///   - recipe: what it was trained by.
  ///   - songs: what it was trained and tested on.
  ///   - test: its measures on the test songs.
  ///   - output: the model's file.
  ///   - seconds: how long it took.
  /// - Throws: what keeps the test songs from being read.
  init(
    _ result: NetworkTraining.Result, _ recipe: NetworkRecipe, _ songs: NetworkCorpus,
    test: [String: Double], output: URL, seconds: Double
  ) throws {
    let architecture = recipe.architecture
    let scale = result.file.configuration.labelScale ?? .unit
    self.init(
      model: architecture == .student
        ? "mobilevit" : architecture.rawValue.replacing("-", with: "_"), architecture: "recipe",
      command: Terminal.commandLine, scale: scale.lower...scale.upper)
    self.seconds = seconds
    corpus = songs.corpus.name
    seed = recipe.training.seed
    settings = try Self.flat(JSONEncoder().encode(recipe))
    settings["split"] = songs.split
    let scores = result.file.configuration.provenance.scores
    for (name, value) in scores where name.hasPrefix("validation.") {
      add(String(name.dropFirst("validation.".count)), value, .validation, songs.validation.count)
    }
    for (name, value) in test { add(name, value, .test, songs.test.count) }
    for epoch in result.history {
      curve.append(.init(series: "loss", epoch: epoch.epoch, value: epoch.trainingLoss))
      for (name, value) in epoch.validation where value.isFinite {
        curve.append(.init(series: "val_\(name)", epoch: epoch.epoch, value: value))
      }
    }
    artifacts = [RunArtifact(role: "model", file: output)]
    guard !architecture.isForGenres else { return }
    let outputs = try NetworkTraining.outputs(of: result.file, on: songs.test).scalars
    let targets = songs.test.targets.scalars
    func point(_ values: [Float], _ row: Int) -> ValenceArousal {
      ValenceArousal(
        valence: Double(values[2 * row]), arousal: Double(values[2 * row + 1]), scale: .unit
      ).on(scale)
    }
    predictions = songs.test.source.ids.enumerated().map { row, id in
      let (found, label) = (point(outputs, row), point(targets, row))
      return StoredPrediction(
        song: id, valence: found.valence, arousal: found.arousal,
        labelledValence: label.valence, labelledArousal: label.arousal)
    }
  }

  /// Adds a measure by its name, such as `ccc.valence`.
  ///
  /// Errors and losses are on the unit scale, and left out.
  private mutating func add(_ name: String, _ value: Double, _ part: RunMetric.Part, _ count: Int) {
    let parts = name.split(separator: ".").map(String.init)
    guard value.isFinite,
      ["ccc", "r2", "accuracy", "balancedAccuracy", "f1"].contains(parts[0])
    else { return }
    let dimension = parts.count > 1 ? RunMetric.Dimension(rawValue: parts[1]) : .mean
    guard let dimension else { return }
    metrics.append(
      .init(name: parts[0], dimension: dimension, part: part, value: value, count: count))
  }

  /// What a JSON object holds, under names such as `training.epochs`.
  private static func flat(_ json: Data) throws -> [String: String] {
    var found: [String: String] = [:]
    func visit(_ value: Any, _ path: String) {
      if let members = value as? [String: Any] {
        for (key, member) in members { visit(member, path.isEmpty ? key : "\(path).\(key)") }
      } else if let list = value as? [Any] {
        found[path] = "[\(list.map { "\($0)" }.joined(separator: ", "))]"
      } else {
        found[path] = "\(value)"
      }
    }
    visit(try JSONSerialization.jsonObject(with: json), "")
    return found
  }
}
