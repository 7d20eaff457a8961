import ArgumentParser
import Foundation
import SentioData

/// `sentio corpus split`: divides a corpus once, into a file that can be checked later.
struct CorpusSplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divide a corpus into training, validation and test songs.",
    discussion: """
      Songs are stratified over a 5×5 grid of the valence-arousal plane; copies of a song, and by default \
      the songs of one artist, never stand in two parts. The file carries a hash of ids, labels and \
      settings, so that a run can tell that it was made for this very corpus.
        sentio corpus split Data/songs --output split.json
      """)

  @Argument(help: "The corpus's folder.")
  var folder: String
  @OptionGroup var corpus: CorpusOptions
  @Option(name: .shortAndLong, help: "The split file to write.")
  var output: String
  @Option(
    parsing: .upToNextOption, help: "Shares of training, validation and test.")
  var fractions: [Double] = [0.8, 0.1, 0.1]
  @Option(
    help: ArgumentHelp(
      "What is kept together: 'artist' or only 'copies'.", valueName: "artist|copies"),
    transform: { text in
      guard let grouping = SongGrouping(rawValue: text) else {
        throw ValidationError("--keep-together takes 'artist' or 'copies'.")
      }
      return grouping
    })
  var keepTogether = SongGrouping.artist
  @Flag(help: "Take the split that was published with the corpus.")
  var published = false
  @Option(help: "Seed.")
  var seed: UInt64 = 1
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard fractions.count == 3, fractions.allSatisfy({ $0 >= 0 && $0.isFinite }),
      fractions.reduce(0, +) > 0
    else { throw ValidationError("--fractions takes three shares, such as 0.8 0.1 0.1.") }
  }

  func run() throws {
    try OutputFile.check(output)
    let opened = try corpus.open(folder, isQuiet: json)
    let split =
      published
      ? try Split(publishedWith: opened)
      : Split(
        of: opened.songs,
        settings: Split.Settings(fractions: fractions, grouping: keepTogether, seed: seed))
    let file = try SplitFile(split, of: opened)
    try file.write(to: URL(filePath: output))
    let leaks = split.leaks(in: opened, grouping: keepTogether)
    if json {
      try Terminal.printJSON(
        Output(
          training: split.training.count, validation: split.validation.count,
          test: split.test.count, hash: file.hash, leaks: leaks.map(\.description)))
    } else {
      print(
        "training \(split.training.count), validation \(split.validation.count), test "
          + "\(split.test.count) songs; hash \(file.hash)")
      for leak in leaks { Terminal.note("\(leak)") }
      print("wrote \(output)")
    }
  }

  private struct Output: Encodable {
    var training: Int
    var validation: Int
    var test: Int
    var hash: String
    var leaks: [String]
  }
}
