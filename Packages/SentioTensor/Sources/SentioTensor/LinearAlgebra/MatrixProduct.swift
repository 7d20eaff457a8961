import SentioBLAS

extension Tensor {
  /// Matrix product over the last two axes; the axes before them broadcast.
  ///
  /// A single matrix on the right is multiplied by all rows on the left at once.
  ///
  /// - Parameters:
  ///   - other: `[…, K, N]`, or `[…, N, K]` where `transposeB`.
  ///   - transposeA: whether this tensor is `[…, K, M]` and not `[…, M, K]`.
  ///   - transposeB: whether the other is stored transposed.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[…, M, N]`; zeros where K is 0.
  public func matmul(
    _ other: Tensor, transposeA: Bool = false, transposeB: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank >= 2 && other.rank >= 2,
      "matmul needs matrices, and the shapes are \(shape) and \(other.shape)", file, line)
    guard
      let layout = ProductLayout(
        shape, other.shape, transposeA: transposeA, transposeB: transposeB)
    else {
      stop(
        "matmul: shapes \(shape)\(transposeA ? " transposed" : "") and "
          + "\(other.shape)\(transposeB ? " transposed" : "") do not fit", file, line)
    }
    // A build without oneDNN tells here that it has no such products.
    let rounds = !layout.isEmpty && Compute.multipliesInBFloat16
    #if OneDNN
      if rounds { return bfloat16Product(other, layout) }
    #else
      precondition(!rounds, "this build has no products in bfloat16")
    #endif
    let result = Tensor(uninitialized: layout.shape)
    multiply(other, into: result, layout)
    let (x, y, scope) = (self, other, Compute.scope)
    return result.derived(
      from: self,
      { gradient in
        // C = op(A)·op(B): dop(A) = dC·op(B)', and the other way round where A is stored transposed.
        let product = scope {
          transposeA
            ? y.matmul(gradient, transposeA: transposeB, transposeB: true)
            : gradient.matmul(y, transposeB: !transposeB)
        }
        return product.reduced(to: x.shape)
      }, other,
      { gradient in
        var (left, right) = (x, gradient)
        if layout.isOneProduct {
          // All rows met the one matrix, and their shares add up inside of one product.
          let rows = layout.batchA.elementCount * layout.m
          left = x.reshaped([rows, layout.k] as Shape)
          right = gradient.reshaped([rows, layout.n] as Shape)
        }
        let product = scope {
          transposeB
            ? right.matmul(left, transposeA: true, transposeB: transposeA)
            : left.matmul(right, transposeA: !transposeA)
        }
        return product.reshaped(product.count == y.count ? y.shape : product.shape)
          .reduced(to: y.shape)
      })
  }

  /// Fills a result with the products in single precision.
  private func multiply(_ other: Tensor, into result: Tensor, _ layout: ProductLayout) {
    guard result.count > 0 else { return }
    let (m, n, k) = (layout.m, layout.n, layout.k)
    let (a, b, c) = (storage.pointer, other.storage.pointer, result.storage.pointer)
    if layout.isOneProduct {
      let rows = layout.batch.elementCount * m
      let packs = rows >= SinglePrecisionProduct.rowsWorthPacking && other.isConstant
      SinglePrecisionProduct.run(
        self, other, into: result, m: rows, n: n, k: k, transposeB: layout.transposeB,
        packing: packs ? .kept : .never)
      return
    }
    let places = layout.places
    let engine = Compute.engine
    func multiply(_ range: Range<Int>) {
      for index in range {
        SinglePrecisionProduct.run(
          a + places[index].a, b + places[index].b, into: c + index * m * n, m: m, n: n, k: k,
          transposeA: layout.transposeA, transposeB: layout.transposeB, engine: engine)
      }
    }
    // Many small products: one thread each. Few large ones: the library splits each.
    if places.count >= 2 * BLASRuntime.threadCount && m * n * k < 1 << 24 {
      ParallelLoop.run(places.count, cost: m * n * k / 8, multiply)
    } else {
      multiply(0..<places.count)
    }
  }

  /// Inner product of two vectors.
  ///
  /// - Parameters:
  ///   - other: a tensor of the same shape, of rank 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `Σ x[i]·y[i]`.
  public func dot(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Float {
    require(
      rank == 1 && shape == other.shape,
      "dot needs two vectors of one length, and the shapes are \(shape) and \(other.shape)",
      file, line)
    return BLAS.dot(storage.pointer, other.storage.pointer, count: count)
  }

  /// Outer product of two vectors.
  ///
  /// - Parameters:
  ///   - other: `[N]`.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[M, N]` for this `[M]`: all products of their elements.
  public func outer(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      rank == 1 && other.rank == 1,
      "outer needs two vectors, and the shapes are \(shape) and \(other.shape)", file, line)
    return reshaped([count, 1] as Shape) * other
  }
}
