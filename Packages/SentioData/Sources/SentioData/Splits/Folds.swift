/// A division of songs into folds for cross-validation, made by song or by groups of songs.
public struct Folds: Hashable, Sendable {
  /// Ids of the songs of each fold, in natural order.
  public let folds: [[String]]

  /// Number of folds.
  public var count: Int { folds.count }

  /// Divides songs into folds of nearly equal size.
  ///
  /// - Parameters:
  ///   - songs: songs with distinct ids; their order does not matter. Give the training part only
  ///     where a test part is held out.
  ///   - count: number of folds, 2 or more and at most ``SongGrouping/groupCount(of:)``.
  ///   - stratification: what every fold holds in the same proportions.
  ///   - grouping: which songs stay together.
  ///   - seed: the same seed gives the same folds.
  public init(
    of songs: [Song], count: Int, stratification: Stratification = .valenceArousalGrid(5),
    grouping: SongGrouping = .artist, seed: UInt64 = 0
  ) {
    precondition(count >= 2, "\(count) folds")
    let ordered = songs.sorted { NaturalOrder.precedes($0.id, $1.id) }
    let groups = SongGroups(ordered, by: grouping)
    precondition(groups.count >= count, "\(groups.count) groups of songs for \(count) folds")
    var generator = SeededGenerator(seed: seed, stream: "folds")
    let assignment = PartAssignment(
      strata: stratification.strata(of: ordered), groups: groups.groupOfSong,
      targets: PartAssignment.sizes(
        ordered.count, fractions: [Double](repeating: 1, count: count)))
    var folds = [[String]](repeating: [], count: count)
    for (song, fold) in zip(ordered, assignment.run(&generator)) { folds[fold].append(song.id) }
    self.folds = folds
  }

  /// The songs of the other folds, in natural order, to train on while one fold is held out.
  ///
  /// - Parameter fold: number of the fold that is held out, from 0.
  /// - Returns: ids of all songs that are not in it.
  public func training(holdingOut fold: Int) -> [String] {
    precondition(folds.indices.contains(fold), "fold \(fold) of \(count)")
    return folds.indices.filter { $0 != fold }.flatMap { folds[$0] }
      .sorted(by: NaturalOrder.precedes)
  }

  /// The fold of each id, for code that works with row numbers.
  ///
  /// - Parameter ids: ids in the order of a table's rows.
  /// - Returns: one fold number an id.
  /// - Throws: ``CorpusError/unknownSongs(_:in:)`` for ids that are in no fold.
  public func assignment(of ids: [String]) throws -> [Int] {
    var foldOfID: [String: Int] = [:]
    for (fold, members) in folds.enumerated() {
      for id in members { foldOfID[id] = fold }
    }
    let missing = ids.filter { foldOfID[$0] == nil }
    guard missing.isEmpty else { throw CorpusError.unknownSongs(missing, in: "the folds") }
    return ids.map { foldOfID[$0]! }
  }
}
