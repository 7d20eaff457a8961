import Foundation
import SentioClassical
import SentioMetrics
import SentioModels
import SentioPipeline
import SentioReport
import SentioTensor

/// What the explanations came to.
struct Explanations: Codable {
  var attention: [SpectrogramRelevance] = []
  var occlusion: [OcclusionMap] = []
  var effects: [FeatureEffects] = []

  static let fileName = "explanations.json"
}

extension MainJob {
  /// Where the vision transformer looked, what hiding a place changes, and which features the other models lean on.
  func explanationStage() throws -> PipelineStage {
    let settings = settings.spectrograms
    let hasAudio = hasAudio
    return try PipelineStage(
      "explain", "explains the models' predictions",
      inputs: (hasAudio ? networkInputs + [.outputs(of: "vit", ["vit.sentio"])] : songInputs)
        + [.outputs(of: "classical", ["ridge.sentio", "svr.sentio", "xgboost.sentio"])],
      settings: settings
    ) { context in
      var found = Explanations()
      if hasAudio { try explainVision(&found, settings, context) }
      try context.checkCancellation()
      found.effects = try featureEffects(context)
      try StageFile.write(found, to: context.folder.appending(path: Explanations.fileName))
    }
  }

  private func explainVision(
    _ found: inout Explanations, _ settings: PipelineSettings.Spectrograms,
    _ context: StageContext
  ) throws {
    let file = try NetworkFile(
      contentsOf: context.folder(of: "vit").appending(path: "vit.sentio"))
    guard let network = file.network as? VisionEmotionRegressor else {
      throw CommandError("vit.sentio holds a \(file.configuration.network.title)")
    }
    let frontEnd = settings.pictured
    let inputs = try SongInputs(frontEnd, self, context)
    let table = inputs.testTable
    // The happiest and the saddest of the test songs, by their labels' sum.
    let order = table.points.indices.sorted {
      table.points[$0].valence + table.points[$0].arousal
        < table.points[$1].valence + table.points[$1].arousal
    }
    let pictures = SpectrogramPictures(settings)
    for song in [order[order.count - 1], order[0]] {
      let record = inputs.test.selecting([song]).records()
      let title = table.songs[song].title ?? "song \(table.ids[song])"
      let image = pictures.image(record, 0, title: title)
      let picture = frontEnd.inputs(record)
      let output = file.outputs(for: picture).scalars
      let prediction = ValenceArousal(
        valence: Double(output[0]), arousal: Double(output[1]), scale: .unit
      ).on(table.scale)
      let map = attentionRollout(of: network, picture)[0].map
      found.attention.append(
        SpectrogramRelevance(
          model: ReportedModel.vit.title, method: "attention rollout", image: image,
          rows: map.bands, columns: map.frames, values: map.values.map(Double.init),
          prediction: [prediction.valence, prediction.arousal],
          label: [table.points[song].valence, table.points[song].arousal]))
      let (bands, frames) = (record.shape[1], record.shape[2])
      let occlusion = try Occlusion(
        of: record.selected(0, axis: 0),
        window: HeightWidth(height: max(1, bands / 6), width: max(1, frames / 10))
      ) { hidden in
        try context.checkCancellation()
        return file.outputs(for: frontEnd.inputs(hidden.selected(0, axis: 1)))
      }
      let (rows, columns) = (min(bands, 12), min(frames, 24))
      func values(_ output: Int) -> [Double] {
        occlusion.map(output: output).resized(bands: rows, frames: columns).values.map(Double.init)
      }
      found.occlusion.append(
        OcclusionMap(
          model: ReportedModel.vit.title, image: image, rows: rows, columns: columns,
          valence: values(0), arousal: values(1), cover: "the spectrogram's mean"))
    }
  }

  /// How many features a chart of effects shows.
  private static let effectCount = 12

  private func featureEffects(_ context: StageContext) throws -> [FeatureEffects] {
    let (table, split) = try songs(context)
    let test = try table.selecting(split.split.test)
    let targets = try test.targets()
    return try ModelKind.allCases.flatMap { kind -> [FeatureEffects] in
      let file = try EmotionModelFile(
        contentsOf: context.folder(of: "classical").appending(path: "\(kind.rawValue).sentio"))
      guard case .pipeline(let pipeline) = file.model else { return [] }
      let resampling = Resampling(count: 1000, seed: settings.seed)
      let repeats = 5
      let shuffled = try pipeline.permutationImportance(
        test.design, targets, metric: .coefficientOfDetermination, repeats: repeats,
        seed: settings.seed)
      let largest = shuffled.sorted { $0.mean > $1.mean }.prefix(Self.effectCount)
      var effects = [
        FeatureEffects(
          method: "permutation importance", model: kind.title,
          unit: "loss of R², mean of \(repeats) shuffles",
          features: try largest.map { importance in
            func interval(_ output: Int) throws -> Interval {
              Interval(
                try pipeline.permutationImportance(
                  of: importance.column, output: output, test.design, targets, repeats: repeats,
                  seed: settings.seed, resampling: resampling))
            }
            return FeatureEffect(
              feature: importance.column, family: FeatureFamilies.family(of: importance.column),
              valence: try interval(0), arousal: try interval(1))
          }, songs: test.songs.count)
      ]
      if let valence = try pipeline.rankedContributions(
        test.design, output: 0, count: 1000, resampling: resampling),
        let arousal = try pipeline.rankedContributions(
          test.design, output: 1, count: 1000, resampling: resampling)
      {
        let other = Dictionary(
          uniqueKeysWithValues: arousal.map { ($0.column, Interval($0.importance)) })
        let none = Interval(estimate: 0, lower: 0, upper: 0)
        effects.append(
          FeatureEffects(
            method: "SHAP values", model: kind.title,
            unit: "mean part in a prediction",
            features: valence.map {
              FeatureEffect(
                feature: $0.column, family: FeatureFamilies.family(of: $0.column),
                valence: Interval($0.importance), arousal: other[$0.column] ?? none)
            }.sorted {
              $0.valence.estimate + $0.arousal.estimate > $1.valence.estimate + $1.arousal.estimate
            }.prefix(Self.effectCount).map { $0 }, songs: test.songs.count))
      }
      return effects
    }
  }
}
