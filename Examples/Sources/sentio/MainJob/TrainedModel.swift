import Foundation
import SentioClassical
import SentioData
import SentioMetrics

/// A model that was searched and fitted, with what the search found.
struct TrainedModel {
  let name: String
  let title: String
  let file: EmotionModelFile
  /// The best candidate's mean R² over folds and dimensions; `nil` where nothing was searched.
  let crossValidatedR2: Double?
  /// The chosen candidate's predictions of the training songs by models that had not seen them.
  let heldOut: Predictions?
  let searchSeconds: Double
  let fitSeconds: Double

  /// Searches over candidates by cross-validation, and fits the best one to all rows.
  ///
  /// With a single candidate nothing is searched, but its cross-validated score is still taken where
  /// there are rows enough.
  static func train(
    _ name: String, title: String, candidates: [Pipeline.Settings], table: LabelledTable,
    foldCount: Int, seed: UInt64, notes: [String: String], isQuiet: Bool
  ) throws -> TrainedModel {
    try Interruption.check()
    try table.checkVariety()
    let targets = try table.targets()
    var best = candidates[0]
    var score: Double?
    var scores: [String: Double] = [:]
    var heldOut: Predictions?
    let searchStart = ContinuousClock.now
    if candidates.count > 1 || table.songs.count >= 2 * foldCount {
      let folds = try table.folds(foldCount, seed: seed)
      let line = ProgressLine(
        "\(name): \(candidates.count) \(candidates.count == 1 ? "setting" : "settings") × "
          + "\(foldCount) folds",
        total: candidates.count * foldCount, unit: "fits", isQuiet: isQuiet)
      let result = try GridSearch(candidates).run(
        table.design, targets, folds: folds,
        progress: {
          Interruption.leaveIfRequested()
          line.report($0.completed)
        })
      line.report(candidates.count * foldCount)
      line.finish()
      try Interruption.check()
      best = result.best.settings
      score = result.best.mean
      for (output, dimension) in targets.outputs.enumerated() {
        scores["cv.r2.\(dimension)"] = result.best.mean(output: output)
      }
      heldOut = try CrossValidation.predictions(
        table.design, targets, folds: folds, candidates: [best])[0]
    }
    let searchSeconds = (ContinuousClock.now - searchStart) / .seconds(1)
    let fitStart = ContinuousClock.now
    let model = try Pipeline(table.design, targets, settings: best)
    let fitSeconds = (ContinuousClock.now - fitStart) / .seconds(1)
    var file = EmotionModelFile(
      .pipeline(model), labelScale: table.scale,
      provenance: Provenance(
        corpus: table.corpus, rowCount: table.songs.count, seed: seed, scores: scores,
        notes: notes))
    if let measurement = table.measurement { try file.setFrontEnd(measurement) }
    return TrainedModel(
      name: name, title: title, file: file, crossValidatedR2: score, heldOut: heldOut,
      searchSeconds: searchSeconds, fitSeconds: fitSeconds)
  }

  /// The mean of several models, weighted by what would have served the training songs best when they
  /// were held out.
  static func average(_ models: [TrainedModel], table: LabelledTable) throws -> TrainedModel? {
    let members = models.compactMap { model -> Pipeline? in
      if case .pipeline(let pipeline) = model.file.model { return pipeline }
      return nil
    }
    let predictions = models.compactMap(\.heldOut)
    guard members.count == models.count, predictions.count == models.count, models.count > 1
    else { return nil }
    let start = ContinuousClock.now
    let weights = AveragedRegressor.weights(fitting: predictions, to: try table.targets())
    let average = try AveragedRegressor(members, weights: weights)
    var provenance = models[0].file.provenance
    provenance.scores = [:]
    var file = EmotionModelFile(
      .average(average), labelScale: table.scale, provenance: provenance)
    if let measurement = table.measurement { try file.setFrontEnd(measurement) }
    return TrainedModel(
      name: "average", title: "Average of the \(models.count)", file: file,
      crossValidatedR2: nil, heldOut: nil, searchSeconds: 0,
      fitSeconds: (ContinuousClock.now - start) / .seconds(1))
  }

  /// The settings as the report lists them.
  var settings: [(name: String, value: String)] {
    switch file.model {
    case .pipeline(let pipeline):
      switch pipeline.settings.algorithm {
      case .ridge(let settings): return [("α", "\(settings.alpha)")]
      case .supportVector(let settings):
        return [
          ("C", "\(settings.c)"), ("ε", "\(settings.epsilon)"), ("γ", "\(settings.gamma)"),
        ]
      case .boostedTrees(let settings):
        return [
          ("rounds", "\(settings.rounds)"), ("depth", "\(settings.maximumDepth)"),
          ("rate", "\(settings.learningRate)"), ("rows", "\(settings.rowFraction)"),
        ]
      }
    case .average(let average):
      let outputs = average.outputs.count
      let members = average.members.count
      return (0..<outputs).map { output in
        (
          average.outputs[output],
          (0..<members).map {
            String(format: "%.2f", average.weights[output * members + $0])
          }.joined(separator: " : ")
        )
      }
    }
  }
}
