import ArgumentParser
import Foundation
import SentioClassical
import SentioDSP
import SentioData
import SentioRegistry
import SentioReport

/// `sentio train`: fits a model to a corpus or to a table of features.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Fit ridge regression, SVR or boosted trees, or train a network.",
    discussion: """
      From audio, measuring each song once and keeping the numbers for the next run:
        sentio train ridge --data Data/songs --output ridge.sentio
      From a table of features and one of labels (song_id,valence,arousal):
        sentio train svr --table features.csv --labels labels.csv --output svr.sentio
      A setting that is given is fixed and nothing is searched; the others are then the report's.
      Networks are trained from audio, with checkpoints that the same command goes on with:
        sentio train crnn --data Data/songs --output crnn.sentio
      """,
    subcommands: [
      TrainRidge.self, TrainSVR.self, TrainXGBoost.self, TrainEmotionNetwork<CRNNName>.self,
      TrainEmotionNetwork<SpectrogramCRNNName>.self, TrainEmotionNetwork<AudioTransformerName>.self,
      TrainEmotionNetwork<PublishedAudioTransformerName>.self,
      TrainEmotionNetwork<VisionTransformerName>.self, TrainEmotionNetwork<StudentName>.self,
      TrainGenreNetwork<PerceptronName>.self, TrainGenreNetwork<ConvolutionalName>.self,
      TrainGenreNetwork<LSTMName>.self, TrainGenreNetwork<GRUName>.self,
      TrainGenreNetwork<SimpleRecurrentName>.self,
    ])
}

