import Foundation
import SentioData
import SentioPipeline
import SentioRegistry
import SentioReport

/// Puts the models that a run trained into the registry of runs.
struct Registration {
  let job: MainJob
  let pipeline: StagedPipeline
  let registry: URL

  /// The names under which models are kept: `vit-demo`, `ridge-features`.
  private func architecture(_ model: String) -> (model: String, architecture: String) {
    switch model {
    case "ridge", "xgboost": (model, "features")
    case "svr": (model, "rbf")
    case "average": (model, "classical")
    case "mobilevit-int8": ("mobilevit", "student_int8")
    case "mobilevit": (model, "student")
    default: (model, word(job.preset))
    }
  }

  /// Letters, digits and underscores are what the registry's names are made of.
  private func word(_ text: String) -> String {
    let clean = text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return clean.isEmpty ? "run" : String(clean)
  }

  /// Adds the models of the stages that ran; returns their versions.
  func add(_ report: RunReport, trainedBy stages: Set<String>) throws -> [String] {
    let models = job.modelStages.filter { stages.contains($0.stage) }
    guard !models.isEmpty else { return [] }
    let registry = try Registry.open(at: registry)
    return try models.flatMap { stage, names in
      try names.compactMap { name in
        guard let result = report.models.first(where: { $0.name == name }) else { return nil }
        return try registry.add(record(result, stage, report)).version
      }
    }
  }

  private func record(
    _ result: ModelResult, _ stage: String, _ report: RunReport
  ) throws -> RunRecord {
    let name = architecture(result.name)
    var record = RunRecord(
      model: name.model, architecture: name.architecture, command: job.resume,
      scale: report.scale.lower...report.scale.upper)
    record.seconds = result.trainingSeconds ?? result.searchSeconds + result.fitSeconds
    record.corpus = report.corpus.name
    record.splitHash = report.corpus.splitHash
    record.seed = job.settings.seed
    record.settings = Dictionary(
      result.settings.map { ($0.name, $0.value) }
    ) { first, _ in first }
    let count = report.truth.count
    for (dimension, values) in [
      (RunMetric.Dimension.valence, result.valence), (.arousal, result.arousal),
    ] {
      for (metric, interval) in [
        ("ccc", values.ccc), ("r2", values.r2), ("mse", values.mse), ("mae", values.mae),
      ] {
        record.metrics.append(
          RunMetric(
            name: metric, dimension: dimension, part: .test, value: interval.estimate,
            lower: interval.lower, upper: interval.upper, count: count))
      }
    }
    record.metrics.append(
      RunMetric(
        name: "ccc", dimension: .mean, part: .test, value: result.meanCCC.estimate,
        lower: result.meanCCC.lower, upper: result.meanCCC.upper, count: count))
    for (part, value) in [
      (RunMetric.Part.training, result.trainingCCC), (.validation, result.validationCCC),
    ] {
      if let value {
        record.metrics.append(
          RunMetric(name: "ccc", dimension: .mean, part: part, value: value))
      }
    }
    if let curve = report.curves.first(where: { $0.name == result.name }) {
      for epoch in curve.epochs {
        for (series, value) in [
          ("loss", epoch.trainingLoss), ("val_loss", epoch.validationLoss),
          ("val_ccc", epoch.validationCCC),
        ] {
          if let value {
            record.curve.append(CurveValue(series: series, epoch: epoch.epoch, value: value))
          }
        }
      }
    }
    record.predictions = zip(report.truth, result.predictions).map {
      StoredPrediction(
        song: $0.id, valence: $1[0], arousal: $1[1], labelledValence: $0.valence,
        labelledArousal: $0.arousal)
    }
    record.artifacts = [
      RunArtifact(
        role: "model",
        file: pipeline.folder(of: stage).appending(path: "\(result.name).sentio")),
      RunArtifact(role: "report", file: job.folder.appending(path: "report.html")),
    ]
    if stage == "classical" {
      let table = try FeatureTable(
        csv: pipeline.folder(of: "features").appending(path: "features.csv"))
      record.trainingFeatures = FeatureSample(
        columns: table.columns, rows: table.values.map(Double.init))
    }
    return record
  }
}
