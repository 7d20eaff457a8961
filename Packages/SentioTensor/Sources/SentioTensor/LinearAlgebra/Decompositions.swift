import SentioBLAS

// LAPACK's factorizations of single matrices. What the numbers can cause is thrown; a wrong shape
// stops, and so does a tensor that is being differentiated: these have no derivatives.
extension Tensor {
  /// The lower triangular L with `A = L·L'`.
  ///
  /// - Parameters:
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, N]`, zeros above the diagonal.
  /// - Throws: `LinearAlgebraError` where the matrix is not positive definite.
  public func cholesky(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    let n = squareOrder(file, line)
    return Tensor(try LAPACK.choleskyFactor(scalars, n: n), shape: shape)
  }

  /// The solution of `A·X = B` for a square matrix, by LU with partial pivoting.
  ///
  /// - Parameters:
  ///   - b: `[N, C]` or `[N]`.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: X, in the shape of B.
  /// - Throws: `LinearAlgebraError` where the matrix is singular.
  public func solve(
    _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    let n = squareOrder(file, line)
    let columns = rightHandSides(b, rows: n, file, line)
    return Tensor(
      try LAPACK.solve(scalars, b.scalars, n: n, columns: columns), shape: b.shape)
  }

  /// Eigenvalues and eigenvectors of a symmetric matrix, of which the lower triangle is read.
  ///
  /// - Parameters:
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the eigenvalues, ascending, and the unit eigenvectors as columns.
  /// - Throws: `LinearAlgebraError`.
  public func symmetricEigen(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    let n = squareOrder(file, line)
    let (values, vectors) = try LAPACK.symmetricEigen(scalars, n: n)
    return (Tensor(values), Tensor(vectors, shape: shape))
  }

  /// Thin singular value decomposition `A = U · diag(s) · V'` of `[M, N]`, with `K = min(M, N)`.
  ///
  /// - Parameters:
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[M, K]`, the singular values `[K]`, descending, and `[K, N]`.
  /// - Throws: `LinearAlgebraError`.
  public func svd(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (u: Tensor, values: Tensor, vTransposed: Tensor) {
    require(rank == 2, "svd needs a matrix, and the shape is \(shape)", file, line)
    requireConstant(file, line)
    let (m, n) = (shape[0], shape[1])
    let k = Swift.min(m, n)
    let (u, values, vTransposed) = try LAPACK.svd(scalars, m: m, n: n)
    return (Tensor(u, shape: [m, k]), Tensor(values), Tensor(vTransposed, shape: [k, n]))
  }

  /// The least-squares solution of `A·X ≈ B`, of least norm where A is rank-deficient.
  ///
  /// - Parameters:
  ///   - b: `[M, C]` or `[M]` for this `[M, N]`.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: X as `[N, C]` or `[N]`, and the rank of A.
  /// - Throws: `LinearAlgebraError`.
  public func leastSquares(
    _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (solution: Tensor, rank: Int) {
    require(rank == 2, "leastSquares needs a matrix, and the shape is \(shape)", file, line)
    requireConstant(file, line)
    let (m, n) = (shape[0], shape[1])
    let columns = rightHandSides(b, rows: m, file, line)
    let fit = try LAPACK.leastSquares(scalars, b.scalars, m: m, n: n, columns: columns)
    return (Tensor(fit.solution, shape: b.shape.replacing(0, with: n)), fit.rank)
  }

  private func squareOrder(_ file: StaticString, _ line: UInt) -> Int {
    require(
      rank == 2 && shape[0] == shape[1], "a square matrix is needed, and the shape is \(shape)",
      file, line)
    requireConstant(file, line)
    return shape[0]
  }

  private func requireConstant(_ file: StaticString, _ line: UInt) {
    require(
      recordedPlace == nil,
      "a factorization has no derivative; `detached()` makes a constant of the matrix", file, line)
  }

  private func rightHandSides(
    _ b: Tensor, rows: Int, _ file: StaticString, _ line: UInt
  ) -> Int {
    require(
      (b.rank == 1 || b.rank == 2) && b.shape[0] == rows,
      "right-hand sides of shape \(b.shape) do not fit \(shape)", file, line)
    b.requireConstant(file, line)
    return b.rank == 2 ? b.shape[1] : 1
  }
}
