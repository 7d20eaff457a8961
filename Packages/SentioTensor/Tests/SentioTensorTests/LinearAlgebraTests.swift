import SentioBLAS
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct LinearAlgebraTests {
  @Test(arguments: 0..<6, [(false, false), (true, false), (false, true), (true, true)])
  func productsBroadcastAsInNumPy(_ index: Int, _ flags: (Bool, Bool)) {
    let a = Golden.tensor("matmul.\(index).a")
    let b = Golden.tensor("matmul.\(index).b")
    let product = (flags.0 ? a.transposed() : a).matmul(
      flags.1 ? b.transposed() : b, transposeA: flags.0, transposeB: flags.1)
    expectClose(product, Golden.tensor("matmul.\(index).out"))
  }

  @Test func emptyProductsAreZeros() {
    #expect(Tensor.zeros([2, 0]).matmul(.zeros([0, 3])) == .zeros([2, 3]))
    #expect(Tensor.zeros([0, 2]).matmul(.zeros([2, 3])).shape == [0, 3])
  }

  @Test func vectorsMultiply() {
    let a: Tensor = [1, 2, 3]
    #expect(a.dot([4, 5, 6]) == 32)
    #expect(a.outer([1, -1]) == [[1, -1], [2, -2], [3, -3]])
  }

  @Test func decompositionsEqualNumPys() throws {
    let a = Golden.tensor("linear.definite")
    let b = Golden.tensor("linear.b")
    // The matrix's condition number is about 60.
    let tolerance = Tolerance(relative: 1e-5, absolute: 1e-5)
    expectClose(try a.cholesky(), Golden.tensor("linear.cholesky"), within: tolerance)
    expectClose(try a.solve(b), Golden.tensor("linear.solve"), within: tolerance)
    let (values, vectors) = try a.symmetricEigen()
    expectClose(values, Golden.tensor("linear.eigenvalues"), within: tolerance)
    expectClose(
      (vectors * values).matmul(vectors, transposeB: true), a,
      within: Tolerance(relative: 1e-5, absolute: 1e-5))
    let tall = Golden.tensor("linear.tall")
    let (u, singular, vTransposed) = try tall.svd()
    expectClose(singular, Golden.tensor("linear.singularValues"), within: tolerance)
    expectClose((u * singular).matmul(vTransposed), tall, within: tolerance)
    let fit = try tall.leastSquares(Golden.tensor("linear.rhs"))
    expectClose(fit.solution, Golden.tensor("linear.leastSquares"), within: tolerance)
    #expect(fit.rank == 4)
    let singular2: Tensor = [[1, 2], [2, 4]]
    #expect(throws: LinearAlgebraError.self) { try singular2.cholesky() }
  }
}
