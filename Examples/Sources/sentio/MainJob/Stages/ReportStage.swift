import Foundation
import SentioData
import SentioPipeline
import SentioReport

extension MainJob {
  /// The report page with every number of the run.
  ///
  /// - Parameter earlier: the stages before it, whose times it lists.
  /// - Returns: the stage.
  /// - Throws: `EncodingError`; the settings can be encoded.
  func reportStage(reading earlier: [String]) throws -> PipelineStage {
    struct Settings: Encodable {
      var preset: String
      var isSynthetic: Bool
    }
    let begin = Date().formatted(.iso8601)
    let curves = modelStages.dropFirst().flatMap { stage, models in
      models.filter { !$0.hasSuffix("int8") }.map { (stage, $0) }
    }
    let hasAblations = earlier.contains("ablations")
    let hasTracks = earlier.contains("tracks")
    let hasNewSongs = earlier.contains("new-songs")
    return try PipelineStage(
      "report", "lays out the report",
      inputs: songInputs + [.outputs(of: "statistics"), .outputs(of: "explain")]
        + (hasTracks ? [.outputs(of: "tracks")] : [])
        + (hasAblations ? [.outputs(of: "ablations")] : [])
        + (hasAudio
          ? ["crnn", "ast", "gan", "synthetic", "vit", "distil"].map { .outputs(of: $0) } : [])
        + (hasNewSongs ? [.outputs(of: "new-songs")] : []),
      settings: Settings(preset: preset, isSynthetic: isSynthetic)
    ) { context in
      let (table, split) = try songs(context)
      let statistics = try StageFile.read(
        TestStatistics.self,
        from: context.folder(of: "statistics").appending(path: TestStatistics.fileName))
      var report = RunReport(
        created: begin, corpus: try summary(of: table, split, context),
        scale: ScaleSummary(lower: table.scale.lower, upper: table.scale.upper))
      report.preset = preset
      report.truth = statistics.truth
      report.models = statistics.models
      report.baselines = statistics.baselines
      report.comparisons = statistics.comparisons
      report.importance = statistics.importance
      report.conservatism = statistics.conservatism
      report.deployment = statistics.deployment
      report.facts = try CorpusFacts(table, split.split)
      report.curves = try curves.map { stage, model in
        try StageFile.read(
          LearningCurve.self,
          from: context.folder(of: stage).appending(path: "curve-\(model).json"))
      }
      if hasAudio {
        report.parameterCounts = DrawnSizes.counts(
          trained: Dictionary(
            uniqueKeysWithValues: statistics.models.map { ($0.name, $0.parameterCount) }))
        report.adversarial = try StageFile.read(
          AdversarialTraining.self,
          from: context.folder(of: "gan").appending(path: "training.json"))
        report.synthetic = try StageFile.read(
          SentioReport.SyntheticSpectrograms.self,
          from: context.folder(of: "synthetic").appending(path: "synthetic.json"))
      }
      let explanations = try StageFile.read(
        Explanations.self,
        from: context.folder(of: "explain").appending(path: Explanations.fileName))
      report.attention = explanations.attention
      report.occlusion = explanations.occlusion
      report.featureEffects = explanations.effects
      if hasTracks {
        let tracks = try StageFile.read(
          TrackResults.self,
          from: context.folder(of: "tracks").appending(path: TrackResults.fileName))
        report.dynamics = tracks.dynamics
        report.paths = tracks.paths
      }
      if hasAblations {
        report.ablations = try StageFile.read(
          [Ablation].self,
          from: context.folder(of: "ablations").appending(path: "ablations.json"))
      }
      if hasNewSongs {
        let songs = try StageFile.read(
          NewSongs.self, from: context.folder(of: "new-songs").appending(path: NewSongs.fileName))
        report.newSongs = songs.predictions
        report.newSongPaths = songs.paths
      }
      let test = try table.selecting(split.split.test)
      report.spectrogram = try SongPicture.spectrogram(
        of: test.songs.first { $0.audio != nil }, measurement: table.measurement)
      report.environment = Machine.description()
      report.timings = (earlier + ["statistics"]).compactMap { stage in
        context.manifest(of: stage).map { Self.timing($0, begin: begin) }
      }
      report.notes = notes(table, statistics)
      try ReportFiles.write(report, into: context.folder)
    }
  }

  private static func timing(_ manifest: StageManifest, begin: String) -> StageTiming {
    var songs: Int?
    if case .integer(let count)? = manifest.facts["songs"] { songs = count }
    return StageTiming(
      stage: manifest.stage, seconds: manifest.seconds, songs: songs,
      peakMemory: manifest.peakMemoryBytes, wasKept: manifest.started < begin)
  }

  private func notes(_ table: LabelledTable, _ statistics: TestStatistics) -> [String] {
    var notes: [String] = []
    if isSynthetic {
      notes.append(
        "These songs were composed by a program from emotional cues, and rated by invented raters. The "
          + "figures show that the pipeline works and how it is judged; they say nothing about real music. "
          + "Docs/Results.md has the figures on real songs.")
    }
    if !table.failures.isEmpty {
      notes.append(
        "\(table.failures.count) songs could not be measured and are left out: "
          + table.failures.keys.sorted().prefix(10).joined(separator: ", "))
    }
    if !statistics.chance.isEmpty {
      let isAlike = Set(statistics.chance.map(\.value)).count == 1
      notes.append(
        "The labels of the test songs were dealt out anew, again and again. How often a model's CCC was then as high, "
          + "in the dimension where that happened more often: "
          + (isAlike
            ? "\(statistics.chance[0].value) for each of the \(counted(statistics.chance.count, "model"))."
            : statistics.chance.map { "\($0.name) \($0.value)" }.joined(separator: ", ") + "."))
    }
    if hasAudio, settings.pretraining.file.isEmpty {
      notes.append(
        "No weights of ImageNet were at hand. The vision transformer learned first to say how loud and how bright a "
          + "song's spectrogram is, which needs no label of emotion, and emotions after that.")
    }
    return notes
  }

  private func summary(
    of table: LabelledTable, _ split: SplitFile, _ context: StageContext
  ) throws -> CorpusSummary {
    let parts = split.split
    return CorpusSummary(
      name: isSynthetic ? "\(table.songs.count) composed songs" : table.corpus,
      songs: table.songs.count, training: parts.training.count,
      validation: parts.validation.count, test: parts.test.count,
      split: parts.settings.map {
        "stratified over the valence-arousal plane, songs of one "
          + "\($0.grouping == .artist ? "artist" : "recording") kept together, seed \($0.seed)"
      } ?? "as published with the corpus",
      splitHash: split.hash, featureSet: table.measurement?.featureSet.identifier ?? "table",
      featureCount: table.design.columnCount,
      labels: try SongTable.wasCorrected(in: context.folder(of: "features")).map {
        $0 ? "corrected for the songs of 2013" : "as in the file"
      } ?? "as given",
      synthetic: isSynthetic)
  }
}
