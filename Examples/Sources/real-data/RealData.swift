import ArgumentParser
import Foundation
import SentioData

/// Prints the tables of `Docs/Results.md` from the real corpora.
@main
struct RealData: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "real-data",
    abstract: "Measures features and models on the real corpora and prints the tables.",
    discussion: """
      Every number is made anew, from the audio and the tables; nothing is stored. All random
      choices are seeded, so that two runs print the same.
      """)

  /// A part of the tables.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    /// From the audio of 266 clips, in grouped folds.
    case muse
    /// From song-level features, on the public split.
    case deam
    /// From song-level features, in folds over all songs.
    case deamFolds = "deam-folds"
    /// The evidence for exchanged labels of 2013.
    case swap
    /// Networks beside regressions, on the clips and folds of `muse`.
    case networks
    /// Genre classifiers, divided by song and by segment.
    case genres
  }

  @Option(help: "The folder with the folders deam, muse and emotify.")
  var data: String

  @Option(help: "One part alone: \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
  var only: Part?

  @Option(help: "How often cross-validation is repeated with other folds, at least 1.")
  var repetitions = 5

  @Flag(help: "Print JSON instead of Markdown.")
  var json = false

  func validate() throws {
    guard repetitions >= 1 else {
      throw ValidationError("--repetitions must be at least 1, not \(repetitions)")
    }
  }

  func run() async throws {
    let folder = URL(filePath: data)
    for part in only.map({ [$0] }) ?? Part.allCases {
      switch part {
      case .muse:
        let results = try await MuseResults(
          folder: folder.appending(path: "muse"), repetitions: repetitions)
        try show(results, results.markdown)
      case .deam:
        let results = try DEAMResults(folder: folder.appending(path: "deam"))
        try show(results, results.markdown)
      case .deamFolds:
        let results = try DEAMFolds(
          folder: folder.appending(path: "deam"), repetitions: repetitions)
        try show(results, results.markdown)
      case .swap:
        let evidence = try SwapEvidence(folder: folder.appending(path: "deam"))
        try show(evidence, evidence.markdown)
      case .networks:
        try await withScratchFolder { scratch in
          let results = try await MuseNetworks(
            folder: folder.appending(path: "muse"), repetitions: repetitions, scratch: scratch)
          try show(results, results.markdown)
        }
      case .genres:
        let corpora = [
          try Corpus.open(folder.appending(path: "emotify")),
          try await MuseResults.corpus(folder.appending(path: "muse")),
        ]
        for corpus in corpora {
          try await withScratchFolder { scratch in
            let results = try GenreResults(corpus, repetitions: repetitions, scratch: scratch)
            try show(results, results.markdown)
          }
        }
      }
    }
  }

  /// A folder that is gone afterwards.
  private func withScratchFolder(_ work: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "sentio-real-data-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await work(folder)
  }

  private func show(_ value: some Encodable, _ markdown: String) throws {
    guard json else { return print(markdown) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
