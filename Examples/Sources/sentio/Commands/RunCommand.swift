import ArgumentParser
import Foundation
import SentioDSP
import SentioData
import SentioPipeline
import SentioPresets
import SentioReport

/// `sentio run`: the main job, from songs to the report page.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The main job: songs in, models trained, compared and shown on a report page.",
    discussion: """
      Without --data it composes its own songs (see sentio corpus synthesize). The job is a pipeline of \
      stages that keep what they finished: run it again after Ctrl-C, a crash or a changed setting, and it \
      does only what is left. It writes into the output folder: report.html, report.json, split.json, one \
      model file and one table of predictions a model, truth.csv, the stages' own folders and their logs.
        sentio run
        sentio run --data ~/DEAM --preset paper
        sentio run --data ~/DEAM --table features.csv --published-split
        sentio run --table features.csv --truth labels.csv
        sentio run --list                       (what is finished, and why the rest would run)
        sentio run --print-preset demo > my.yaml && sentio run --preset my.yaml
      """)

  @Option(
    help: ArgumentHelp(
      "How large everything is: smoke (a minute), demo (a quarter of an hour), paper (the report's sizes), or a YAML file. Default: demo.",
      valueName: "name|file"))
  var preset: String?
  @Option(
    help: ArgumentHelp(
      "A corpus with labels: DEAM, a folder with songs.csv, …; or one table of features and labels.",
      valueName: "folder|csv"))
  var data: String?
  @Option(
    help: ArgumentHelp("Features to use instead of measuring the audio.", valueName: "file"))
  var table: String?
  @Option(
    help: ArgumentHelp(
      "Labels for --table without --data: song_id,valence,arousal.", valueName: "csv"))
  var truth: String?
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where results go; by default Reports/<preset>.", valueName: "folder"))
  var output: String?
  @Option(
    help: ArgumentHelp(
      "Where songs are composed; by default in the output folder.", valueName: "folder"))
  var corpus: String?
  @Option(help: "How many songs are composed.")
  var songs: Int?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Songs that the finished models predict: files, folders, or a corpus with labels.",
      valueName: "path"))
  var newSongs: [String] = []
  @Flag(help: "Take the split that was published with the corpus.")
  var publishedSplit = false
  @Option(parsing: .upToNextOption, help: "Shares of training, validation and test songs.")
  var fractions: [Double] = []
  @Option(help: "Folds of the searches.")
  var folds: Int?
  @Option(help: ArgumentHelp("Settings tried a model.", valueName: "single|small|report"))
  var grid: GridChoice?
  @Option(help: "Seed of composition, split, folds and resampling.")
  var seed: UInt64?
  @Option(help: ArgumentHelp("Where measured songs are kept.", valueName: "folder"))
  var store: String?
  @Option(
    help: ArgumentHelp(
      "The registry that takes the trained models; by default Reports/registry.sqlite.",
      valueName: "file"))
  var registry: String?
  @Flag(help: "Leave the trained models out of the registry.")
  var noRegistry = false
  @Flag(help: "The same as --preset smoke: to see whether everything works.")
  var quick = false
  @OptionGroup(title: "Stages") var stages: StageOptions
  @OptionGroup var corpusOptions: CorpusOptions
  @Option(
    help: ArgumentHelp(
      "Which features are measured: "
        + FeatureSet.all.map(\.name).joined(separator: ", ") + ".", valueName: "set"),
    transform: parseFeatureSet)
  var set = FeatureSet.report164
  @OptionGroup var measurement: MeasurementOptions
  @Flag(help: "Print the report's numbers as JSON.")
  var json = false

  func validate() throws {
    if truth != nil && (table == nil || data != nil) {
      throw ValidationError("--truth belongs to --table without --data.")
    }
    if table != nil && data == nil && truth == nil {
      throw ValidationError("--table needs labels: --truth CSV, or a corpus with --data.")
    }
    if publishedSplit && data == nil {
      throw ValidationError("--published-split needs a corpus with --data.")
    }
    if quick && preset != nil {
      throw ValidationError("--quick is --preset smoke; give one of them.")
    }
    if !fractions.isEmpty {
      guard fractions.count == 3, fractions.allSatisfy({ $0 >= 0 && $0.isFinite }),
        fractions[0] > 0, fractions[2] > 0
      else { throw ValidationError("--fractions takes three shares, such as 0.7 0.1 0.2.") }
    }
    if let folds, !(2...100).contains(folds) {
      throw ValidationError("--folds must lie between 2 and 100.")
    }
    if let songs, !SyntheticCorpus.songRange.contains(songs) {
      throw ValidationError("--songs must lie in \(SyntheticCorpus.songRange).")
    }
  }

  func run() throws {
    if let name = stages.printPreset {
      guard let text = Presets.text(of: name) else {
        throw ValidationError(
          "--print-preset knows \(Presets.names.joined(separator: ", ")), and not '\(name)'.")
      }
      return print(text, terminator: "")
    }
    let job = try MainJob(self)
    if stages.list { return try stages.printStatuses(of: try job.pipeline(), json: json) }
    try job.prepare()
    guard stages.worker else { return try Self.supervise(job) }
    Supervisor.endWithParent()
    Interruption.watch()
    try job.run(stages.selection)
    guard try job.pipeline().manifest(of: "report") != nil else { return }
    try show(job)
  }

  /// Leaves the work to a process of its own, so that somebody can tell how it ended.
  private static func supervise(_ job: MainJob) throws {
    // Threads that wait by spinning take the cores from whatever else the machine does, and from each other: beside
    // two compilers an epoch of the small AST took 7 to 25 s, and 1.3 s without spinning.
    setenv("OMP_WAIT_POLICY", "passive", 0)
    let ending = try Supervisor.run(
      "/proc/self/exe", as: CommandLine.arguments[0],
      CommandLine.arguments.dropFirst() + ["--worker"])
    switch ending {
    case .exited(0): return
    case .exited(let code): throw ExitCode(code)
    case .killed(let signal, let process):
      let stage = StagedPipeline.stage(cutOffIn: job.folder, process: process)
      let cause =
        signal == SIGKILL
        ? "was killed; the machine may have run out of memory (see dmesg)"
        : "crashed with signal \(signal) (\(String(cString: strsignal(signal))))"
      throw CommandError(
        stage.map {
          "stage \($0.name) \(cause)\n  its log: \($0.log.path)\n  to go on: \(job.resume)"
        } ?? "the run \(cause)\n  to go on: \(job.resume)")
    }
  }

  private func show(_ job: MainJob) throws {
    let report = try job.report()
    if json { return try Terminal.printJSON(report) }
    for table in [report.agreementTable, report.errorTable, report.comparisonTable] {
      print("\n\(table.caption)\n\(table.plainText())")
    }
    if !report.newSongs.isEmpty {
      print("\nSongs that nobody has seen\n\(report.newSongTable.plainText())")
    }
    for note in report.notes { print("\nNote: \(note)") }
    print("\n\(job.folder.appending(path: "report.html").path)")
  }
}
