import Foundation
import SentioTensor
import Testing

@Suite struct RandomTests {
  /// The known answers of the paper's own test file.
  @Test func philoxGivesTheKnownAnswers() {
    #expect(
      Philox4x32.block(counter: .zero, key: .zero)
        == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    #expect(
      Philox4x32.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    #expect(
      Philox4x32.block(
        counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
        key: [0xa409_3822, 0x299f_31d0])
        == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  @Test func aStreamContinuesWhereItStopped() throws {
    var whole = RandomStream(seed: 5, "x")
    let all = Tensor.uniform([1000], from: &whole)
    for cut in [0, 1, 3, 64, 65, 999] {
      var stream = RandomStream(seed: 5, "x")
      let first = Tensor.uniform([cut], from: &stream)
      let saved = try JSONEncoder().encode(stream)
      var resumed = try JSONDecoder().decode(RandomStream.self, from: saved)
      let second = Tensor.uniform([1000 - cut], from: &resumed)
      #expect(Tensor.concatenate([first, second]) == all)
      #expect(resumed == whole)
    }
  }

  @Test func lengthAndThreadsChangeNoBit() {
    // The long draw is split over threads, the short one is not.
    var a = RandomStream(seed: 9, "n")
    var b = RandomStream(seed: 9, "n")
    let long = Tensor.normal([300_001], from: &a)
    let short = Tensor.normal([1000], from: &b)
    #expect(long[0..<1000] == short)
    #expect(a.position == 300_002)
  }

  @Test func namesAndSeedsMakeOtherStreams() {
    func first(_ stream: RandomStream) -> UInt64 {
      var stream = stream
      return stream.next()
    }
    let base = RandomStream(seed: 1, "a")
    let others = [
      RandomStream(seed: 2, "a"), RandomStream(seed: 1, "b"), RandomStream(seed: 1, "aa"),
      RandomStream(seed: 1, ""), base.substream("0"), base.substream("1"),
    ]
    #expect(Set(([base] + others).map(first)).count == 7)
    #expect(first(base) == first(RandomStream(seed: 1, "a")))
  }

  @Test func momentsAreThoseOfTheDistributions() {
    var stream = RandomStream(seed: 11, "moments")
    let n = 1_000_000
    // Five standard errors each: a wrong formula is far outside, the right one never fails here.
    let uniform = Tensor.uniform([n], from: &stream)
    #expect(abs(uniform.mean().scalar - 0.5) < 5 * 0.2887e-3)
    #expect(abs(uniform.variance().scalar - 1 / 12) < 5e-4)
    #expect(uniform.min().scalar >= 0 && uniform.max().scalar < 1)
    let normal = Tensor.normal([n], from: &stream)
    #expect(abs(normal.mean().scalar) < 5e-3 && abs(normal.variance().scalar - 1) < 7e-3)
    #expect(abs((normal * normal * normal).mean().scalar) < 5 * 3.9e-3)
    #expect(abs(normal.squared().squared().mean().scalar - 3) < 5 * 9.8e-3)
    // Neighbours come from one pair.
    let pairs = normal.reshaped([n / 2, 2])
    let covariance = (pairs.selected(0, axis: 1) * pairs.selected(1, axis: 1)).mean().scalar
    #expect(abs(covariance) < 5 * 1.5e-3)
    let truncated = Tensor.truncatedNormal([n], mean: 3, standardDeviation: 2, from: &stream)
    #expect(truncated.min().scalar >= -1 && truncated.max().scalar <= 7)
    #expect(abs(truncated.mean().scalar - 3) < 1e-2)
    #expect(abs(truncated.variance().scalar / 4 - 0.7737) < 5e-3)
    let ones = Tensor.bernoulli([n], probability: 0.3, from: &stream)
    #expect(abs(ones.mean().scalar - 0.3) < 5 * 0.46e-3)
    #expect(Tensor.bernoulli([100], probability: 0, from: &stream).sum().scalar == 0)
    #expect(Tensor.bernoulli([100], probability: 1, from: &stream).sum().scalar == 100)
  }

  @Test func permutationsAreFair() {
    var stream = RandomStream(seed: 13, "order")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[stream.permutation(4), default: 0] += 1 }
    #expect(counts.count == 24)
    // Five standard deviations of a count of mean 1,000.
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 155 })
    let (none, one, many) = (
      stream.permutation(0), stream.permutation(1), stream.permutation(1000)
    )
    #expect(none.isEmpty && one == [0] && many.sorted() == Array(0..<1000))
    let drawn = (0..<1000).map { _ in stream.next(below: 3) }
    #expect(Set(drawn) == [0, 1, 2])
  }
}
