import Foundation
import SentioData
import SentioMetrics
import SentioPipeline
import SentioReport

/// The main job, from songs to the report page: a pipeline of stages that each keep what they finished.
struct MainJob: Sendable {
  /// Where songs come from.
  enum Source: Sendable, Hashable {
    /// Songs that the tool composes: in the stage's own folder, or in one that several runs share.
    case composed(shared: URL?)
    /// A corpus with labels, whose features are measured or read from a table.
    case corpus(URL, table: URL?)
    /// A table of features and one of labels.
    case table(URL, labels: URL)
  }

  /// The preset's name.
  let preset: String
  let settings: PipelineSettings
  let source: Source
  let labelRevision: LabelChoice
  /// The scale of the labels; nil to infer it.
  let scale: EmotionScale?
  let measurement: SongMeasurement
  /// Where measured songs are kept; nil for a place of the job's own.
  let store: URL?
  /// Whether there are songs to listen to, and not only a table of features.
  let hasAudio: Bool
  /// Whether listeners said what they felt over time.
  let hasDynamics: Bool
  let usesPublishedSplit: Bool
  /// Songs that the finished models predict.
  let newSongs: [String]
  /// Where results, stages and logs go.
  let folder: URL
  let isQuiet: Bool
  /// The registry that takes the trained models; nil for none.
  let registry: URL?
  /// The command line that goes on with the run.
  let resume: String

  /// The stages, in order.
  ///
  /// A stage that this source has nothing for is not in the list.
  func pipeline() throws -> StagedPipeline {
    var stages = [
      try corpusStage(), try featureStage(), try splitStage(), try classicalStage(),
    ]
    if hasAudio {
      stages += [
        try spectrogramStage(), try recurrentStage(), try audioTransformerStage(),
        try adversarialStage(), try syntheticStage(), try visionStage(), try distillationStage(),
      ]
    }
    if hasAudio, let ablationStage = try ablationStage() { stages.append(ablationStage) }
    if hasAudio && hasDynamics { stages.append(try trackingStage()) }
    stages.append(try explanationStage())
    if hasAudio { stages.append(try exportStage()) }
    if let newSongStage = try newSongStage() { stages.append(newSongStage) }
    stages += [try statisticsStage(), try reportStage(reading: stages.map(\.name))]
    return StagedPipeline(
      stages, folder: folder, versions: Machine.versions, resume: resume)
  }

  /// The stages that train models, with the keys of their models in the report's order.
  var modelStages: [(stage: String, models: [String])] {
    [("classical", ModelKind.allCases.map(\.rawValue) + ["average"])]
      + (hasAudio
        ? [
          ("crnn", ["crnn"]), ("ast", ["ast"]), ("vit", ["vit"]),
          ("distil", ["mobilevit", "mobilevit-int8"]),
        ] : [])
  }

  var isSynthetic: Bool { if case .composed = source { true } else { false } }

  /// The folder of the corpus, as other stages open it; nil where there are only tables.
  func corpusRoot(_ context: StageContext) -> URL? {
    switch source {
    case .composed(let shared): shared ?? context.folder(of: "corpus").appending(path: "songs")
    case .corpus(let url, _): url
    case .table: nil
    }
  }

  func openCorpus(_ root: URL, isQuiet: Bool = true) throws -> Corpus {
    try CorpusOptions.open(
      root.path, labelRevision: labelRevision, scale: scale, isQuiet: isQuiet)
  }

  /// What a stage reads that works on the songs.
  var songInputs: [StageInput] {
    [.outputs(of: "corpus"), .outputs(of: "features"), .outputs(of: "split")]
  }

  /// The songs of the stage `features`, and the parts that `split` divides them into.
  func songs(_ context: StageContext) throws -> (table: LabelledTable, split: SplitFile) {
    let table = try SongTable.read(
      from: context.folder(of: "features"), root: corpusRoot(context))
    let split = try SplitFile(
      contentsOf: context.folder(of: "split").appending(path: "split.json"), for: nil)
    return (table, split)
  }

  // MARK: Running

  /// Makes sure that results can be written, before an hour of work and not after.
  func prepare() throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError(
        "\(folder.path): can't be created; choose another --output (\(error.localizedDescription))")
    }
    try OutputFile.checkFolder(folder.path)
    try checkPretraining()
  }

  /// Runs the stages that need to, and puts results where people look for them.
  func run(_ selection: StageSelection) throws {
    let pipeline = try pipeline()
    let results = ResultFolder(self, pipeline)
    var ran: Set<String> = []
    defer { Terminal.log = nil }
    do {
      try pipeline.run(
        selection, isCancelled: { Interruption.isRequested },
        onEvent: { event in
          switch event {
          case .kept(let manifest, let number, let count):
            say("[\(number)/\(count)] \(manifest.stage): kept")
          case .began(let stage, let reasons, let log, let number, let count):
            say(
              "[\(number)/\(count)] \(stage.name): \(stage.summary)"
                + (reasons == [.neverFinished]
                  ? "" : " (\(reasons.map(\.description).joined(separator: "; ")))"))
            results.withdraw(stage.name)
            Terminal.log = log
          case .finished(let manifest, _, _):
            Terminal.log = nil
            ran.insert(manifest.stage)
            say(
              "  finished in \(ProgressLine.clock(manifest.seconds)), at most "
                + "\(manifest.peakMemoryBytes >> 20) MiB")
          }
        })
    } catch is PipelineStopped {
      throw Interrupted()
    }
    try results.publish()
    if let registry, pipeline.manifest(of: "report") != nil {
      let versions = try Registration(job: self, pipeline: pipeline, registry: registry)
        .add(report(), trainedBy: ran)
      if !versions.isEmpty { say("registered: \(versions.joined(separator: ", "))") }
    }
  }

  private func say(_ line: String) { if !isQuiet { Terminal.note(line) } }

  /// The report of a finished run.
  func report() throws -> RunReport {
    try StageFile.read(
      RunReport.self, from: try pipeline().folder(of: "report").appending(path: "report.json"))
  }
}
