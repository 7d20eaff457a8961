import ArgumentParser
import Foundation
import SentioDSP
import SentioData
import SentioReport

/// `sentio run`: the main job, from songs to the report page.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The main job: songs in, models trained, compared and shown on a report page.",
    discussion: """
      Without --data it composes its own songs (see sentio corpus synthesize). Every stage keeps what it \
      finished: run it again after Ctrl-C and it goes on. It writes into the output folder: report.html, \
      report.json, split.json, one model file and one table of predictions a model, and truth.csv.
        sentio run
        sentio run --data ~/DEAM
        sentio run --data ~/DEAM --table features.csv --published-split
        sentio run --table features.csv --truth labels.csv
      """)

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
    help: ArgumentHelp("Where results go; by default Reports/<time>.", valueName: "folder"))
  var output: String?
  @Option(help: ArgumentHelp("Where songs are composed.", valueName: "folder"))
  var corpus = "Data/synthetic"
  @Option(help: "How many songs are composed.")
  var songs = 400
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Songs that the finished models predict: files, folders, or a corpus with labels.",
      valueName: "path"))
  var newSongs: [String] = []
  @Flag(help: "Take the split that was published with the corpus.")
  var publishedSplit = false
  @Option(parsing: .upToNextOption, help: "Shares of training, validation and test songs.")
  var fractions: [Double] = [0.7, 0.1, 0.2]
  @Option(help: "Folds of the searches.")
  var folds = 5
  @Option(help: ArgumentHelp("Settings tried a model.", valueName: "single|small|report"))
  var grid = GridChoice.small
  @Option(help: "Seed of composition, split, folds and resampling.")
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Where measured songs are kept.", valueName: "folder"))
  var store: String?
  @Flag(help: "Few settings and resamples: to see whether everything works.")
  var quick = false
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
    guard fractions.count == 3, fractions.allSatisfy({ $0 >= 0 && $0.isFinite }), fractions[0] > 0,
      fractions[2] > 0
    else { throw ValidationError("--fractions takes three shares, such as 0.7 0.1 0.2.") }
    guard (2...100).contains(folds) else {
      throw ValidationError("--folds must lie between 2 and 100.")
    }
    guard SyntheticCorpus.songRange.contains(songs) else {
      throw ValidationError("--songs must lie in \(SyntheticCorpus.songRange).")
    }
  }

  func run() throws {
    Interruption.watch()
    var job = MainJob(command: self)
    let report = try job.run()
    if json {
      try Terminal.printJSON(report)
    } else {
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
}
