import ArgumentParser
import Foundation
import SentioData

/// `sentio corpus synthesize`: composes songs from emotional cues and writes them in DEAM's layout.
struct CorpusSynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Compose songs with known emotions and write them as MP3 in DEAM's layout.",
    discussion: """
      Each song follows a plan of mode, tempo, loudness, register, articulation and timbre; invented raters \
      hear these cues with noise, bias and delay. The same seed gives the same samples on every machine. A \
      run that was stopped is continued by the same command; more songs can be added later.
        sentio corpus synthesize Data/songs --songs 400 --seed 1
      """)

  @Argument(help: "The folder to write; created where it does not exist.")
  var folder: String
  @Option(help: "How many songs.")
  var songs = 400
  @Option(help: "Seed.")
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Length of each song, as DEAM's 45 seconds.", valueName: "seconds"))
  var duration = 45.0
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard SyntheticCorpus.songRange.contains(songs) else {
      throw ValidationError(
        "--songs must lie between \(SyntheticCorpus.songRange.lowerBound) and "
          + "\(SyntheticCorpus.songRange.upperBound).")
    }
    guard SyntheticCorpus.durationRange.contains(duration) else {
      throw ValidationError(
        "--duration must lie between \(Int(SyntheticCorpus.durationRange.lowerBound)) and "
          + "\(Int(SyntheticCorpus.durationRange.upperBound)) seconds.")
    }
  }

  func run() throws {
    Interruption.watch()
    let result = try Self.synthesize(
      into: folder, songs: songs, seed: seed, duration: duration, isQuiet: json)
    if json {
      try Terminal.printJSON(
        Output(folder: folder, songs: songs, kept: result.kept, seed: seed, duration: duration))
    } else {
      print(
        "\(folder): \(songs) \(songs == 1 ? "song" : "songs") of \(CSVWriter.number(duration)) s"
          + (result.kept > 0 ? ", \(result.kept) of them from an earlier run" : ""))
    }
  }

  private struct Output: Encodable {
    var folder: String
    var songs: Int
    var kept: Int
    var seed: UInt64
    var duration: Double
  }

  /// Writes the corpus with a progress line.
  static func synthesize(
    into folder: String, songs: Int, seed: UInt64, duration: Double, isQuiet: Bool
  ) throws -> SyntheticCorpus.Progress {
    let line = ProgressLine("composing", total: songs, unit: "songs", isQuiet: isQuiet)
    do {
      let result = try SyntheticCorpus(songs: songs, seed: seed, duration: duration).write(
        to: URL(filePath: folder, directoryHint: .isDirectory),
        isCancelled: { Interruption.isRequested },
        progress: { line.report($0.finished) })
      line.finish()
      return result
    } catch {
      // A stop that the user asked for is no failure.
      if Interruption.isRequested { line.finish() } else { line.abandon() }
      try Interruption.check()
      throw error
    }
  }
}
