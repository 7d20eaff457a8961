import Foundation
import SentioMetrics
import SentioModels
import SentioNN
import SentioPipeline
import SentioReport
import SentioTensor

extension MainJob {
  /// Synthetic spectrograms from all over the plane, with the checks on them.
  func syntheticStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var synthetic: PipelineSettings.Synthetic
      var spectrograms: PipelineSettings.Spectrograms
      var seed: UInt64
    }
    let settings = Settings(
      synthetic: self.settings.synthetic, spectrograms: self.settings.spectrograms,
      seed: self.settings.seed)
    return try PipelineStage(
      "synthetic", "makes \(settings.synthetic.count) spectrograms",
      inputs: networkInputs + [
        .outputs(of: "gan", ["generator.sentio", "discriminator.sentio"]),
        .outputs(of: "ast", ["ast.sentio"]),
      ], settings: settings
    ) { context in
      let frontEnd = settings.spectrograms.standardized
      let inputs = try SongInputs(frontEnd, self, context)
      let real = inputs.training.records()
      let networks = try AdversarialNetworks(contentsOf: context.folder(of: "gan"))
      var making = SentioModels.SyntheticSpectrograms.Settings()
      making.threshold = Float(settings.synthetic.threshold)
      let line = ProgressLine(
        "synthetic", total: settings.synthetic.count, unit: "clips", isQuiet: isQuiet)
      let (clips, tally) = try SentioModels.SyntheticSpectrograms(
        from: networks, seed: settings.seed &+ 1, settings: making
      ).clips(settings.synthetic.count) {
        try context.checkCancellation()
        line.report($0)
      }
      line.finish()
      context.note("songs", .integer(clips.ids.count))
      let scale = ClipScale(of: real)
      let levels = scale.records(of: clips.inputs)
      let judge = try NetworkFile(
        contentsOf: context.folder(of: "ast").appending(path: "ast.sentio"))
      var found: [Tensor] = []
      for start in stride(from: 0, to: clips.ids.count, by: 16) {
        try context.checkCancellation()
        found.append(
          judge.outputs(for: frontEnd.inputs(levels[start..<min(start + 16, clips.ids.count)])))
      }
      let consistency = try Consistency(
        requested: clips.targets, found: .concatenate(found), seed: settings.seed)
      // What the same judge makes of real songs that it did not learn from is the most that can be expected.
      let heard = try NetworkTraining.outputs(of: judge, on: inputs.validation)
      let known = try Consistency(
        requested: inputs.validation.targets, found: heard, seed: settings.seed)
      let calibration = LabelCalibration(
        asked: clips.targets, found: .concatenate(found), labels: inputs.validation.targets,
        heard: heard)
      let labels = settings.synthetic.calibrates ? calibration.labels(clips.targets) : clips.targets
      try SyntheticRecords.write(levels, emotions: labels, into: context.folder)
      let realClips = scale.clips(of: real)
      let some = min(200, clips.ids.count)
      let diversity = try SpectrogramDiversity(clips.inputs[0..<some], real: realClips)
      var report = SentioReport.SyntheticSpectrograms(
        generated: tally.made, kept: tally.kept, threshold: settings.synthetic.threshold,
        valenceConsistency: consistency.valence, arousalConsistency: consistency.arousal,
        judge: "AST, trained on the real training songs",
        diversity: diversity.syntheticDistance, realDiversity: diversity.realDistance)
      report.checks = [
        NamedValue("mean confidence", String(format: "%.3f", tally.meanConfidence)),
        NamedValue(
          "the judge's correlation with the labels of the \(inputs.validation.count) validation songs",
          "V \(described(known.valence, 2)), A \(described(known.arousal, 2))"),
        NamedValue(
          "strength of what was asked for, as the judge hears it beside real songs (1: as asked)",
          zip(["V", "A"], calibration.lines).map { "\($0) " + String(format: "%.2f", $1.slope) }
            .joined(separator: ", ")
            + (settings.synthetic.calibrates
              ? "; labels were scaled accordingly" : "; labels are what was asked for")),
        NamedValue("copies of real clips", "\(diversity.copies) of \(diversity.count)"),
        NamedValue(
          "distance from the nearest real clip, over that of real ones",
          String(format: "%.2f", diversity.novelty)),
      ]
      let pictures = SpectrogramPictures(settings.spectrograms)
      report.samples = pictures.corners(levels, clips.targets, title: "synthetic")
      report.realSamples = pictures.corners(real, inputs.training.targets, title: "real")
      try StageFile.write(report, to: context.folder.appending(path: "synthetic.json"))
    }
  }
}

/// Pearson's correlation of the emotions that were asked for and those that a regressor finds, with intervals.
private struct Consistency {
  let valence: Interval
  let arousal: Interval

  init(requested: Tensor, found: Tensor, seed: UInt64) throws {
    func points(_ tensor: Tensor) -> [ValenceArousal] {
      let values = tensor.scalars
      return (0..<tensor.shape[0]).map {
        ValenceArousal(
          valence: Double(values[2 * $0]), arousal: Double(values[2 * $0 + 1]), scale: .unit)
      }
    }
    let intervals = try EmotionIntervals(
      prediction: points(found), truth: points(requested), scale: .unit,
      metrics: [.pearsonCorrelation], resampling: Resampling(count: 1000, seed: seed))
    valence = Interval(intervals.valence[.pearsonCorrelation])
    arousal = Interval(intervals.arousal[.pearsonCorrelation])
  }
}

extension Interval {
  init(_ value: ConfidenceInterval?) {
    self.init(
      estimate: value?.estimate ?? .nan, lower: value?.lower ?? .nan, upper: value?.upper ?? .nan)
  }
}
