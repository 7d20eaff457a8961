import CSentioTensorKernels
import SentioBLAS

#if OneDNN
  import CSentioOneDNN
#endif

/// The one door through which products of single precision matrices reach a library.
enum SinglePrecisionProduct {
  /// Whether the right factor is brought into the library's own order first, and how long it stays.
  enum Packing {
    /// It is read as it lies.
    case never
    /// For this product: it changes before the next, and a second copy would wait in memory for nothing.
    case once
    /// Until it changes, for all products in between.
    case kept
  }

  /// The rows from which on packing pays in the one product that it is done for.
  static let rowsWorthPacking = 1024

  /// `C = op(A) · op(B) + beta · C` on row-major matrices.
  ///
  /// - Parameters:
  ///   - a: M × K, or K × M where transposed.
  ///   - b: K × N, or N × K where transposed.
  ///   - c: M × N.
  ///   - m: rows of the result.
  ///   - n: columns of the result.
  ///   - k: the length of the sums; 0 gives zeros.
  ///   - transposeA: whether A is stored transposed.
  ///   - transposeB: whether B is stored transposed.
  ///   - leadingA: elements from row to row of A; by default they lie together.
  ///   - leadingB: the same for B.
  ///   - leadingC: the same for C.
  ///   - beta: what the old content of C counts; 0 does not read it.
  ///   - engine: the library; inside of a ``ParallelLoop`` the caller's, which other threads do not know.
  static func run(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false,
    leadingA: Int? = nil, leadingB: Int? = nil, leadingC: Int? = nil, beta: Float = 0,
    engine: ComputeEngine = Compute.engine
  ) {
    #if OneDNN
      if engine == .oneDNN && m > 1 && n > 1 && k > 0 {
        let status = sentio_dnn_sgemm(
          transposeA ? 1 : 0, transposeB ? 1 : 0, Int64(m), Int64(n), Int64(k), a,
          Int64(leadingA ?? (transposeA ? m : k)), b, Int64(leadingB ?? (transposeB ? k : n)), beta,
          c,
          Int64(leadingC ?? n))
        if status == 0 { return }
      }
    #endif
    BLAS.gemm(
      a, b, into: c, m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, beta: beta,
      leadingA: leadingA, leadingB: leadingB, leadingC: leadingC)
  }

  /// `C = A · op(B) + bias + addend` on row-major matrices that are whole tensors.
  ///
  /// - Parameters:
  ///   - a: M × K.
  ///   - b: K × N, or N × K where transposed.
  ///   - c: M × N.
  ///   - m: rows of the result.
  ///   - n: columns of the result.
  ///   - k: the length of the sums.
  ///   - transposeB: whether B is stored transposed.
  ///   - packing: whether B is packed.
  ///   - bias: what is added to each row, `[N]`; nothing if nil.
  ///   - addend: what is added last, M × N; nothing if nil.
  static func run(
    _ a: Tensor, _ b: Tensor, into c: Tensor, m: Int, n: Int, k: Int, transposeB: Bool,
    packing: Packing, bias: Tensor? = nil, addend: Tensor? = nil
  ) {
    #if OneDNN
      if packing != .never && Compute.engine == .oneDNN && m > 0 && n > 1 && k > 0 {
        let product = PreparedProduct(
          m: m, n: n, k: k, transposeB: transposeB, packsB: true, hasBias: bias != nil,
          hasAddend: addend != nil)
        if let primitive = product.primitive,
          let packed = product.pack(b, for: primitive, keeps: packing == .kept)
        {
          product.run(primitive, a.storage, packed, into: c.storage, bias: bias, addend: addend)
          return
        }
      }
    #endif
    run(
      a.storage.pointer, b.storage.pointer, into: c.storage.pointer, m: m, n: n, k: k,
      transposeB: transposeB)
    if let bias { c.addBias(bias, .identity, into: c) }
    if let addend {
      let (sums, addends) = (c.storage.pointer, addend.storage.pointer)
      ParallelLoop.run(m, cost: n) { rows in
        let start = rows.lowerBound * n
        sentio_add(sums + start, n, 1, addends + start, n, 1, sums + start, rows.count, n)
      }
      withExtendedLifetime(addend) {}
    }
  }
}
