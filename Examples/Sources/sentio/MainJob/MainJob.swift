import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioReport

/// The nine steps from songs to the report page, in order.
struct MainJob {
  let command: RunCommand
  let folder: URL
  private let created: Date
  private var timings: [StageTiming] = []
  private var notes: [String] = []

  init(command: RunCommand) {
    self.command = command
    created = Date()
    let time = created.formatted(
      .verbatim(
        "\(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits)_\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))-\(minute: .twoDigits)-\(second: .twoDigits)",
        timeZone: .current, calendar: Calendar(identifier: .gregorian)))
    folder = URL(
      filePath: command.output ?? "Reports/\(time)", directoryHint: .isDirectory)
  }

  private var isQuiet: Bool { command.json }

  mutating func run() throws -> RunReport {
    // A folder that can't be written is better known before an hour of work than after.
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError(
        "\(folder.path): can't be created; choose another --output (\(error.localizedDescription))")
    }
    try OutputFile.checkFolder(folder.path)
    let corpus = try openCorpus()
    let table = try measure(corpus)
    let (split, splitHash) = try divide(table, corpus)
    let training = try table.selecting(split.training + split.validation)
    let test = try table.selecting(split.test)
    guard test.songs.count >= 2, training.songs.count >= 2 * command.folds else {
      throw CommandError(
        "\(table.songs.count) songs give \(training.songs.count) for training and "
          + "\(test.songs.count) for the test; at least \(2 * command.folds) and 2 are needed. Use more "
          + "songs or fewer --folds.")
    }
    let models = try train(on: training, splitHash: splitHash)
    let outcomes = try judge(models, on: test)
    var report = RunReport(
      created: created.formatted(.iso8601),
      corpus: summary(of: table, corpus, split, splitHash),
      scale: ScaleSummary(lower: table.scale.lower, upper: table.scale.upper))
    try fill(&report, outcomes: outcomes, test: test, training: training)
    report.newSongs = try predictNewSongs(models)
    report.spectrogram = try SongPicture.spectrogram(
      of: test.songs.first { $0.audio != nil }, measurement: table.measurement)
    report.environment = Machine.description()
    report.timings = timings
    report.notes = notes
    try write(report, outcomes: outcomes, test: test)
    return report
  }

  // MARK: Steps

  private mutating func openCorpus() throws -> Corpus? {
    guard command.data == nil, command.table == nil else {
      return try command.data.map { try command.corpusOptions.open($0, isQuiet: isQuiet) }
    }
    let start = ContinuousClock.now
    let result = try CorpusSynthesizeCommand.synthesize(
      into: command.corpus, songs: command.songs, seed: command.seed, duration: 45,
      isQuiet: isQuiet)
    if result.kept < result.total {
      timings.append(
        StageTiming(
          stage: "composing", seconds: seconds(since: start), songs: result.total - result.kept))
    }
    notes.append(
      "These songs were composed by a program from emotional cues, and rated by invented raters. The "
        + "figures show that the pipeline works and how it is judged; they say nothing about real music. "
        + "Docs/Results.md has the figures on real songs.")
    return try command.corpusOptions.open(command.corpus, isQuiet: isQuiet)
  }

  private mutating func measure(_ corpus: Corpus?) throws -> LabelledTable {
    try Interruption.check()
    if let file = command.table {
      if let corpus {
        return try LabelledTable.joining(
          features: FeatureTableFile.read(file), from: file, corpus: corpus)
      }
      return try LabelledTable.joining(
        features: file, labels: command.truth ?? file, scale: command.corpusOptions.scaleSource,
        isQuiet: isQuiet)
    }
    guard let corpus else { throw CommandError("no corpus") }
    if let features = corpus.features, !corpus.songs.contains(where: { $0.audio != nil }) {
      return try LabelledTable.joining(features: features, corpus: corpus)
    }
    let measured = try MeasuredCorpus(
      corpus, measurement: command.measurement.measurement(command.set), store: command.store,
      isQuiet: isQuiet)
    if measured.measured > 0 {
      timings.append(
        StageTiming(
          stage: "features from audio", seconds: measured.seconds, songs: measured.measured))
    }
    if !measured.table.failures.isEmpty {
      notes.append(
        "\(measured.table.failures.count) songs could not be measured and are left out: "
          + measured.table.failures.keys.sorted().prefix(10).joined(separator: ", "))
    }
    return measured.table
  }

  private func divide(_ table: LabelledTable, _ corpus: Corpus?) throws -> (Split, String) {
    let whole = Corpus(name: table.corpus, songs: table.songs)
    let split: Split
    if command.publishedSplit {
      guard let corpus else { throw CommandError("--published-split needs a corpus with --data") }
      let usable = Set(table.ids)
      let published = try Split(publishedWith: corpus)
      split = Split(songs: published.songs.mapValues { $0.filter(usable.contains) })
    } else {
      let artists = Set(table.songs.map { $0.artist ?? "song \($0.id)" }).count
      split = Split(
        of: table.songs,
        settings: Split.Settings(
          fractions: command.fractions, grouping: artists >= 10 ? .artist : .copies,
          seed: command.seed))
    }
    let file = try SplitFile(split, of: whole)
    try file.write(to: folder.appending(path: "split.json"))
    return (split, file.hash)
  }

  private mutating func train(
    on training: LabelledTable, splitHash: String
  ) throws -> [TrainedModel] {
    var models: [TrainedModel] = []
    for kind in ModelKind.allCases {
      let model = try TrainedModel.train(
        kind.rawValue, title: kind.title,
        candidates: kind.candidates(command.quick ? .single : command.grid, seed: command.seed),
        table: training, foldCount: command.folds, seed: command.seed,
        notes: ["split": splitHash, "sentio": Sentio.configuration.version], isQuiet: isQuiet)
      timings.append(
        StageTiming(stage: "\(kind.rawValue): search", seconds: model.searchSeconds))
      timings.append(StageTiming(stage: "\(kind.rawValue): fit", seconds: model.fitSeconds))
      models.append(model)
    }
    if let average = try TrainedModel.average(models, table: training) { models.append(average) }
    for model in models {
      try model.file.write(to: folder.appending(path: "\(model.name).sentio"))
    }
    return models
  }

  private mutating func judge(
    _ models: [TrainedModel], on test: LabelledTable
  ) throws -> [TestOutcome] {
    try Interruption.check()
    let start = ContinuousClock.now
    let outcomes = try models.map {
      try TestOutcome($0, on: test, resampling: resampling)
    }
    timings.append(
      StageTiming(
        stage: "predicting and judging", seconds: seconds(since: start), songs: test.songs.count))
    return outcomes
  }

  private var resampling: Resampling {
    Resampling(count: command.quick ? 1000 : 10_000, seed: command.seed)
  }

  private mutating func fill(
    _ report: inout RunReport, outcomes: [TestOutcome], test: LabelledTable,
    training: LabelledTable
  ) throws {
    report.truth = zip(test.songs, test.points).map {
      LabelledSong(id: $0.id, valence: $1.valence, arousal: $1.arousal, genre: $0.genre)
    }
    report.models = try outcomes.map { try $0.result(on: test) }
    report.baselines = try Baselines.results(test: test, training: training, seed: command.seed)
    let pairs = try PairwiseComparison(
      models: outcomes.map {
        PairwiseComparison.Model(name: $0.model.name, prediction: $0.predictions)
      }, truth: test.points, scale: test.scale, metrics: [.concordanceCorrelation],
      resampling: resampling)
    let titles = Dictionary(
      uniqueKeysWithValues: outcomes.map { ($0.model.name, $0.model.title) })
    report.comparisons = pairs.pairs.map { pair in
      let difference = pair.comparison.mean[0].difference
      return PairedComparison(
        first: titles[pair.first] ?? pair.first, second: titles[pair.second] ?? pair.second,
        cccDifference: Interval(
          estimate: difference.estimate, lower: difference.lower, upper: difference.upper),
        pHolm: pair.correctedProbability(of: .concordanceCorrelation) ?? .nan,
        mcNemarPHolm: pair.correctedQuadrantProbability,
        claimedP: ReportedClaims.mcNemarP(pair.first, pair.second))
    }
    report.importance = FeatureShares.shares(of: outcomes.map(\.model))
  }

  private mutating func predictNewSongs(_ models: [TrainedModel]) throws -> [NewSongPrediction] {
    guard let model = models.last, model.file.provenance.rowCount > 0 else { return [] }
    let start = ContinuousClock.now
    let predictions = try NewSongs(
      command: command, synthetic: command.data == nil && command.table == nil
    ).predict(with: model)
    if !predictions.isEmpty {
      timings.append(
        StageTiming(
          stage: "predicting new songs", seconds: seconds(since: start),
          songs: predictions.count))
    }
    return predictions
  }

  private func summary(
    of table: LabelledTable, _ corpus: Corpus?, _ split: Split, _ hash: String
  ) -> CorpusSummary {
    let isSynthetic = command.data == nil && command.table == nil
    let revision = corpus?.labelRevisionCheck
    return CorpusSummary(
      name: isSynthetic ? "\(table.songs.count) composed songs" : table.corpus,
      songs: table.songs.count, training: split.training.count,
      validation: split.validation.count, test: split.test.count,
      split: split.settings.map {
        "stratified over the valence-arousal plane, songs of one "
          + "\($0.grouping == .artist ? "artist" : "recording") kept together, seed \($0.seed)"
      } ?? "as published with the corpus",
      splitHash: hash, featureSet: table.measurement?.featureSet.identifier ?? "table",
      featureCount: table.design.columnCount,
      labels: revision.map {
        $0.wasCorrected ? "corrected for the songs of 2013" : "as in the file"
      } ?? "as given",
      synthetic: isSynthetic)
  }

  private func write(
    _ report: RunReport, outcomes: [TestOutcome], test: LabelledTable
  ) throws {
    try LabelTable(
      rows: zip(test.songs, test.points).map { song, point in
        LabelTable.Row(
          id: song.id, label: point, attributes: song.genre.map { ["genre": $0] } ?? [:])
      }, scale: test.scale
    ).write(csv: folder.appending(path: "truth.csv"))
    for outcome in outcomes {
      try PredictionTable(
        rows: zip(test.ids, outcome.predictions).map {
          PredictionTable.Row(id: $0, prediction: $1, seconds: outcome.secondsPerSong)
        }, scale: test.scale
      ).write(csv: folder.appending(path: "predictions-\(outcome.model.name).csv"))
    }
    try ReportFiles.write(report, into: folder)
  }
}
