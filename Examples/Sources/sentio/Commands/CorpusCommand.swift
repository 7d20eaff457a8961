import ArgumentParser
import Foundation
import SentioData

/// `sentio corpus`: make, check and split corpora.
struct CorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus",
    abstract: "Compose, check and split corpora of songs.",
    discussion: """
      A corpus is a folder that the tool recognizes by what is in it: DEAM as it is downloaded, a \
      folder with songs.csv (song_id,file,valence,arousal[,genre,artist]), musemodataset, Emotify, one \
      folder of audio a genre, or plain audio files.
      """,
    subcommands: [
      CorpusSynthesizeCommand.self, CorpusValidateCommand.self, CorpusSplitCommand.self,
    ])
}

/// `sentio corpus validate`: names every bad row before anything is learned from it.
struct CorpusValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a corpus and name every bad row.",
    discussion: """
      Exit code 0 when every song can be used, 1 when a row is wrong or nothing is recognized.
        sentio corpus validate ~/DEAM
      """)

  @Argument(help: "The corpus's folder, or a table of labels.")
  var folder: String
  @OptionGroup var corpus: CorpusOptions
  @Flag(help: "Songs without labels are errors.")
  var requireLabels = false
  @Flag(help: "Songs without audio are errors.")
  var requireAudio = false
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let opened = try corpus.open(folder, isQuiet: true)
    var requirements: Corpus.Requirements = []
    if requireLabels { requirements.insert(.labels) }
    if requireAudio { requirements.insert(.audio) }
    let report = opened.check(requiring: requirements)
    if json {
      try Terminal.printJSON(ValidationOutput(opened, report))
    } else {
      print(report.description)
      if let scale = opened.scale { print("scale of the labels: \(scale.notation)") }
      let genres = Dictionary(grouping: opened.songs.compactMap(\.genre), by: { $0 })
      if !genres.isEmpty {
        print(
          "genres: "
            + genres.sorted { $0.value.count > $1.value.count }
            .map { "\($0.key) \($0.value.count)" }.joined(separator: ", "))
      }
      let artists = Set(opened.songs.compactMap(\.artist))
      if !artists.isEmpty { print("artists: \(artists.count)") }
      if let check = opened.labelRevisionCheck {
        print("static labels beside the means of the dynamic ones (V valence, A arousal):")
        print(check)
      }
    }
    if !report.errors.isEmpty { throw ExitCode(1) }
  }
}

/// What `validate --json` prints.
private struct ValidationOutput: Encodable {
  struct Finding: Encodable {
    var severity: String
    var song: String?
    var place: String?
    var message: String
    var fix: String?
  }
  struct Year: Encodable {
    var year: Int
    var songs: Int
    var valenceStraight: Double
    var arousalStraight: Double
    var valenceCrosswise: Double
    var arousalCrosswise: Double
    var looksSwapped: Bool
  }

  var recognized: String
  var layout: String
  var scale: String?
  var songs: Int
  var withLabels: Int
  var withAudio: Int
  var errors: Int
  var warnings: Int
  var findings: [Finding]
  var labelRevision: [Year]?

  init(_ corpus: Corpus, _ report: CorpusReport) {
    recognized = report.recognized
    layout = corpus.layout.rawValue
    scale = corpus.scale?.notation
    songs = report.songCount
    withLabels = report.labelledCount
    withAudio = report.audioCount
    errors = report.errors.count
    warnings = report.warnings.count
    findings = report.findings.map {
      Finding(
        severity: $0.severity.rawValue, song: $0.song, place: $0.place, message: $0.message,
        fix: $0.fix)
    }
    labelRevision = corpus.labelRevisionCheck?.years.map {
      Year(
        year: $0.year, songs: $0.songCount, valenceStraight: $0.valenceStraight,
        arousalStraight: $0.arousalStraight, valenceCrosswise: $0.valenceCrosswise,
        arousalCrosswise: $0.arousalCrosswise, looksSwapped: $0.looksSwapped)
    }
  }
}
