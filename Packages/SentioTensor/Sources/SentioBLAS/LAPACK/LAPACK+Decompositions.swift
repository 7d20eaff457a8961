import COpenBLAS

extension LAPACK {
  /// Eigenvalues and eigenvectors of a symmetric matrix: `A = V · diag(λ) · V'`.
  ///
  /// - Parameters:
  ///   - a: `[n, n]`, symmetric; only its lower triangle is read. On return V: column `j`
  ///     (elements `a[i·n + j]`) is the unit eigenvector of `values[j]`. Its sign is arbitrary.
  ///   - values: `[n]`; on return the eigenvalues, ascending.
  ///   - n: order.
  /// - Throws: ``LinearAlgebraError/notFinite(argument:)``,
  ///   ``LinearAlgebraError/noConvergence(remaining:)``, ``LinearAlgebraError/outOfMemory(rows:columns:)``.
  public static func symmetricEigen<T: BLASScalar>(
    _ a: UnsafeMutablePointer<T>, values: UnsafeMutablePointer<T>, n: Int
  ) throws(LinearAlgebraError) {
    guard n > 0 else { return }
    BLASRuntime.start()
    let order = extent(n, "n")
    let info = T._routines.syevd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), order, a, order, values)
    try check(info, rows: n, columns: n, argument: "the matrix") { .noConvergence(remaining: $0) }
    // LAPACK's columns are our rows.
    for i in 0..<n {
      for j in 0..<i {
        let upper = a[j * n + i]
        a[j * n + i] = a[i * n + j]
        a[i * n + j] = upper
      }
    }
  }

  /// Eigenvalues and eigenvectors of a symmetric array.
  ///
  /// - Parameters:
  ///   - a: `[n, n]`, symmetric; only its lower triangle is read.
  ///   - n: order.
  /// - Returns: the eigenvalues, ascending, and V as `[n, n]`, whose columns are the eigenvectors.
  /// - Throws: as the pointer form.
  ///
  /// *Reference:* equals `numpy.linalg.eigh`, up to the vectors' signs.
  public static func symmetricEigen<T: BLASScalar>(
    _ a: [T], n: Int
  ) throws(LinearAlgebraError) -> (values: [T], vectors: [T]) {
    requireCount(a, n * n, "a", "n·n = \(n)·\(n)")
    var vectors = a
    var values = [T](repeating: 0, count: n)
    try inPlace(&vectors) { v throws(LinearAlgebraError) in
      try inPlace(&values) { w throws(LinearAlgebraError) in
        try symmetricEigen(v, values: w, n: n)
      }
    }
    return (values, vectors)
  }

  /// Thin singular value decomposition `A = U · diag(s) · V'`, with `k = min(m, n)`.
  ///
  /// - Parameters:
  ///   - a: `[m, n]`; destroyed.
  ///   - u: `[m, k]`; on return the left singular vectors, as columns.
  ///   - values: `[k]`; on return the singular values, descending and not negative.
  ///   - vTransposed: `[k, n]`; on return the right singular vectors, as rows.
  ///   - m: rows of A.
  ///   - n: columns of A.
  /// - Throws: ``LinearAlgebraError/notFinite(argument:)``,
  ///   ``LinearAlgebraError/noConvergence(remaining:)``, ``LinearAlgebraError/outOfMemory(rows:columns:)``.
  public static func svd<T: BLASScalar>(
    _ a: UnsafeMutablePointer<T>, u: UnsafeMutablePointer<T>, values: UnsafeMutablePointer<T>,
    vTransposed: UnsafeMutablePointer<T>, m: Int, n: Int
  ) throws(LinearAlgebraError) {
    let k = min(m, n)
    guard k > 0 else { return }
    BLASRuntime.start()
    let rows = extent(m, "m")
    let columns = extent(n, "n")
    // LAPACK sees A' = V · diag(s) · U', so that its left vectors are our right ones.
    let info = T._routines.gesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "S")), columns, rows, a, columns, values,
      vTransposed, columns, u, extent(k, "k"))
    try check(info, rows: m, columns: n, argument: "the matrix") { .noConvergence(remaining: $0) }
  }

  /// Thin singular value decomposition of an array.
  ///
  /// - Parameters:
  ///   - a: `[m, n]`.
  ///   - m: rows.
  ///   - n: columns.
  /// - Returns: U as `[m, k]`, the `k = min(m, n)` singular values, descending, and V' as `[k, n]`.
  /// - Throws: as the pointer form.
  ///
  /// *Reference:* equals `numpy.linalg.svd(a, full_matrices=False)`, up to the vectors' signs.
  public static func svd<T: BLASScalar>(
    _ a: [T], m: Int, n: Int
  ) throws(LinearAlgebraError) -> (u: [T], values: [T], vTransposed: [T]) {
    requireCount(a, m * n, "a", "m·n = \(m)·\(n)")
    let k = min(m, n)
    var work = a
    var u = [T](repeating: 0, count: m * k)
    var values = [T](repeating: 0, count: k)
    var vTransposed = [T](repeating: 0, count: k * n)
    try inPlace(&work) { a throws(LinearAlgebraError) in
      try inPlace(&u) { u throws(LinearAlgebraError) in
        try inPlace(&values) { s throws(LinearAlgebraError) in
          try inPlace(&vTransposed) { v throws(LinearAlgebraError) in
            try svd(a, u: u, values: s, vTransposed: v, m: m, n: n)
          }
        }
      }
    }
    return (u, values, vTransposed)
  }
}
