import ArgumentParser
import Foundation
import SentioData
import SentioMetrics

/// How a corpus is opened, shared by every command that takes one.
struct CorpusOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which reading of DEAM's static labels: 'corrected' exchanges valence and arousal of the songs of 2013, 'published' leaves the file as it is.",
      valueName: "corrected|published"))
  var labelRevision = LabelChoice.corrected

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The scale of the labels, such as 1..9, -1..1 or -10..10; by default it is inferred, with a warning where that is a guess.",
      valueName: "low..high"), transform: parseScale)
  var scale: EmotionScale?

  /// Opens a folder or table and tells on standard error what was recognized.
  func open(_ path: String, isQuiet: Bool = false) throws -> Corpus {
    try Self.open(path, labelRevision: labelRevision, scale: scale, isQuiet: isQuiet)
  }

  /// Opens a folder or table as options say that are no longer options.
  static func open(
    _ path: String, labelRevision: LabelChoice, scale: EmotionScale?, isQuiet: Bool
  ) throws -> Corpus {
    let corpus = try Corpus.open(
      URL(filePath: path),
      options: Corpus.Options(
        labelRevision: labelRevision == .corrected ? .correctedFor2013 : .published,
        scale: scale.map(ScaleSource.known) ?? .inferred))
    if !isQuiet {
      let report = corpus.report
      Terminal.note(
        "\(report.recognized): \(report.songCount) songs, \(report.labelledCount) with labels, "
          + "\(report.audioCount) with audio")
      for finding in report.findings.prefix(5) { Terminal.note("  \(finding)") }
      if report.findings.count > 5 {
        Terminal.note(
          "  and \(report.findings.count - 5) more: sentio corpus validate \(path)")
      }
    }
    return corpus
  }

  var scaleSource: ScaleSource { scale.map(ScaleSource.known) ?? .inferred }
}

/// The reading of DEAM's labels, as the command line names it.
enum LabelChoice: String, ExpressibleByArgument, CaseIterable {
  case corrected
  case published
}

/// Reads a scale such as `1..9` from the command line.
func parseScale(_ text: String) throws -> EmotionScale {
  guard let scale = EmotionScale(notation: text) else {
    throw ValidationError("'\(text)' is no scale; write it as 1..9, -1..1 or -10..10.")
  }
  return scale
}
