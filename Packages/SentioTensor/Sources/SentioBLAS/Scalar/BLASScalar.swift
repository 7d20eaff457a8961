import COpenBLAS

/// An element type that BLAS and LAPACK have routines for: `Float` and `Double`.
///
/// The protocol is closed: no other type can conform, because nobody else can make a
/// ``BLASRoutines``.
public protocol BLASScalar: BinaryFloatingPoint, Sendable {
  /// The routines for this element type.
  static var _routines: BLASRoutines<Self> { get }
}

/// The routines of one element type, so that ``BLAS`` and ``LAPACK`` are written once.
public struct BLASRoutines<T>: Sendable {
  typealias Size = Int32
  typealias Input = UnsafePointer<T>?
  typealias Output = UnsafeMutablePointer<T>?

  let gemm:
    @Sendable (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Size, Size, Size, T, Input, Size, Input,
      Size, T, Output, Size
    ) -> Void
  let syrk:
    @Sendable (
      CBLAS_ORDER, CBLAS_UPLO, CBLAS_TRANSPOSE, Size, Size, T, Input, Size, T, Output, Size
    ) -> Void
  let gemv:
    @Sendable (
      CBLAS_ORDER, CBLAS_TRANSPOSE, Size, Size, T, Input, Size, Input, Size, T, Output, Size
    ) -> Void
  let dot: @Sendable (Size, Input, Size, Input, Size) -> T
  let trsm:
    @Sendable (
      CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Size, Size, T, Input,
      Size, Output, Size
    ) -> Void
  let potrf: @Sendable (Int32, CChar, Size, Output, Size) -> Size
  let syevd: @Sendable (Int32, CChar, CChar, Size, Output, Size, Output) -> Size
  let gesdd:
    @Sendable (
      Int32, CChar, Size, Size, Output, Size, Output, Output, Size, Output, Size
    ) -> Size
  let gelsd:
    @Sendable (
      Int32, Size, Size, Size, Output, Size, Output, Size, Output, T, UnsafeMutablePointer<Size>?
    ) -> Size
  let gesv:
    @Sendable (
      Int32, Size, Size, Output, Size, UnsafeMutablePointer<Size>?, Output, Size
    ) -> Size
}

extension Float: BLASScalar {
  /// The single-precision routines.
  public static let _routines = BLASRoutines<Float>(
    gemm: cblas_sgemm, syrk: cblas_ssyrk, gemv: cblas_sgemv, dot: cblas_sdot, trsm: cblas_strsm,
    potrf: LAPACKE_spotrf, syevd: LAPACKE_ssyevd, gesdd: LAPACKE_sgesdd, gelsd: LAPACKE_sgelsd,
    gesv: LAPACKE_sgesv)
}

extension Double: BLASScalar {
  /// The double-precision routines.
  public static let _routines = BLASRoutines<Double>(
    gemm: cblas_dgemm, syrk: cblas_dsyrk, gemv: cblas_dgemv, dot: cblas_ddot, trsm: cblas_dtrsm,
    potrf: LAPACKE_dpotrf, syevd: LAPACKE_dsyevd, gesdd: LAPACKE_dgesdd, gelsd: LAPACKE_dgelsd,
    gesv: LAPACKE_dgesv)
}
