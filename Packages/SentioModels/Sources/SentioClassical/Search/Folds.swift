/// A division of rows into folds: each row is held out once, with its fold.
public struct Folds: Hashable, Sendable {
  /// The fold of each row, 0..<``count``.
  public let assignment: [Int]
  /// The number of folds.
  public let count: Int

  /// Divides rows into folds whose sizes differ by at most one.
  ///
  /// - Parameters:
  ///   - rows: how many rows there are.
  ///   - count: how many folds, at least 2 and at most `rows`.
  ///   - seed: the order in which rows are dealt; nil for blocks of neighbours in the given order.
  /// - Throws: ``ClassicalError`` for fewer than 2 folds, or more folds than rows.
  ///
  /// *Reference:* without a seed, scikit-learn 1.9 `KFold(count)`.
  public init(rows: Int, count: Int = 5, seed: UInt64? = nil) throws {
    try Self.check(count: count, rows: rows)
    var order = Array(0..<rows)
    if let seed {
      var generator = SeededGenerator(seed: seed)
      order = generator.permutation(rows)
    }
    var assignment = [Int](repeating: 0, count: rows)
    var place = 0
    for fold in 0..<count {
      for _ in 0..<(rows / count + (fold < rows % count ? 1 : 0)) {
        assignment[order[place]] = fold
        place += 1
      }
    }
    self.assignment = assignment
    self.count = count
  }

  /// Divides rows so that rows of one group, such as an artist, stand in one fold.
  ///
  /// The groups are dealt from the largest to the smallest, each to the fold with the fewest rows.
  ///
  /// - Parameters:
  ///   - groups: the group of each row.
  ///   - count: how many folds, at least 2 and at most the number of groups.
  ///   - seed: decides between groups of one size.
  /// - Throws: ``ClassicalError`` for fewer than 2 folds, or more folds than groups.
  public init(groups: [String], count: Int = 5, seed: UInt64 = 0) throws {
    var sizes: [String: Int] = [:]
    for group in groups { sizes[group, default: 0] += 1 }
    try Self.check(count: count, rows: sizes.count)
    var generator = SeededGenerator(seed: seed)
    let names = sizes.keys.sorted().shuffled(using: &generator)
    let order = names.indices.sorted {
      (sizes[names[$1]]!, $0) < (sizes[names[$0]]!, $1)
    }
    var filled = [Int](repeating: 0, count: count)
    var folds: [String: Int] = [:]
    for index in order {
      let fold = filled.indices.min { (filled[$0], $0) < (filled[$1], $1) }!
      folds[names[index]] = fold
      filled[fold] += sizes[names[index]]!
    }
    assignment = groups.map { folds[$0]! }
    self.count = count
  }

  /// Takes a division that was made elsewhere.
  ///
  /// - Parameter assignment: the fold of each row; numbers from 0 without a gap, at least two.
  /// - Throws: ``ClassicalError/badFold(number:reason:)`` for a negative number, an empty fold, or
  ///   a single fold.
  public init(assignment: [Int]) throws {
    let largest = assignment.max() ?? -1
    guard largest < assignment.count else {
      throw ClassicalError.badFold(
        number: largest, reason: "more than there are rows, \(assignment.count)")
    }
    var sizes = [Int](repeating: 0, count: max(2, largest + 1))
    for fold in assignment {
      guard fold >= 0 else { throw ClassicalError.badFold(number: fold, reason: "is negative") }
      sizes[fold] += 1
    }
    if let empty = sizes.firstIndex(of: 0) {
      throw ClassicalError.badFold(number: empty, reason: "holds no row")
    }
    self.assignment = assignment
    count = sizes.count
  }

  /// The rows that fold `fold` holds out, in order.
  public func heldOut(_ fold: Int) -> [Int] {
    assignment.indices.filter { assignment[$0] == fold }
  }

  /// The rows that are trained on while fold `fold` is held out, in order.
  public func training(_ fold: Int) -> [Int] {
    assignment.indices.filter { assignment[$0] != fold }
  }

  private static func check(count: Int, rows: Int) throws {
    guard count >= 2 else {
      throw ClassicalError.invalidSetting(
        name: "folds", value: String(count), expected: "at least 2")
    }
    guard count <= rows else { throw ClassicalError.moreFoldsThanRows(folds: count, rows: rows) }
  }
}
