import Foundation
import SentioRegistry

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "sentio-registry-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var registry: URL { url.appending(path: "registry.sqlite") }
}

/// 60 songs on a spiral; a model's prediction is the label drawn in by `pull` with a wobble of `noise`.
func predictions(pull: Double, noise: Double) -> [StoredPrediction] {
  (0..<60).map { index in
    let angle = Double(index) * 0.7
    let radius = 0.5 + 3 * Double(index % 13) / 13
    let label = (5 + radius * cos(angle), 5 + radius * sin(angle))
    let wobble = (sin(Double(index) * 12.9898), cos(Double(index) * 78.233))
    return StoredPrediction(
      song: "song\(index)", valence: 5 + (label.0 - 5) * pull + noise * wobble.0,
      arousal: 5 + (label.1 - 5) * pull + noise * wobble.1, labelledValence: label.0,
      labelledArousal: label.1)
  }
}

/// A record of a model with the given mean CCC in its name.
func record(
  _ model: String = "vit", ccc: Double = 0.74, pull: Double = 0.8, noise: Double = 0.5,
  created: TimeInterval = 1_700_000_000
) -> RunRecord {
  var record = RunRecord(
    model: model, architecture: "base", command: "sentio run",
    created: Date(timeIntervalSince1970: created))
  record.metrics = [
    RunMetric(
      name: "ccc", dimension: .mean, part: .test, value: ccc, lower: ccc - 0.03,
      upper: ccc + 0.03, count: 60),
    RunMetric(name: "ccc", dimension: .mean, part: .validation, value: ccc + 0.01),
    RunMetric(name: "r2", dimension: .valence, part: .test, value: .nan),
  ]
  record.settings = ["learning rate": "3e-5", "epochs": "30"]
  record.seed = .max
  record.seconds = 12.5
  record.splitHash = "abc"
  record.corpus = "composed"
  record.curve = [
    CurveValue(series: "val_loss", epoch: 1, value: 0.5),
    CurveValue(series: "val_loss", epoch: 2, value: 0.25),
  ]
  record.predictions = predictions(pull: pull, noise: noise)
  return record
}
