import COpenBLAS

/// Products of dense row-major matrices and vectors, by OpenBLAS.
///
/// Every matrix is row-major: element (i, j) of a matrix with rows of `n` stands at `i·n + j`.
/// The pointer forms allocate nothing and are safe to call from several threads at once; the array
/// forms check their extents and return a new array. A NaN or infinity spreads by the rules of
/// IEEE 754, except that `beta == 0` overwrites the output without reading it.
public enum BLAS {
  /// Matrix product: `C = alpha · op(A) · op(B) + beta · C`.
  ///
  /// - Parameters:
  ///   - a: `[m, k]`, or `[k, m]` where `transposeA`.
  ///   - b: `[k, n]`, or `[n, k]` where `transposeB`.
  ///   - c: `[m, n]`; not read where `beta` is 0.
  ///   - m: rows of C.
  ///   - n: columns of C.
  ///   - k: length of the inner products; where it is 0, C becomes `beta · C`.
  ///   - transposeA: whether A is stored transposed.
  ///   - transposeB: whether B is stored transposed.
  ///   - alpha: factor of the product.
  ///   - beta: factor of what C held.
  ///   - leadingA: elements from one stored row of A to the next; by default its row length.
  ///   - leadingB: the same for B.
  ///   - leadingC: the same for C.
  public static func gemm<T: BLASScalar>(
    _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, into c: UnsafeMutablePointer<T>,
    m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false,
    alpha: T = 1, beta: T = 0, leadingA: Int? = nil, leadingB: Int? = nil, leadingC: Int? = nil
  ) {
    BLASRuntime.start()
    T._routines.gemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      extent(m, "m"), extent(n, "n"), extent(k, "k"), alpha,
      a, leading(leadingA, rowLength: transposeA ? m : k, "leadingA"),
      b, leading(leadingB, rowLength: transposeB ? k : n, "leadingB"), beta,
      c, leading(leadingC, rowLength: n, "leadingC"))
  }

  /// Gram matrix: `C = alpha · A'A + beta · C`, both triangles, at half the cost of `gemm`.
  ///
  /// - Parameters:
  ///   - a: `[k, n]`; `[n, k]` where `transposeA` is false, and then the product is `AA'`.
  ///   - c: `[n, n]`, symmetric on return. Where `beta` is not 0 its lower triangle is read.
  ///   - n: order of C.
  ///   - k: length of the inner products.
  ///   - transposeA: whether the first factor is A transposed, the usual case.
  ///   - alpha: factor of the product.
  ///   - beta: factor of what C held.
  ///   - leadingA: elements from one stored row of A to the next; by default its row length.
  public static func syrk<T: BLASScalar>(
    _ a: UnsafePointer<T>, into c: UnsafeMutablePointer<T>, n: Int, k: Int,
    transposeA: Bool = true, alpha: T = 1, beta: T = 0, leadingA: Int? = nil
  ) {
    BLASRuntime.start()
    T._routines.syrk(
      CblasRowMajor, CblasLower, transposeA ? CblasTrans : CblasNoTrans,
      extent(n, "n"), extent(k, "k"), alpha,
      a, leading(leadingA, rowLength: transposeA ? n : k, "leadingA"), beta,
      c, leading(nil, rowLength: n, "n"))
    mirrorLowerTriangle(of: c, n: n)
  }

  /// Matrix-vector product: `y = alpha · op(A) · x + beta · y`.
  ///
  /// - Parameters:
  ///   - a: `[m, n]`.
  ///   - x: `[n]`; `[m]` where `transposeA`.
  ///   - y: `[m]`; `[n]` where `transposeA`. Not read where `beta` is 0.
  ///   - m: rows of A as stored.
  ///   - n: columns of A as stored.
  ///   - transposeA: whether A acts transposed.
  ///   - alpha: factor of the product.
  ///   - beta: factor of what y held.
  ///   - leadingA: elements from one row of A to the next; by default `n`.
  public static func gemv<T: BLASScalar>(
    _ a: UnsafePointer<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>,
    m: Int, n: Int, transposeA: Bool = false, alpha: T = 1, beta: T = 0, leadingA: Int? = nil
  ) {
    BLASRuntime.start()
    let terms = transposeA ? m : n
    let rows = transposeA ? n : m
    guard terms > 0 else {
      // The library returns at once here, and leaves y as it was.
      for i in 0..<rows { y[i] = beta == 0 ? 0 : beta * y[i] }
      return
    }
    T._routines.gemv(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, extent(m, "m"), extent(n, "n"), alpha,
      a, leading(leadingA, rowLength: n, "leadingA"), x, 1, beta, y, 1)
  }

  /// Inner product `Σ x[i]·y[i]`; 0 for no elements.
  ///
  /// - Parameters:
  ///   - x: the first vector.
  ///   - y: the second vector.
  ///   - count: number of elements.
  ///   - strideX: elements from one of x to the next, at least 1.
  ///   - strideY: the same for y.
  /// - Returns: the sum, accumulated in the element type.
  public static func dot<T: BLASScalar>(
    _ x: UnsafePointer<T>, _ y: UnsafePointer<T>, count: Int, strideX: Int = 1, strideY: Int = 1
  ) -> T {
    precondition(
      strideX >= 1 && strideY >= 1, "strides must be at least 1, and are \(strideX), \(strideY)")
    BLASRuntime.start()
    return T._routines.dot(
      extent(count, "count"), x, extent(strideX, "strideX"), y, extent(strideY, "strideY"))
  }

  /// Copies the lower triangle over the upper one, in blocks, since the reads go down columns.
  static func mirrorLowerTriangle<T>(of c: UnsafeMutablePointer<T>, n: Int) {
    let block = 32
    for top in stride(from: 0, to: n, by: block) {
      for left in stride(from: 0, through: top, by: block) {
        for i in top..<min(top + block, n) {
          for j in left..<min(left + block, i) { c[j * n + i] = c[i * n + j] }
        }
      }
    }
  }
}
