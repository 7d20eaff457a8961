import SentioBLAS
import Testing

/// A repeatable matrix without structure, entries in [-0.5, 0.5).
func scattered<T: BLASScalar>(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> [T] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<rows * columns).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return T(state >> 40) / T(1 << 24) - 0.5
  }
}

func transposed<T>(_ a: [T], _ rows: Int, _ columns: Int) -> [T] {
  (0..<columns).flatMap { j in (0..<rows).map { i in a[i * columns + j] } }
}

/// The textbook product, in Double.
func reference<T: BLASScalar>(_ a: [T], _ b: [T], _ m: Int, _ n: Int, _ k: Int) -> [Double] {
  (0..<m).flatMap { i in
    (0..<n).map { j in (0..<k).reduce(0) { $0 + Double(a[i * k + $1]) * Double(b[$1 * n + j]) } }
  }
}

func largestDifference<T: BLASScalar>(_ x: [T], _ y: [Double]) -> Double {
  guard x.count == y.count else { return .infinity }
  return zip(x, y).map { abs(Double($0) - $1) }.max() ?? 0
}

/// Entries are below 0.5, so a sum of k products loses at most k/4 units of the last place of k/4.
func tolerance<T: BLASScalar>(_ k: Int, _: T.Type) -> Double {
  Double(max(1, k)) * Double(T.ulpOfOne)
}

@Suite struct ProductTests {
  static let extents = [(1, 1, 1), (3, 5, 7), (17, 2, 33), (64, 65, 63), (5, 4, 0), (130, 70, 257)]

  @Test(arguments: extents, [(false, false), (false, true), (true, false), (true, true)])
  func gemmEqualsTheTextbookProduct(_ size: (Int, Int, Int), _ flags: (Bool, Bool)) {
    func check<T: BLASScalar>(_: T.Type) {
      let (m, n, k) = size
      let a: [T] = scattered(m, k)
      let b: [T] = scattered(k, n, seed: 2)
      let product = BLAS.gemm(
        flags.0 ? transposed(a, m, k) : a, flags.1 ? transposed(b, k, n) : b, m: m, n: n, k: k,
        transposeA: flags.0, transposeB: flags.1)
      #expect(largestDifference(product, reference(a, b, m, n, k)) <= tolerance(k, T.self))
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func gemmScalesAddsAndStridesOverRows() {
    // The inner 2 × 2 block of a 2 × 4 and a 2 × 3 storage, added to twice the output.
    let a: [Double] = [1, 2, 9, 9, 3, 4, 9, 9]
    let b: [Double] = [5, 6, 9, 7, 8, 9]
    var c: [Double] = [1, 1, 7, 1, 1, 7]
    BLAS.gemm(
      a, b, into: &c, m: 2, n: 2, k: 2, alpha: 0.5, beta: 2, leadingA: 4, leadingB: 3, leadingC: 3)
    #expect(c == [11.5, 13, 7, 23.5, 27, 7])
  }

  @Test func betaZeroOverwritesWithoutReading() {
    var c = [Float](repeating: .nan, count: 4)
    BLAS.gemm([1, 0, 0, 1], [1, 2, 3, 4], into: &c, m: 2, n: 2, k: 2)
    #expect(c == [1, 2, 3, 4])
  }

  @Test func notANumberReachesOnlyItsRow() {
    let product = BLAS.gemm([1, .nan, 1, 1] as [Float], [1, 1, 1, 1], m: 2, n: 2, k: 2)
    #expect(product[0].isNaN && product[1].isNaN && product[2] == 2 && product[3] == 2)
  }

  @Test(arguments: [(1, 1), (3, 8), (65, 40), (100, 1), (33, 0)])
  func syrkEqualsGemmAndIsSymmetric(_ n: Int, _ k: Int) {
    let a: [Double] = scattered(k, n)
    let gram = BLAS.syrk(a, n: n, k: k)
    #expect(
      largestDifference(gram, reference(transposed(a, k, n), a, n, n, k))
        <= tolerance(k, Double.self))
    #expect(gram == transposed(gram, n, n))
    let outer = BLAS.syrk(transposed(a, k, n), n: n, k: k, transposeA: false)
    #expect(largestDifference(outer, gram) <= tolerance(k, Double.self))
  }

  @Test func gemvActsStraightAndTransposed() {
    let a: [Float] = [1, 2, 3, 4, 5, 6]
    #expect(BLAS.gemv(a, [1, 0, -1], m: 2, n: 3) == [-2, -2])
    #expect(BLAS.gemv(a, [1, -1], m: 2, n: 3, transposeA: true) == [-3, -3, -3])
    #expect(BLAS.gemv([Float](), [], m: 2, n: 0) == [0, 0])
  }

  @Test func dotStridesAndIsZeroForNothing() {
    #expect(BLAS.dot([1, 2, 3] as [Double], [4, 5, 6]) == 32)
    #expect(BLAS.dot([Float](), []) == 0)
    #expect(BLAS.dot([1, 9, 2, 9] as [Float], [3, 4], count: 2, strideX: 2) == 11)
  }

  @Test func severalTasksMultiplyAtOnce() async {
    let a: [Float] = scattered(80, 90)
    let b: [Float] = scattered(90, 70, seed: 2)
    let expected = BLAS.gemm(a, b, m: 80, n: 70, k: 90)
    await withTaskGroup(of: [Float].self) { group in
      for _ in 0..<16 { group.addTask { BLAS.gemm(a, b, m: 80, n: 70, k: 90) } }
      for await product in group { #expect(product == expected) }
    }
  }
}