/// What every kind of model takes.
struct TrainOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A corpus with audio and labels.", valueName: "folder"))
  var data: String?
  @Option(help: ArgumentHelp("Features, one row a song: CSV or NPY.", valueName: "file"))
  var table: String?
  @Option(
    help: ArgumentHelp("Labels for --table: song_id,valence,arousal.", valueName: "csv"))
  var labels: String?
  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String
  @Option(help: "Folds of the cross-validation.")
  var folds = 5
  @Option(
    help: ArgumentHelp(
      "How many settings are tried: single (none), small, or report (the report's grids).",
      valueName: "single|small|report"))
  var grid = GridChoice.small
  @Option(help: "Seed of folds, row and column samples.")
  var seed: UInt64 = 1
  @Option(
    help: ArgumentHelp(
      "Where measured songs are kept; by default in ~/.cache/sentio.", valueName: "folder"))
  var store: String?
  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var registry: TrainingRegistry
  @Option(
    help: ArgumentHelp(
      "Which features are measured with --data: "
        + FeatureSet.all.map(\.name).joined(separator: ", ") + ".", valueName: "set"),
    transform: parseFeatureSet)
  var set = FeatureSet.report164
  @OptionGroup var measurement: MeasurementOptions
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard (data != nil) != (table != nil) else {
      throw ValidationError("Give either --data FOLDER or --table FILE with --labels CSV.")
    }
    if table != nil && labels == nil {
      throw ValidationError("--table needs --labels CSV with song_id,valence,arousal.")
    }
    if data != nil && labels != nil {
      throw ValidationError("--labels belongs to --table; a corpus brings its own labels.")
    }
    guard (2...100).contains(folds) else {
      throw ValidationError("--folds must lie between 2 and 100.")
    }
  }

  /// Fits and writes the model.
  func train(_ kind: ModelKind, fixed: Algorithm?) throws {
    Interruption.watch()
    try OutputFile.check(output)
    let table: LabelledTable
    if let data {
      let opened = try corpus.open(data, isQuiet: json)
      if let features = opened.features, !opened.songs.contains(where: { $0.audio != nil }) {
        table = try LabelledTable.joining(features: features, corpus: opened)
      } else {
        table = try MeasuredCorpus(
          opened, measurement: measurement.measurement(set), store: store, isQuiet: json
        ).table
      }
    } else if let file = self.table, let labels {
      table = try LabelledTable.joining(
        features: file, labels: labels, scale: corpus.scaleSource, isQuiet: json)
    } else {
      throw ValidationError("Give either --data FOLDER or --table FILE with --labels CSV.")
    }
    let candidates =
      fixed.map { [Pipeline.Settings($0, constantColumns: .drop)] }
      ?? kind.candidates(grid, seed: seed)
    let model = try TrainedModel.train(
      kind.rawValue, title: kind.title, candidates: candidates, table: table, foldCount: folds,
      seed: seed, notes: ["sentio": Sentio.configuration.version], isQuiet: json)
    try model.file.write(to: URL(filePath: output))
    let version = try registry.add(record(of: model, kind, table))
    if json {
      try Terminal.printJSON(
        Output(
          output: output, model: kind.rawValue, songs: table.songs.count,
          features: table.design.columnCount, scale: table.scale.notation,
          settings: Dictionary(
            uniqueKeysWithValues: model.settings.map { (Self.option($0.name), $0.value) }),
          scores: model.file.provenance.scores, searchSeconds: model.searchSeconds,
          fitSeconds: model.fitSeconds, failed: table.failures, version: version))
    } else {
      let scores = model.file.provenance.scores
      print(
        "\(output): \(kind.title), "
          + model.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
      print(
        "\(table.songs.count) songs × \(table.design.columnCount) features, labels on "
          + table.scale.notation)
      if let valence = scores["cv.r2.valence"], let arousal = scores["cv.r2.arousal"] {
        print(
          "R² in \(folds)-fold cross-validation: valence \(fixed2(valence)), arousal "
            + fixed2(arousal))
      }
      if let version { print("registered as \(version)") }
    }
  }

  private func record(
    of model: TrainedModel, _ kind: ModelKind, _ table: LabelledTable
  ) throws -> RunRecord {
    var record = RunRecord(
      model: kind.rawValue, architecture: kind == .svr ? "rbf" : "features",
      command: Terminal.commandLine,
      scale: table.scale.lower...table.scale.upper)
    record.seconds = model.searchSeconds + model.fitSeconds
    record.corpus = data.map { URL(filePath: $0).lastPathComponent }
    record.seed = seed
    record.settings = Dictionary(
      uniqueKeysWithValues: model.settings.map { (Self.option($0.name), $0.value) })
    for (dimension, key) in [
      (RunMetric.Dimension.valence, "cv.r2.valence"), (.arousal, "cv.r2.arousal"),
    ] {
      guard let value = model.file.provenance.scores[key] else { continue }
      record.metrics.append(
        .init(
          name: "r2", dimension: dimension, part: .validation, value: value,
          count: table.songs.count))
    }
    record.artifacts = [RunArtifact(role: "model", file: URL(filePath: output))]
    let features = table.design.values.map(Double.init)
    if features.allSatisfy(\.isFinite) {
      record.trainingFeatures = FeatureSample(columns: table.design.columns, rows: features)
    }
    return record
  }

  /// The option that fixes a setting, which is also the setting's key in JSON.
  private static func option(_ setting: String) -> String {
    ["α": "alpha", "C": "c", "ε": "epsilon", "γ": "gamma", "rows": "subsample"][setting] ?? setting
  }

  private func fixed2(_ value: Double) -> String { SentioReport.fixed(value, 3) }

  private struct Output: Encodable {
    var output: String
    var model: String
    var songs: Int
    var features: Int
    var scale: String
    var settings: [String: String]
    var scores: [String: Double]
    var searchSeconds: Double
    var fitSeconds: Double
    var failed: [String: String]
    var version: String?
  }
}

/// `sentio train ridge`.
struct TrainRidge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ridge", abstract: "Ridge regression: linear, with a squared penalty.",
    discussion: """
      Without --alpha, several penalties are tried by cross-validation and the best one is kept.
        sentio train ridge --data Data/songs --output ridge.sentio
        sentio train ridge --table features.csv --labels labels.csv --alpha 100 --output ridge.sentio
      """)

  @OptionGroup var options: TrainOptions
  @Option(help: "Strength of the penalty, α > 0; fixes it and skips the search.")
  var alpha: Double?

  func validate() throws {
    if let alpha, !(alpha > 0 && alpha.isFinite) {
      throw ValidationError("--alpha must be greater than 0.")
    }
  }

  func run() throws {
    try options.train(.ridge, fixed: alpha.map { .ridge(Ridge.Settings(alpha: $0)) })
  }
}

