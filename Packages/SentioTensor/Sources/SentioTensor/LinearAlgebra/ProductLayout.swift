/// What a product of two arrays of matrices reads and writes.
struct ProductLayout: Sendable {
  /// Rows of a product.
  let m: Int
  /// Columns of a product.
  let n: Int
  /// The length of the sums.
  let k: Int
  let transposeA: Bool
  let transposeB: Bool
  /// The axes before the last two, of both factors and of the result.
  let batchA: Shape
  let batchB: Shape
  let batch: Shape

  /// Nil where the shapes, of rank 2 or more, do not fit.
  init?(_ a: Shape, _ b: Shape, transposeA: Bool, transposeB: Bool) {
    let (rowsA, columnsA) = (a[a.rank - 2], a[a.rank - 1])
    let (rowsB, columnsB) = (b[b.rank - 2], b[b.rank - 1])
    batchA = Shape(a.dropLast(2))
    batchB = Shape(b.dropLast(2))
    guard (transposeA ? rowsA : columnsA) == (transposeB ? columnsB : rowsB),
      let batch = batchA.broadcast(with: batchB)
    else { return nil }
    self.batch = batch
    (m, k) = transposeA ? (columnsA, rowsA) : (rowsA, columnsA)
    n = transposeB ? rowsB : columnsB
    self.transposeA = transposeA
    self.transposeB = transposeB
  }

  /// The shape of the result.
  var shape: Shape { Shape(Array(batch) + [m, n]) }

  /// Whether there is anything to multiply.
  var isEmpty: Bool { batch.elementCount == 0 || m == 0 || n == 0 || k == 0 }

  /// Whether all rows meet the one matrix on the right: [..., M, K] × [K, N], one product of all rows.
  var isOneProduct: Bool { batchB.elementCount == 1 && !transposeA }

  /// Where the factors of each product begin, in elements.
  var places: [(a: Int, b: Int)] {
    let stridesA = broadcastStrides(of: batchA, to: batch).map { $0 * m * k }
    let stridesB = broadcastStrides(of: batchB, to: batch).map { $0 * k * n }
    return (0..<batch.elementCount).map { index in
      var rest = index
      var place = (a: 0, b: 0)
      for axis in stride(from: batch.rank - 1, through: 0, by: -1) {
        place.a += rest % batch[axis] * stridesA[axis]
        place.b += rest % batch[axis] * stridesB[axis]
        rest /= batch[axis]
      }
      return place
    }
  }
}
