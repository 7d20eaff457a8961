import SentioBLAS
import Testing

@Suite struct FactorizationTests {
  /// A positive definite matrix: a Gram matrix plus the identity.
  private func definite<T: BLASScalar>(_ n: Int) -> [T] {
    var a: [T] = BLAS.syrk(scattered(2 * n, n), n: n, k: 2 * n)
    for i in 0..<n { a[i * n + i] += 1 }
    return a
  }

  @Test(arguments: [0, 1, 2, 7, 40]) func choleskyRebuildsTheMatrixAndSolves(_ n: Int) throws {
    func check<T: BLASScalar>(_: T.Type) throws {
      let a: [T] = definite(n)
      let factor = try LAPACK.choleskyFactor(a, n: n)
      for i in 0..<n { for j in i + 1..<max(n, i + 1) { #expect(factor[i * n + j] == 0) } }
      let rebuilt = BLAS.gemm(factor, factor, m: n, n: n, k: n, transposeB: true)
      #expect(largestDifference(rebuilt, a.map(Double.init)) <= 4 * tolerance(4 * n, T.self))
      let x: [T] = scattered(n, 3, seed: 5)
      let b = BLAS.gemm(a, x, m: n, n: 3, k: n)
      let solution = LAPACK.choleskySolve(factor, b, n: n, columns: 3)
      #expect(largestDifference(solution, x.map(Double.init)) <= 16 * tolerance(4 * n, T.self))
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func choleskyReadsTheLowerTriangleOnly() throws {
    let factor = try LAPACK.choleskyFactor([4, 99, 2, 5] as [Double], n: 2)
    #expect(factor == [2, 0, 1, 2])
  }

  @Test func choleskyNamesTheMinorThatFails() {
    let a: [Double] = [1, 0, 0, 0, 1, 1, 0, 1, 0.5]
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 3)) {
      try LAPACK.choleskyFactor(a, n: 3)
    }
    #expect(throws: LinearAlgebraError.notFinite(argument: "the matrix")) {
      try LAPACK.choleskyFactor([1, 0, .nan, 1] as [Float], n: 2)
    }
  }

  @Test func eigenvaluesOfTheSecondDifferenceMatrix() throws {
    // Tridiagonal (-1, 2, -1) has eigenvalues 2 − 2·cos(πj/(n+1)).
    let n = 12
    var a = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      a[i * n + i] = 2
      if i > 0 { a[i * n + i - 1] = -1 }
    }
    let (values, vectors) = try LAPACK.symmetricEigen(a, n: n)
    for j in 0..<n {
      let expected = 2 - 2 * cosine(Double.pi * Double(j + 1) / Double(n + 1))
      #expect(abs(values[j] - expected) < 1e-13)
    }
    // A·V = V·diag(λ), with A's upper triangle restored: columns are vectors.
    for i in 1..<n { a[(i - 1) * n + i] = -1 }
    let left = BLAS.gemm(a, vectors, m: n, n: n, k: n)
    let right = (0..<n * n).map { vectors[$0] * values[$0 % n] }
    #expect(largestDifference(left, right) < 1e-13)
  }

  @Test(arguments: [(1, 1), (6, 3), (3, 6), (30, 17)])
  func singularValuesRebuildTheMatrix(_ m: Int, _ n: Int) throws {
    func check<T: BLASScalar>(_: T.Type) throws {
      let a: [T] = scattered(m, n)
      let k = min(m, n)
      let (u, values, vTransposed) = try LAPACK.svd(a, m: m, n: n)
      #expect(values == values.sorted(by: >) && values.allSatisfy { $0 >= 0 })
      let scaled = (0..<k * n).map { values[$0 / n] * vTransposed[$0] }
      let rebuilt = BLAS.gemm(u, scaled, m: m, n: n, k: k)
      #expect(largestDifference(rebuilt, a.map(Double.init)) < 16 * tolerance(k, T.self))
      let identity = (0..<k * k).map { $0 / k == $0 % k ? 1.0 : 0.0 }
      #expect(largestDifference(BLAS.syrk(u, n: k, k: m), identity) < 16 * tolerance(m, T.self))
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func singularValuesOfADiagonalRectangle() throws {
    let (_, values, _) = try LAPACK.svd([0, -3, 0, 0, 0, 2] as [Double], m: 2, n: 3)
    #expect(abs(values[0] - 3) < 1e-15 && abs(values[1] - 2) < 1e-15)
  }

  @Test func solveFindsXAndNamesAZeroPivot() throws {
    let x = try LAPACK.solve([0, 2, 1, 1] as [Double], [4, 0, 3, 1], n: 2, columns: 2)
    #expect(x == [1, 1, 2, 0])
    #expect(throws: LinearAlgebraError.singular(order: 2)) {
      try LAPACK.solve([1, 2, 2, 4] as [Float], [1, 1], n: 2)
    }
  }

  @Test func leastSquaresFitsALine() throws {
    // y = 1 + 2t at t = 0…3, with residuals orthogonal to both columns.
    let a: [Double] = [1, 0, 1, 1, 1, 2, 1, 3]
    let fit = try LAPACK.leastSquares(a, [2, 2, 4, 8], m: 4, n: 2)
    #expect(abs(fit.solution[0] - 1) < 1e-14 && abs(fit.solution[1] - 2) < 1e-14)
    #expect(fit.rank == 2)
  }

  @Test func leastSquaresTakesTheShortestOfManySolutions() throws {
    // Two equal columns share the weight; a wide system has a row space of dimension 1.
    let shared = try LAPACK.leastSquares([1, 1, 2, 2, 3, 3] as [Float], [2, 4, 6], m: 3, n: 2)
    #expect(shared.rank == 1)
    #expect(shared.solution.allSatisfy { abs($0 - 1) < 1e-6 })
    let wide = try LAPACK.leastSquares([3, 4] as [Double], [25], m: 1, n: 2)
    #expect(abs(wide.solution[0] - 3) < 1e-14 && abs(wide.solution[1] - 4) < 1e-14)
  }

  @Test func notANumberIsReportedEverywhere() {
    let bad: [Double] = [1, .nan, .nan, 1]
    #expect(throws: LinearAlgebraError.self) { try LAPACK.symmetricEigen(bad, n: 2) }
    #expect(throws: LinearAlgebraError.self) { try LAPACK.svd(bad, m: 2, n: 2) }
    #expect(throws: LinearAlgebraError.self) { try LAPACK.solve(bad, [1, 1], n: 2) }
    #expect(throws: LinearAlgebraError.self) { try LAPACK.leastSquares(bad, [1, 1], m: 2, n: 2) }
  }
}

/// The cosine by its series, so that the tests need no mathematics library.
private func cosine(_ x: Double) -> Double {
  var term = 1.0
  var sum = 1.0
  for k in 1...30 {
    term *= -x * x / Double((2 * k - 1) * (2 * k))
    sum += term
  }
  return sum
}