/// `sentio train svr`.
struct TrainSVR: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "svr", abstract: "Support vector regression with a radial kernel.",
    discussion: """
      Without --c, --epsilon and --gamma, a grid of them is tried by cross-validation. A setting that is \
      given is kept and nothing is searched; the others are then the report's.
        sentio train svr --data Data/songs --output svr.sentio
        sentio train svr --table features.csv --labels labels.csv --c 1 --epsilon 0.1 --output svr.sentio
      """)

  @OptionGroup var options: TrainOptions
  @Option(help: "Weight of errors, C > 0.")
  var c: Double?
  @Option(help: "Errors up to this size cost nothing, on the labels' scale.")
  var epsilon: Double?
  @Option(
    help: "Inverse squared width of the kernel: 'scale' or a number greater than 0.",
    transform: { text in
      guard let gamma = SupportVectorRegression.Gamma(text) else {
        throw ValidationError("--gamma takes 'scale' or a number greater than 0.")
      }
      return gamma
    })
  var gamma: SupportVectorRegression.Gamma?

  func validate() throws {
    if let c, !(c > 0 && c.isFinite) { throw ValidationError("--c must be greater than 0.") }
    if let epsilon, !(epsilon >= 0 && epsilon.isFinite) {
      throw ValidationError("--epsilon must be at least 0.")
    }
  }

  func run() throws {
    var settings = SupportVectorRegression.Settings()
    if let c { settings.c = c }
    if let epsilon { settings.epsilon = epsilon }
    if let gamma { settings.gamma = gamma }
    let isFixed = c != nil || epsilon != nil || gamma != nil
    try options.train(.svr, fixed: isFixed ? .supportVector(settings) : nil)
  }
}

/// `sentio train xgboost`.
struct TrainXGBoost: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xgboost", abstract: "Gradient-boosted trees.",
    discussion: """
      Without settings, six of them are tried by cross-validation, the report's grid with --grid report. A \
      setting that is given is kept and nothing is searched; the others are then the report's.
        sentio train xgboost --data Data/songs --output trees.sentio
        sentio train xgboost --table features.csv --labels labels.csv --rounds 200 --depth 4 --output t.sentio
      """)

  @OptionGroup var options: TrainOptions
  @Option(help: "Number of trees an output.")
  var rounds: Int?
  @Option(help: "Depth of each tree.")
  var depth: Int?
  @Option(help: "Learning rate, up to 1.")
  var rate: Double?
  @Option(help: "Share of rows that each tree sees.")
  var subsample: Double?
  @Option(help: "Share of columns that each tree sees.")
  var colsample: Double?
  @Option(help: "L1 penalty on leaves.")
  var l1: Double?
  @Option(help: "L2 penalty on leaves.")
  var l2: Double?
  @Option(help: "Least weight of rows in a leaf.")
  var minChildWeight: Double?
  @Option(help: "Least gain of a split.")
  var minGain: Double?
  @Option(
    help: "Stop after so many rounds without gain on a held-out fifth of the rows.")
  var patience: Int?

  func validate() throws {
    for (name, value) in [("--rounds", rounds), ("--depth", depth), ("--patience", patience)] {
      if let value, value < 1 { throw ValidationError("\(name) must be at least 1.") }
    }
    for (name, value) in [("--rate", rate), ("--subsample", subsample), ("--colsample", colsample)]
    {
      if let value, !(value > 0 && value <= 1) {
        throw ValidationError("\(name) must be greater than 0 and at most 1.")
      }
    }
    for (name, value) in [
      ("--l1", l1), ("--l2", l2), ("--min-child-weight", minChildWeight), ("--min-gain", minGain),
    ] {
      if let value, !(value >= 0 && value.isFinite) {
        throw ValidationError("\(name) must be at least 0.")
      }
    }
  }

  func run() throws {
    var settings = BoostedTrees.Settings(seed: options.seed)
    let before = settings
    if let rounds { settings.rounds = rounds }
    if let depth { settings.maximumDepth = depth }
    if let rate { settings.learningRate = rate }
    if let subsample { settings.rowFraction = subsample }
    if let colsample { settings.columnFraction = colsample }
    if let l1 { settings.l1Penalty = l1 }
    if let l2 { settings.l2Penalty = l2 }
    if let minChildWeight { settings.minimumChildWeight = minChildWeight }
    if let minGain { settings.minimumSplitGain = minGain }
    if let patience { settings.earlyStopping = .init(patience: patience) }
    let isGiven =
      [rounds, depth, patience].contains { $0 != nil }
      || [rate, subsample, colsample, l1, l2, minChildWeight, minGain].contains { $0 != nil }
    let isFixed = isGiven || settings != before
    try options.train(.xgboost, fixed: isFixed ? .boostedTrees(settings) : nil)
  }
}
