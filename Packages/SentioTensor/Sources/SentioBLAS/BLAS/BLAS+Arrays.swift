extension BLAS {
  /// Matrix product `op(A) · op(B)` of two arrays.
  ///
  /// - Parameters:
  ///   - a: `[m, k]`, or `[k, m]` where `transposeA`.
  ///   - b: `[k, n]`, or `[n, k]` where `transposeB`.
  ///   - m: rows of the product.
  ///   - n: columns of the product.
  ///   - k: length of the inner products.
  ///   - transposeA: whether A is stored transposed.
  ///   - transposeB: whether B is stored transposed.
  /// - Returns: `[m, n]`.
  public static func gemm<T: BLASScalar>(
    _ a: [T], _ b: [T], m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false
  ) -> [T] {
    requireCount(a, m * k, "a", "m·k = \(m)·\(k)")
    requireCount(b, k * n, "b", "k·n = \(k)·\(n)")
    return filled(m * n) { c in
      gemm(a, b, into: c, m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB)
    }
  }

  /// Gram matrix `A'A` of an array, or `AA'` where `transposeA` is false.
  ///
  /// - Parameters:
  ///   - a: `[k, n]`, or `[n, k]` where `transposeA` is false.
  ///   - n: order of the result.
  ///   - k: length of the inner products.
  ///   - transposeA: whether the first factor is A transposed.
  /// - Returns: `[n, n]`, symmetric.
  public static func syrk<T: BLASScalar>(
    _ a: [T], n: Int, k: Int, transposeA: Bool = true
  ) -> [T] {
    requireCount(a, n * k, "a", "n·k = \(n)·\(k)")
    return filled(n * n) { c in syrk(a, into: c, n: n, k: k, transposeA: transposeA) }
  }

  /// Matrix-vector product `op(A) · x` of arrays.
  ///
  /// - Parameters:
  ///   - a: `[m, n]`.
  ///   - x: `[n]`; `[m]` where `transposeA`.
  ///   - m: rows of A as stored.
  ///   - n: columns of A as stored.
  ///   - transposeA: whether A acts transposed.
  /// - Returns: `[m]`; `[n]` where `transposeA`.
  public static func gemv<T: BLASScalar>(
    _ a: [T], _ x: [T], m: Int, n: Int, transposeA: Bool = false
  ) -> [T] {
    requireCount(a, m * n, "a", "m·n = \(m)·\(n)")
    requireCount(x, transposeA ? m : n, "x", transposeA ? "m" : "n")
    return filled(transposeA ? n : m) { y in
      gemv(a, x, into: y, m: m, n: n, transposeA: transposeA)
    }
  }

  /// Inner product of two arrays of one length; 0 where they are empty.
  ///
  /// - Parameters:
  ///   - x: the first vector.
  ///   - y: the second vector, as long as the first.
  /// - Returns: the sum, accumulated in the element type.
  public static func dot<T: BLASScalar>(_ x: [T], _ y: [T]) -> T {
    requireCount(y, x.count, "y", "the length of x")
    return dot(x, y, count: x.count)
  }
}

/// Stops, with both numbers, where an array does not have the length its extents say.
func requireCount<T>(_ array: [T], _ count: Int, _ name: StaticString, _ meaning: String) {
  precondition(
    array.count == count, "\(name) must have \(count) elements (\(meaning)), and has \(array.count)"
  )
}

/// An array that `body` writes in full.
func filled<T>(_ count: Int, _ body: (UnsafeMutablePointer<T>) throws -> Void) rethrows -> [T] {
  guard count > 0 else { return [] }
  return try [T](unsafeUninitializedCapacity: count) { buffer, initialized in
    try body(buffer.baseAddress!)
    initialized = count
  }
}
