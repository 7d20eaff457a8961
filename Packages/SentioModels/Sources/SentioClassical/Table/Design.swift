/// A table of features: one row a song, one named column a feature.
///
/// Shapes: `values` is `[N, D]`, row-major, with `N` rows and `D` columns. A design checks its shape
/// and its names once, when it is made; whether its values are finite is checked where they are
/// used, so that a table with holes can still be cut into rows that have none.
public struct Design: Sendable, Hashable {
  /// The identity of each row, such as a song id; used in messages and never computed with.
  public let rows: [String]
  /// The distinct names of the columns.
  public let columns: [String]
  /// The features, row-major, `[N, D]`.
  public let values: [Float]

  /// Creates a table from its parts.
  ///
  /// - Parameters:
  ///   - rows: the identity of each row; it need not be distinct.
  ///   - columns: the distinct names of the columns; at least one.
  ///   - values: the features, row-major, `rows.count × columns.count` of them.
  /// - Throws: ``ClassicalError`` where the counts disagree, no column is there, or a name stands twice.
  public init(rows: [String], columns: [String], values: [Float]) throws {
    guard !columns.isEmpty else {
      throw ClassicalError.lengthMismatch(what: "columns, at least", expected: 1, found: 0)
    }
    var seen = Set<String>()
    for name in columns where !seen.insert(name).inserted {
      throw ClassicalError.duplicateColumn(name)
    }
    guard values.count == rows.count * columns.count else {
      throw ClassicalError.lengthMismatch(
        what: "values of a \(rows.count) × \(columns.count) table",
        expected: rows.count * columns.count, found: values.count)
    }
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Creates a table whose rows are named by their number and columns `x0`, `x1`, ….
  ///
  /// - Parameters:
  ///   - values: the features, row-major.
  ///   - columnCount: how many columns there are; at least 1.
  /// - Throws: ``ClassicalError/lengthMismatch(what:expected:found:)`` where `values` is no whole
  ///   number of rows.
  public init(values: [Float], columnCount: Int) throws {
    precondition(columnCount >= 1, "columnCount must be at least 1, and is \(columnCount)")
    try self.init(
      rows: (0..<(values.count / columnCount)).map(String.init),
      columns: (0..<columnCount).map { "x\($0)" }, values: values)
  }

  /// The number of rows, `N`.
  public var rowCount: Int { rows.count }
  /// The number of columns, `D`.
  public var columnCount: Int { columns.count }

  /// The rows at the given places, in that order.
  public func selectingRows(_ indices: [Int]) -> Design {
    var picked: [Float] = []
    picked.reserveCapacity(indices.count * columnCount)
    for index in indices {
      precondition(index >= 0 && index < rowCount, "row \(index) of a table of \(rowCount)")
      picked.append(contentsOf: values[index * columnCount..<(index + 1) * columnCount])
    }
    return Design(uncheckedRows: indices.map { rows[$0] }, columns: columns, values: picked)
  }

  /// The table with the columns of the given names, in that order.
  ///
  /// - Parameters:
  ///   - names: the columns to return.
  ///   - ignoringOthers: whether columns of the table that `names` does not list are allowed.
  /// - Returns: all rows, with these columns only.
  /// - Throws: ``ClassicalError/columnsDiffer(missing:extra:)`` with every name that is missing or
  ///   not wanted.
  public func selectingColumns(_ names: [String], ignoringOthers: Bool = false) throws -> Design {
    if names == columns { return self }
    let places = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
    let wanted = Set(names)
    let missing = names.filter { places[$0] == nil }
    let extra = ignoringOthers ? [] : columns.filter { !wanted.contains($0) }
    guard missing.isEmpty && extra.isEmpty else {
      throw ClassicalError.columnsDiffer(missing: missing, extra: extra)
    }
    let order = names.map { places[$0]! }
    var picked: [Float] = []
    picked.reserveCapacity(rowCount * order.count)
    for row in 0..<rowCount {
      for column in order { picked.append(values[row * columnCount + column]) }
    }
    return Design(uncheckedRows: rows, columns: names, values: picked)
  }

  /// Makes sure that every value is a finite number.
  ///
  /// - Throws: ``ClassicalError/nonFiniteFeature(row:column:value:)`` for the first that is not.
  public func requireFinite() throws {
    guard let place = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw ClassicalError.nonFiniteFeature(
      row: rows[place / columnCount], column: columns[place % columnCount], value: values[place])
  }

  /// The names of the columns whose values are all equal; none where the table has fewer than two rows.
  public var constantColumns: [String] {
    guard rowCount >= 2 else { return [] }
    // Nearly every column varies within its first rows, so only what has not varied yet is looked at.
    var constant = Array(0..<columnCount)
    for row in 1..<rowCount where !constant.isEmpty {
      constant.removeAll { values[row * columnCount + $0] != values[$0] }
    }
    return constant.map { columns[$0] }
  }

  private init(uncheckedRows rows: [String], columns: [String], values: [Float]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }
}
