import SentioTensor
import SentioTensorTestSupport
import Testing

/// Results that are too large for the caches go to memory by another way, with the same numbers.
@Suite struct LargeResultTests {
  @Test func largeResultsEqualSmallOnes() {
    // 7.3 million elements, 28 MiB; no power of two anywhere.
    let (rows, columns) = (2365, 3079)
    var stream = RandomStream(seed: 8, "large")
    let x = Tensor.normal([rows, columns], from: &stream)
    let row = Tensor.normal([columns], from: &stream)
    let results = [x.gelu(), x + x, x * row, x - 1.5]
    for first in [0, 1, 1182, 1183, 2364] {
      let part = x.sliced(first..<first + 1, axis: 0)
      let expected = [part.gelu(), part + part, part * row, part - 1.5]
      for (result, expectation) in zip(results, expected) {
        expectClose(result.sliced(first..<first + 1, axis: 0), expectation, within: .exact)
      }
    }
    // All of them, and not only some rows.
    expectClose((x + x).sum(), 2 * x.sum(), within: .float)
  }
}
