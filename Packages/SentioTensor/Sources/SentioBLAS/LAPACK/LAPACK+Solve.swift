import COpenBLAS

/// What a least-squares solution came to.
public struct LeastSquares<T: BLASScalar>: Sendable, Equatable {
  /// `[n, columns]`: the solution of least norm among those of least residual.
  public let solution: [T]
  /// The number of singular values above the threshold.
  public let rank: Int
  /// The matrix's singular values, descending.
  public let singularValues: [T]
}

extension LAPACK {
  /// Solution of `A·X = B` for a general square matrix, by LU with partial pivoting.
  ///
  /// - Parameters:
  ///   - a: `[n, n]`.
  ///   - b: `[n, columns]`.
  ///   - n: order.
  ///   - columns: number of right-hand sides.
  /// - Returns: X as `[n, columns]`.
  /// - Throws: ``LinearAlgebraError/singular(order:)``,
  ///   ``LinearAlgebraError/notFinite(argument:)``.
  ///
  /// *Reference:* equals `numpy.linalg.solve`.
  public static func solve<T: BLASScalar>(
    _ a: [T], _ b: [T], n: Int, columns: Int = 1
  ) throws(LinearAlgebraError) -> [T] {
    requireCount(a, n * n, "a", "n·n = \(n)·\(n)")
    requireCount(b, n * columns, "b", "n·columns = \(n)·\(columns)")
    guard n > 0 && columns > 0 else { return [] }
    BLASRuntime.start()
    let order = extent(n, "n")
    let width = extent(columns, "columns")
    var factors = a
    var solution = b
    var pivots = [Int32](repeating: 0, count: n)
    let info = T._routines.gesv(
      LAPACK_ROW_MAJOR, order, width, &factors, order, &pivots, &solution, width)
    try check(info, rows: n, columns: n, argument: "the matrix or the right-hand side") {
      .singular(order: $0)
    }
    return solution
  }

  /// Least-squares solution of `A·X ≈ B`, of least norm where A is rank-deficient.
  ///
  /// Works for tall, square and wide matrices, through the singular value decomposition.
  ///
  /// - Parameters:
  ///   - a: `[m, n]`.
  ///   - b: `[m, columns]`.
  ///   - m: rows of A, the observations.
  ///   - n: columns of A, the unknowns.
  ///   - columns: number of right-hand sides.
  ///   - relativeThreshold: singular values below this part of the largest count as zero; by default
  ///     `max(m, n)` times the element type's epsilon.
  /// - Returns: the solution, the rank and the singular values.
  /// - Throws: ``LinearAlgebraError/notFinite(argument:)``,
  ///   ``LinearAlgebraError/noConvergence(remaining:)``, ``LinearAlgebraError/outOfMemory(rows:columns:)``.
  ///
  /// *Reference:* equals `numpy.linalg.lstsq` with its default `rcond`.
  public static func leastSquares<T: BLASScalar>(
    _ a: [T], _ b: [T], m: Int, n: Int, columns: Int = 1, relativeThreshold: T? = nil
  ) throws(LinearAlgebraError) -> LeastSquares<T> {
    requireCount(a, m * n, "a", "m·n = \(m)·\(n)")
    requireCount(b, m * columns, "b", "m·columns = \(m)·\(columns)")
    guard m > 0 && n > 0 && columns > 0 else {
      return LeastSquares(
        solution: [T](repeating: 0, count: n * columns), rank: 0, singularValues: [])
    }
    BLASRuntime.start()
    let width = extent(columns, "columns")
    var work = a
    var solution = b + [T](repeating: 0, count: max(0, n - m) * columns)
    var values = [T](repeating: 0, count: min(m, n))
    var rank: Int32 = 0
    let info = T._routines.gelsd(
      LAPACK_ROW_MAJOR, extent(m, "m"), extent(n, "n"), width, &work, extent(n, "n"), &solution,
      width, &values, relativeThreshold ?? T(max(m, n)) * T.ulpOfOne, &rank)
    try check(info, rows: m, columns: n, argument: "the matrix or the right-hand side") {
      .noConvergence(remaining: $0)
    }
    return LeastSquares(
      solution: Array(solution.prefix(n * columns)), rank: Int(rank), singularValues: values)
  }
}
