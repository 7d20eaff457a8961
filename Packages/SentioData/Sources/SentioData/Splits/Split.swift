import Foundation
import SentioMetrics

/// A division of a corpus's songs into training, validation and test.
///
/// Songs are divided before anything is cut, augmented or fitted, copies always stay together, and by
/// default so do an artist's songs: what a model is tested on, it has not met in another guise.
public struct Split: Hashable, Sendable {
  /// How a split came about.
  public struct Settings: Hashable, Sendable, Codable {
    /// Shares of training, validation and test; they are divided by their sum.
    public var fractions: [Double]
    /// What every part holds in the same proportions.
    public var stratification: Stratification
    /// Which songs stay together.
    public var grouping: SongGrouping
    /// The same seed gives the same split.
    public var seed: UInt64

    /// Creates settings; by default the report's 80/10/10 over a 5 × 5 grid, by artist.
    public init(
      fractions: [Double] = [0.8, 0.1, 0.1],
      stratification: Stratification = .valenceArousalGrid(5),
      grouping: SongGrouping = .artist, seed: UInt64 = 0
    ) {
      precondition(
        fractions.count == 3 && fractions.allSatisfy { $0 >= 0 && $0.isFinite }
          && fractions.reduce(0, +) > 0, "fractions \(fractions): three shares are needed")
      self.fractions = fractions
      self.stratification = stratification
      self.grouping = grouping
      self.seed = seed
    }
  }

  /// How it was made; nil for a published split.
  public var settings: Settings?
  /// Ids of the songs of each part, in natural order.
  public var songs: [SplitPart: [String]]

  /// Ids of the training songs.
  public var training: [String] { songs[.training] ?? [] }
  /// Ids of the validation songs.
  public var validation: [String] { songs[.validation] ?? [] }
  /// Ids of the test songs.
  public var test: [String] { songs[.test] ?? [] }

  /// Creates a split from lists of ids.
  ///
  /// - Parameters:
  ///   - settings: how it was made, if it was.
  ///   - songs: disjoint lists of distinct ids.
  public init(settings: Settings? = nil, songs: [SplitPart: [String]]) {
    let all = songs.values.flatMap(\.self)
    precondition(Set(all).count == all.count, "a song stands in two parts")
    self.settings = settings
    self.songs = songs.mapValues { $0.sorted(by: NaturalOrder.precedes) }
  }

  /// Divides songs.
  ///
  /// Without groups of several songs the sizes are exact: 1,744 songs give 1,395, 175 and 174.
  ///
  /// - Parameters:
  ///   - songs: songs with distinct ids; their order does not matter.
  ///   - settings: shares, strata, groups, seed.
  public init(of songs: [Song], settings: Settings = Settings()) {
    let ordered = songs.sorted { NaturalOrder.precedes($0.id, $1.id) }
    var generator = SeededGenerator(seed: settings.seed, stream: "split")
    let assignment = PartAssignment(
      strata: settings.stratification.strata(of: ordered),
      groups: SongGroups(ordered, by: settings.grouping).groupOfSong,
      targets: PartAssignment.sizes(ordered.count, fractions: settings.fractions))
    var lists: [SplitPart: [String]] = [.training: [], .validation: [], .test: []]
    for (song, part) in zip(ordered, assignment.run(&generator)) {
      lists[SplitPart.allCases[part], default: []].append(song.id)
    }
    self.init(settings: settings, songs: lists)
  }

  /// The split that was published with the corpus.
  ///
  /// - Parameter corpus: a corpus whose songs have ``Song/publishedPart``.
  /// - Throws: ``CorpusError/missingFile(path:purpose:)`` when no song has one.
  public init(publishedWith corpus: Corpus) throws {
    var lists: [SplitPart: [String]] = [:]
    for song in corpus.songs {
      if let part = song.publishedPart { lists[part, default: []].append(song.id) }
    }
    guard !lists.isEmpty else {
      throw CorpusError.missingFile(path: corpus.root.path, purpose: "the published split")
    }
    self.init(songs: lists)
  }

  /// What is wrong with a split for a corpus: groups that are torn apart, songs that are unknown.
  ///
  /// Published splits do tear artists apart; the report says so and leaves the choice to the reader.
  ///
  /// - Parameters:
  ///   - corpus: the songs.
  ///   - grouping: what should stay together.
  /// - Returns: one finding a torn group or unknown song.
  public func leaks(in corpus: Corpus, grouping: SongGrouping) -> [CorpusFinding] {
    var partOfID: [String: SplitPart] = [:]
    for part in SplitPart.allCases {
      for id in songs[part] ?? [] { partOfID[id] = part }
    }
    var findings: [CorpusFinding] = []
    let known = Set(corpus.songs.map(\.id))
    for id in partOfID.keys.sorted(by: NaturalOrder.precedes) where !known.contains(id) {
      findings.append(
        CorpusFinding(.error, song: id, message: "stands in the split and not in the corpus"))
    }
    let groups = SongGroups(corpus.songs, by: grouping)
    var members = [[Song]](repeating: [], count: groups.count)
    for (song, group) in zip(corpus.songs, groups.groupOfSong) where partOfID[song.id] != nil {
      members[group].append(song)
    }
    for group in members {
      let parts = SplitPart.allCases.filter { part in group.contains { partOfID[$0.id] == part } }
      guard parts.count > 1 else { continue }
      findings.append(
        CorpusFinding(
          .warning, song: group[0].id,
          message: "\(group.count) songs that belong together"
            + (group[0].artist.map { " (\($0))" } ?? "") + " stand in "
            + parts.map(\.rawValue).joined(separator: " and ")))
    }
    return findings
  }
}
