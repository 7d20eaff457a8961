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
    let hasNewSongs = earlier.contains("new-songs")
    return try PipelineStage(
      "report", "lays out the report",
      inputs: songInputs + [.outputs(of: "statistics")]
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
      if hasNewSongs {
        report.newSongs = try StageFile.read(
          [NewSongPrediction].self,
          from: context.folder(of: "new-songs").appending(path: "predictions.json"))
      }
      let test = try table.selecting(split.split.test)
      report.spectrogram = try SongPicture.spectrogram(
        of: test.songs.first { $0.audio != nil }, measurement: table.measurement)
      report.environment = Machine.description()
      report.timings = (earlier + ["statistics"]).compactMap { stage in
        context.manifest(of: stage).map { Self.timing($0, begin: begin) }
      }
      report.notes = notes(table)
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

  private func notes(_ table: LabelledTable) -> [String] {
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
