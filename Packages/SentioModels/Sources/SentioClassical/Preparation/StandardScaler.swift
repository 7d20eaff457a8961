/// Takes each column's mean off and divides by its standard deviation, both learned from training rows.
///
/// `x' = (x - mean) / scale`, with the population deviation (divisor `N`) as scale. A column
/// that does not vary has scale 1, so that it becomes 0 and not NaN.
///
/// *Reference:* scikit-learn 1.9 `StandardScaler`.
public struct StandardScaler: Hashable, Sendable {
  /// The mean of each column.
  public let means: [Double]
  /// What each column is divided by, greater than 0.
  public let scales: [Double]

  /// Learns means and scales.
  ///
  /// - Parameter design: the training rows; at least one, all finite.
  /// - Throws: ``ClassicalError`` for no row or a feature that is not finite.
  public init(_ design: Design) throws {
    guard design.rowCount > 0 else {
      throw ClassicalError.tooFewRows(task: "a scaler", needed: 1, found: 0)
    }
    try design.requireFinite()
    self.init(Matrix(design))
  }

  init(means: [Double], scales: [Double]) {
    precondition(means.count == scales.count, "\(means.count) means, \(scales.count) scales")
    self.means = means
    self.scales = scales
  }

  init(_ matrix: Matrix) {
    let means = matrix.columnMeans
    var squares = [Double](repeating: 0, count: matrix.columns)
    matrix.values.withUnsafeBufferPointer { source in
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns {
          let deviation = source[row * matrix.columns + column] - means[column]
          squares[column] += deviation * deviation
        }
      }
    }
    self.means = means
    scales = zip(squares, means).map {
      Self.scale(variance: $0 / Double(matrix.rows), mean: $1, count: matrix.rows)
    }
  }

  /// The deviation, or 1 where the variance is no more than what rounding leaves of a constant.
  static func scale(variance: Double, mean: Double, count: Int) -> Double {
    let rounding = Double(count) * Double.ulpOfOne
    let bound = rounding * max(variance, 0) + (rounding * mean) * (rounding * mean)
    return variance <= bound ? 1 : variance.squareRoot()
  }

  /// The table with every column standardized; it must have as many columns as the training rows.
  public func transform(_ design: Design) throws -> Design {
    guard design.columnCount == means.count else {
      throw ClassicalError.lengthMismatch(
        what: "columns of the table to scale", expected: means.count, found: design.columnCount)
    }
    return try Design(
      rows: design.rows, columns: design.columns,
      values: transform(Matrix(design)).values.map(Float.init))
  }

  func transform(_ matrix: Matrix) -> Matrix {
    precondition(matrix.columns == means.count, "\(matrix.columns) columns, \(means.count) means")
    var result = matrix
    let inverses = scales.map { 1 / $0 }
    result.values.withUnsafeMutableBufferPointer { target in
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns {
          let place = row * matrix.columns + column
          target[place] = (target[place] - means[column]) * inverses[column]
        }
      }
    }
    return result
  }
}
