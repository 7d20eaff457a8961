import CSentioClassicalKernels

/// Inner products of rows, from which the kernel matrix of any width follows.
///
/// `k(a, b) = exp(-gamma · ‖a - b‖²)` and `‖a - b‖² = a·a + b·b - 2 a·b`, so that one matrix product
/// serves every gamma of a search.
struct RowProducts {
  /// `[N, M]`: row i of the one set times row j of the other.
  let products: Matrix
  /// The squared length of each row of the one set.
  let squares: [Double]
  /// The squared length of each row of the other.
  let otherSquares: [Double]

  init(_ rows: Matrix, _ others: Matrix) {
    products = rows.timesTransposed(others)
    squares = Self.squaredLengths(rows)
    otherSquares = Self.squaredLengths(others)
  }

  /// The products of a set with itself.
  init(_ rows: Matrix) {
    let own = rows.timesTransposed(rows)
    // The diagonal, and not a sum of its own, so that k(a, a) is 1 to the last bit.
    let diagonal = (0..<rows.rows).map { own.values[$0 * rows.rows + $0] }
    products = own
    squares = diagonal
    otherSquares = diagonal
  }

  /// The kernel values of row `row` against every row of the other set.
  func kernelRow(_ row: Int, gamma: Double, into target: UnsafeMutablePointer<Double>) {
    let count = products.columns
    products.values.withUnsafeBufferPointer {
      target.update(from: $0.baseAddress! + row * count, count: count)
    }
    sentio_radial_basis_row(target, otherSquares, squares[row], gamma, Int64(count))
  }

  /// `[N, K]`: the kernel matrix `[N, M]` times weights `[M, K]`, without storing the kernel matrix.
  func kernelTimes(_ weights: [Double], outputs: Int, gamma: Double) -> Matrix {
    let count = products.columns
    precondition(weights.count == count * outputs, "\(weights.count) weights, \(count) rows")
    var result = Matrix(zeros: products.rows, outputs)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count)) { kernel in
      for row in 0..<products.rows where count > 0 {
        kernelRow(row, gamma: gamma, into: kernel.baseAddress!)
        for output in 0..<outputs {
          var sum = 0.0
          for j in 0..<count { sum += kernel[j] * weights[j * outputs + output] }
          result.values[row * outputs + output] = sum
        }
      }
    }
    return result
  }

  private static func squaredLengths(_ matrix: Matrix) -> [Double] {
    (0..<matrix.rows).map { row in
      var sum = 0.0
      for column in 0..<matrix.columns {
        let value = matrix.values[row * matrix.columns + column]
        sum += value * value
      }
      return sum
    }
  }
}
