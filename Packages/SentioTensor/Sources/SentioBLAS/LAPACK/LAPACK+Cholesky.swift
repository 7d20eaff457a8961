import COpenBLAS

extension LAPACK {
  /// Cholesky factor in place: the lower triangular L with `A = L·L'`.
  ///
  /// - Parameters:
  ///   - a: `[n, n]`, symmetric; only its lower triangle is read. On return L, with zeros above the
  ///     diagonal; after an error its contents are undefined.
  ///   - n: order.
  /// - Throws: ``LinearAlgebraError/notPositiveDefinite(order:)``,
  ///   ``LinearAlgebraError/notFinite(argument:)``.
  public static func choleskyFactor<T: BLASScalar>(
    _ a: UnsafeMutablePointer<T>, n: Int
  ) throws(LinearAlgebraError) {
    guard n > 0 else { return }
    BLASRuntime.start()
    let order = extent(n, "n")
    // The row-major lower triangle is LAPACK's upper one.
    let info = T._routines.potrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), order, a, order)
    try check(info, rows: n, columns: n, argument: "the matrix") { .notPositiveDefinite(order: $0) }
    for i in 0..<n {
      (a + i * n + i + 1).update(repeating: 0, count: n - i - 1)
    }
  }

  /// Solves `A·X = B` in place, given the Cholesky factor of A.
  ///
  /// - Parameters:
  ///   - factor: `[n, n]`, L of `choleskyFactor(_:n:)`.
  ///   - b: `[n, columns]`, the right-hand sides; on return X.
  ///   - n: order.
  ///   - columns: number of right-hand sides.
  public static func choleskySolve<T: BLASScalar>(
    _ factor: UnsafePointer<T>, _ b: UnsafeMutablePointer<T>, n: Int, columns: Int = 1
  ) {
    guard n > 0 && columns > 0 else { return }
    BLASRuntime.start()
    let order = extent(n, "n")
    let width = extent(columns, "columns")
    for transpose in [CblasNoTrans, CblasTrans] {
      T._routines.trsm(
        CblasRowMajor, CblasLeft, CblasLower, transpose, CblasNonUnit, order, width, 1, factor,
        order, b, width)
    }
  }

  /// Cholesky factor of an array: the lower triangular L with `A = L·L'`.
  ///
  /// - Parameters:
  ///   - a: `[n, n]`, symmetric; only its lower triangle is read.
  ///   - n: order.
  /// - Returns: L as `[n, n]`, zeros above the diagonal.
  /// - Throws: ``LinearAlgebraError/notPositiveDefinite(order:)``,
  ///   ``LinearAlgebraError/notFinite(argument:)``.
  public static func choleskyFactor<T: BLASScalar>(
    _ a: [T], n: Int
  ) throws(LinearAlgebraError) -> [T] {
    requireCount(a, n * n, "a", "n·n = \(n)·\(n)")
    var factor = a
    try inPlace(&factor) { pointer throws(LinearAlgebraError) in
      try choleskyFactor(pointer, n: n)
    }
    return factor
  }

  /// Solution of `A·X = B`, given the Cholesky factor of A.
  ///
  /// - Parameters:
  ///   - factor: `[n, n]`, L of `choleskyFactor(_:n:)`.
  ///   - b: `[n, columns]`.
  ///   - n: order.
  ///   - columns: number of right-hand sides.
  /// - Returns: X as `[n, columns]`.
  public static func choleskySolve<T: BLASScalar>(
    _ factor: [T], _ b: [T], n: Int, columns: Int = 1
  ) -> [T] {
    requireCount(factor, n * n, "factor", "n·n = \(n)·\(n)")
    requireCount(b, n * columns, "b", "n·columns = \(n)·\(columns)")
    var solution = b
    inPlace(&solution) { choleskySolve(factor, $0, n: n, columns: columns) }
    return solution
  }
}

/// Runs `body` on an array's elements; does nothing where there are none.
func inPlace<T, E: Error>(
  _ array: inout [T], _ body: (UnsafeMutablePointer<T>) throws(E) -> Void
) throws(E) {
  try array.withUnsafeMutableBufferPointer { buffer throws(E) in
    if let base = buffer.baseAddress { try body(base) }
  }
}
