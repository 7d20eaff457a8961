import COpenBLAS

/// Factorizations and solutions of dense row-major systems, by OpenBLAS's LAPACK.
///
/// The pointer forms work in place. A matrix that holds a NaN is reported as
/// ``LinearAlgebraError/notFinite(argument:)`` before any arithmetic. Empty systems (order 0) are
/// legal and do nothing.
///
/// LAPACK counts columns first, so it sees the transpose of every row-major matrix. For symmetric
/// matrices that is the same matrix, and for the singular value decomposition it exchanges U and V:
/// neither is transposed in memory here.
public enum LAPACK {
  /// Checks what a routine returned; `order` makes the error of a positive value.
  static func check(
    _ info: Int32, rows: Int, columns: Int, argument: String,
    _ positive: (Int) -> LinearAlgebraError
  ) throws(LinearAlgebraError) {
    if info == 0 { return }
    if info > 0 { throw positive(Int(info)) }
    if info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR {
      throw .outOfMemory(rows: rows, columns: columns)
    }
    // Our own extents are right by construction, so what is left is the NaN check.
    throw .notFinite(argument: argument)
  }
}
