import Foundation

/// A table of features: one row a song, one named column a feature.
///
/// `values` is row-major `[N, D]` with `N` = ``rowCount`` songs and `D` = ``columnCount`` features.
/// Ids and column names are distinct. Values may be NaN or infinite until ``validate()`` has been
/// passed: reading names the bad cells instead of refusing the file at the first one.
public struct FeatureTable: Hashable, Sendable {
  /// One id a row, such as DEAM's song number.
  public let ids: [String]
  /// One name a column.
  public let columns: [String]
  /// Row-major values, `[N, D]`.
  public let values: [Float]

  /// Number of songs.
  public var rowCount: Int { ids.count }
  /// Number of features.
  public var columnCount: Int { columns.count }

  /// Creates a table.
  ///
  /// - Parameters:
  ///   - ids: distinct ids, one a row.
  ///   - columns: distinct names, one a column.
  ///   - values: row-major values, `ids.count * columns.count` of them.
  public init(ids: [String], columns: [String], values: [Float]) {
    precondition(
      values.count == ids.count * columns.count,
      "\(values.count) values for \(ids.count) rows of \(columns.count) columns")
    precondition(Set(ids).count == ids.count, "row ids are not distinct")
    precondition(Set(columns).count == columns.count, "column names are not distinct")
    self.ids = ids
    self.columns = columns
    self.values = values
  }

  /// One value.
  public subscript(row: Int, column: Int) -> Float {
    precondition(
      row >= 0 && row < rowCount && column >= 0 && column < columnCount,
      "[\(row), \(column)] is outside of \(rowCount) x \(columnCount)")
    return values[row * columnCount + column]
  }

  /// The features of one song, in the order of ``columns``.
  public func row(_ index: Int) -> ArraySlice<Float> {
    precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
    return values[index * columnCount..<(index + 1) * columnCount]
  }

  /// One feature of all songs, in the order of ``ids``.
  public func column(_ index: Int) -> [Float] {
    precondition(index >= 0 && index < columnCount, "column \(index) of \(columnCount)")
    return (0..<rowCount).map { values[$0 * columnCount + index] }
  }

  /// The columns with these names, in this order.
  ///
  /// - Parameter names: distinct names.
  /// - Returns: all rows, with these columns only.
  /// - Throws: ``CorpusError/missingColumns(_:available:)`` with every name that is not there.
  public func selecting(columns names: [String]) throws -> FeatureTable {
    let positions = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
    let missing = names.filter { positions[$0] == nil }
    guard missing.isEmpty else {
      throw CorpusError.missingColumns(missing, available: columns)
    }
    let indices = names.map { positions[$0]! }
    var selected: [Float] = []
    selected.reserveCapacity(rowCount * indices.count)
    for row in 0..<rowCount {
      for index in indices { selected.append(values[row * columnCount + index]) }
    }
    return FeatureTable(ids: ids, columns: names, values: selected)
  }

  /// The rows with these ids, in this order.
  ///
  /// - Parameter wanted: distinct ids.
  /// - Returns: these rows, with all columns.
  /// - Throws: ``CorpusError/unknownSongs(_:in:)`` with every id that is not there.
  public func selecting(ids wanted: [String]) throws -> FeatureTable {
    let positions = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
    let missing = wanted.filter { positions[$0] == nil }
    guard missing.isEmpty else {
      throw CorpusError.unknownSongs(missing, in: "the feature table")
    }
    var selected: [Float] = []
    selected.reserveCapacity(wanted.count * columnCount)
    for id in wanted { selected += row(positions[id]!) }
    return FeatureTable(ids: wanted, columns: columns, values: selected)
  }

  /// This table with the columns of `other` to the right, for the songs that both have.
  ///
  /// - Parameter other: a table whose column names differ from this one's.
  /// - Returns: the shared songs in this table's order.
  /// - Throws: ``CorpusError/duplicateColumns(_:)`` when a name occurs in both.
  public func joined(with other: FeatureTable) throws -> FeatureTable {
    let common = Set(columns).intersection(other.columns)
    guard common.isEmpty else { throw CorpusError.duplicateColumns(common.sorted()) }
    let positions = Dictionary(uniqueKeysWithValues: zip(other.ids, other.ids.indices))
    var shared: [String] = []
    var joined: [Float] = []
    for (index, id) in ids.enumerated() {
      guard let position = positions[id] else { continue }
      shared.append(id)
      joined += row(index)
      joined += other.row(position)
    }
    return FeatureTable(ids: shared, columns: columns + other.columns, values: joined)
  }

  /// A cell that a model can't use.
  public struct BadCell: Hashable, Sendable, CustomStringConvertible {
    /// Id of the song.
    public var id: String
    /// Name of the feature.
    public var column: String
    /// NaN or an infinity.
    public var value: Float

    /// `song 12, column "rms_mean": nan`.
    public var description: String { "song \(id), column \"\(column)\": \(value)" }
  }

  /// The cells that are NaN or infinite, row by row.
  ///
  /// - Parameter limit: how many are returned at most.
  /// - Returns: id, column and value of each.
  public func badCells(limit: Int = .max) -> [BadCell] {
    var bad: [BadCell] = []
    for (index, value) in values.enumerated() where !value.isFinite {
      if bad.count >= limit { break }
      bad.append(
        BadCell(id: ids[index / columnCount], column: columns[index % columnCount], value: value))
    }
    return bad
  }

  /// Names of the columns whose value is the same in every row; empty for fewer than two rows.
  public var constantColumns: [String] {
    guard rowCount > 1 else { return [] }
    return columns.indices.filter { column in
      let first = values[column]
      return (1..<rowCount).allSatisfy { values[$0 * columnCount + column] == first }
    }.map { columns[$0] }
  }

  /// Checks that every value is finite.
  ///
  /// - Throws: ``CorpusError/badFeatures(_:total:)`` that names the first cells and their number.
  public func validate() throws {
    let total = values.count { !$0.isFinite }
    if total > 0 { throw CorpusError.badFeatures(badCells(limit: 10), total: total) }
  }
}
