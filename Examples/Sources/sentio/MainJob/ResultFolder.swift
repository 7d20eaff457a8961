import Foundation
import SentioPipeline
import SentioTensor

/// The top of a run's folder, where people look for results: copies of what stages wrote.
struct ResultFolder {
  let folder: URL
  let pipeline: StagedPipeline

  /// The names of the results, by the stage that writes them.
  let results: [String: [String]]

  init(_ job: MainJob, _ pipeline: StagedPipeline) {
    folder = job.folder
    self.pipeline = pipeline
    var results = [
      "split": ["split.json"], "statistics": ["truth.csv"],
      "report": ["report.html", "report.json"], "tracks": ["tracks.sentio"],
      "export": ["mobilevit.onnx", "mobilevit.pt"],
    ]
    for (stage, models) in job.modelStages {
      results[stage] = models.flatMap { ["\($0).sentio", "predictions-\($0).csv"] }
    }
    self.results = results
  }

  /// Copies the results of the finished stages.
  func publish() throws {
    for stage in pipeline.stages.map(\.name) {
      guard let names = results[stage], let manifest = pipeline.manifest(of: stage)
      else { continue }
      for output in manifest.outputs where names.contains(output.path) {
        let source = pipeline.folder(of: stage).appending(path: output.path)
        let target = folder.appending(path: output.path)
        if FileManager.default.contentsEqual(atPath: source.path, andPath: target.path) { continue }
        let content = try MappedFile(contentsOf: source)
        try AtomicFile.write(to: target) { writer in
          try content.withUnsafeBytes { try writer.write($0) }
        }
      }
    }
  }

  /// Removes the results of a stage that is about to run: they are no longer those of this run.
  func withdraw(_ stage: String) {
    for name in results[stage] ?? [] {
      try? FileManager.default.removeItem(at: folder.appending(path: name))
    }
  }
}
