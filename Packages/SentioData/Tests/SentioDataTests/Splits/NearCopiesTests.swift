import Foundation
import SentioMetrics
import Testing

@testable import SentioData

@Suite("Near copies and balance")
struct NearCopiesTests {
  @Test("rows that differ by little are found, at the distance of the definition")
  func definition() throws {
    // Standardized columns: the first has deviation 2, the second is constant.
    let table = FeatureTable(
      ids: ["1", "2", "3", "4"], columns: ["a", "b"], values: [2, 7, -2, 7, 2, 7, -2, 7])
    let pairs = try table.nearCopies(threshold: 0.01)
    #expect(pairs.map(\.songs) == [["1", "3"], ["2", "4"]])
    #expect(pairs.allSatisfy { $0.distance == 0 })
    let all = try table.nearCopies(threshold: 4.01)
    #expect(all.count == 6 && abs(all[5].distance - 4) < 1e-5)
    var corpus = Corpus(name: "c", songs: ["1", "2", "3", "4"].map { Song(id: $0) })
    corpus.markCopies(pairs + [NearCopy(songs: ["3", "4"], distance: 0)])
    #expect(SongGroups(corpus.songs, by: .copies).count == 1)
    #expect(try FeatureTable(ids: [], columns: ["a"], values: []).nearCopies().isEmpty)
    let bad = FeatureTable(ids: ["1"], columns: ["a"], values: [.nan])
    #expect(throws: CorpusError.self) { try bad.nearCopies() }
  }

  @Test(
    "muse: two pairs of copies and five of repeated recordings",
    .enabled(if: RealData.root != nil))
  func muse() throws {
    let folder = RealData.folder("muse/features_opensmile260_2hz")
    let table = try FeatureTable(
      npy: folder.appending(path: "song_mean_f32.npy"), index: folder.appending(path: "index.csv"),
      columns: folder.appending(path: "columns.txt"))
    let pairs = try table.nearCopies()
    #expect(pairs.count == 7)
    // Nothing lies between: a tenfold threshold finds the same pairs.
    #expect(try table.nearCopies(threshold: 0.1) == pairs)
    #expect(
      Set(pairs.dropFirst(2).map(\.songs)) == [
        ["out_jazz.00042.wav", "out_jazz.00068.wav"], ["out_jazz.00045.wav", "out_jazz.00071.wav"],
        ["out_jazz.00037.wav", "out_jazz.00060.wav"], ["out_jazz.00033.wav", "out_jazz.00051.wav"],
        ["out_jazz.00035.wav", "out_jazz.00055.wav"],
      ])
    var corpus = try Corpus.open(RealData.folder("muse"))
    corpus.markCopies(pairs)
    #expect(SongGroups(corpus.songs, by: .copies).count == 266 - 7)
    let folds = Folds(of: corpus.songs, count: 5, grouping: .copies)
    for pair in pairs {
      let numbers = try folds.assignment(of: pair.songs)
      #expect(numbers[0] == numbers[1])
    }
  }

  @Test("a stratified split passes the Kolmogorov-Smirnov test, a sorted one fails")
  func balance() throws {
    var generator = SeededGenerator(seed: 4, stream: "balance")
    let songs = (1...400).map { id in
      Song(
        id: String(id),
        label: ValenceArousal(
          valence: Double(generator.below(8001)) / 1000 + 1,
          arousal: Double(generator.below(8001)) / 1000 + 1, scale: .deam1to9))
    }
    let corpus = Corpus(name: "c", songs: songs)
    let fair = try Split(of: songs).balance(in: corpus)
    #expect(fair.comparisons.count == 4)
    #expect(fair.comparisons.allSatisfy { $0.test.probability > 0.05 })
    let byValence = songs.sorted { $0.label!.valence < $1.label!.valence }.map(\.id)
    let unfair = Split(songs: [
      .training: Array(byValence[..<320]), .test: Array(byValence[320...]),
    ])
    let comparisons = try unfair.balance(in: corpus).comparisons
    #expect(comparisons.map(\.dimension) == ["valence", "arousal"])
    #expect(comparisons[0].test.statistic == 1)
    #expect(comparisons[0].test.probability < 1e-9)
  }
}
