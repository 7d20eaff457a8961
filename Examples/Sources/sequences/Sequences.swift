import ArgumentParser
import Foundation
import SentioReport
import SentioTensor

/// Ten lessons on models of sequences; see Docs/Sequences.md.
@main
struct Sequences: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sequences",
    abstract: "Ten lessons on sequence models: RNN, LSTM, GRU, encoder and decoder, attention.",
    discussion: """
      Each lesson makes its own data, trains in less than a minute, prints tables, and with --output draws pictures.
      'sequences help LESSON' says what a lesson shows. All random choices follow from --seed.
      """,
    subcommands: [
      PhonemesLesson.self, LSTMLesson.self, GRULesson.self, CompareLesson.self,
      ArchitecturesLesson.self, ForwardLesson.self, BPTTLesson.self, TuningLesson.self,
      AttentionLesson.self, GenerationLesson.self,
    ])
}

/// What all lessons take.
struct LessonOptions: ParsableArguments {
  @Option(help: "The seed of data and weights.")
  var seed: UInt64 = 1

  @Option(help: "A folder for pictures and sounds; it is made where it is missing.")
  var output: String?

  /// Writes a drawing into the output folder, where there is one.
  func draw(_ name: String, _ svg: String) throws {
    guard let url = try place(name) else { return }
    try AtomicFile.write(Data(svg.utf8), to: url)
    print("\ndrawn: \(url.path)")
  }

  /// Where a file of the output folder stands; nil where no folder is wanted.
  func place(_ name: String) throws -> URL? {
    guard let output else { return nil }
    let folder = URL(filePath: output)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: name)
  }
}

/// Prints a table in Markdown.
func printTable(_ title: String, _ columns: [String], _ rows: [[String]]) {
  print("\n**\(title)**\n")
  print("| " + columns.joined(separator: " | ") + " |")
  print("|" + columns.map { _ in "---|" }.joined())
  for row in rows { print("| " + row.joined(separator: " | ") + " |") }
}
