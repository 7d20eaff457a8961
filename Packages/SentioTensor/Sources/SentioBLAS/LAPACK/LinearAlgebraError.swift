/// Why a factorization or a solution does not exist or was not found.
public enum LinearAlgebraError: Error, Sendable, Hashable {
  /// The leading minor of this order (1-based) is not positive, so there is no Cholesky factor.
  case notPositiveDefinite(order: Int)
  /// The pivot at this place (1-based) is exactly zero, so the system has no unique solution.
  case singular(order: Int)
  /// An argument holds a NaN.
  case notFinite(argument: String)
  /// The iteration stopped with this many values not yet found.
  case noConvergence(remaining: Int)
  /// The system gave no memory for the workspace of an `rows × columns` matrix.
  case outOfMemory(rows: Int, columns: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
  /// One sentence that says what is wrong with the matrix and what may help.
  public var description: String {
    switch self {
    case .notPositiveDefinite(let order):
      "the matrix is not positive definite: its leading minor of order \(order) is not positive; "
        + "add a ridge to the diagonal, or drop columns that depend on each other"
    case .singular(let order):
      "the matrix is singular: pivot \(order) is zero; use a least-squares solution instead"
    case .notFinite(let argument):
      "\(argument) holds a NaN; remove or impute the missing values first"
    case .noConvergence(let remaining):
      "the iteration did not converge: \(remaining) values are missing"
    case .outOfMemory(let rows, let columns):
      "no memory for the workspace of a \(rows) × \(columns) matrix"
    }
  }
}
