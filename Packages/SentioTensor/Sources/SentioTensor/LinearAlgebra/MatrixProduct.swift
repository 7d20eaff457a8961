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
    let (m, k) =
      transposeA ? (shape[rank - 1], shape[rank - 2]) : (shape[rank - 2], shape[rank - 1])
    let (l, n) =
      transposeB
      ? (other.shape[other.rank - 1], other.shape[other.rank - 2])
      : (other.shape[other.rank - 2], other.shape[other.rank - 1])
    let batchA = Shape(shape.dropLast(2))
    let batchB = Shape(other.shape.dropLast(2))
    guard k == l, let batch = batchA.broadcast(with: batchB) else {
      stop(
        "matmul: shapes \(shape)\(transposeA ? " transposed" : "") and "
          + "\(other.shape)\(transposeB ? " transposed" : "") do not fit", file, line)
    }
    let result = Tensor(uninitialized: Shape(Array(batch) + [m, n]))
    multiply(other, into: result, batch, transposeA, transposeB)
    let (x, y) = (self, other)
    return result.derived(
      from: self,
      { gradient in
        // C = op(A)·op(B): dop(A) = dC·op(B)', and the other way round where A is stored transposed.
        let product =
          transposeA
          ? y.matmul(gradient, transposeA: transposeB, transposeB: true)
          : gradient.matmul(y, transposeB: !transposeB)
        return product.reduced(to: x.shape)
      }, other,
      { gradient in
        var (left, right) = (x, gradient)
        if batchB.elementCount == 1 && !transposeA {
          // All rows met the one matrix, and their shares add up inside of one product.
          left = x.reshaped([batchA.elementCount * m, k] as Shape)
          right = gradient.reshaped([batchA.elementCount * m, n] as Shape)
        }
        let product =
          transposeB
          ? right.matmul(left, transposeA: true, transposeB: transposeA)
          : left.matmul(right, transposeA: !transposeA)
        return product.reshaped(product.count == y.count ? y.shape : product.shape)
          .reduced(to: y.shape)
      })
  }

  /// Fills a result of the shape `batch + [M, N]` with the products.
  private func multiply(
    _ other: Tensor, into result: Tensor, _ batch: Shape, _ transposeA: Bool, _ transposeB: Bool
  ) {
    guard result.count > 0 else { return }
    let (m, n) = (result.shape[result.rank - 2], result.shape[result.rank - 1])
    let k = transposeA ? shape[rank - 2] : shape[rank - 1]
    let batchA = Shape(shape.dropLast(2))
    let batchB = Shape(other.shape.dropLast(2))
    let a = storage.pointer
    let b = other.storage.pointer
    let c = result.storage.pointer
    if batchB.elementCount == 1 && !transposeA {
      // [..., M, K] × [K, N]: one product of all rows.
      SinglePrecisionProduct.run(
        a, b, into: c, m: batch.elementCount * m, n: n, k: k, transposeB: transposeB)
      return
    }
    let stridesA = broadcastStrides(of: batchA, to: batch).map { $0 * m * k }
    let stridesB = broadcastStrides(of: batchB, to: batch).map { $0 * k * n }
    let products = (0..<batch.elementCount).map { index in
      var rest = index
      var place = (a: 0, b: 0)
      for axis in stride(from: batch.rank - 1, through: 0, by: -1) {
        place.a += rest % batch[axis] * stridesA[axis]
        place.b += rest % batch[axis] * stridesB[axis]
        rest /= batch[axis]
      }
      return place
    }
    let engine = Compute.engine
    func multiply(_ range: Range<Int>) {
      for index in range {
        SinglePrecisionProduct.run(
          a + products[index].a, b + products[index].b, into: c + index * m * n, m: m, n: n, k: k,
          transposeA: transposeA, transposeB: transposeB, engine: engine)
      }
    }
    // Many small products: one thread each. Few large ones: OpenBLAS splits each.
    if products.count >= 2 * BLASRuntime.threadCount && m * n * k < 1 << 24 {
      ParallelLoop.run(products.count, cost: m * n * k / 8, multiply)
    } else {
      multiply(0..<products.count)
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
