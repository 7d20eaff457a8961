import SentioMetrics
import Testing

@Suite struct PhiloxTests {
  /// The known answers that are published with Random123.
  @Test(arguments: [
    (
      SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
      SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
    ),
    (
      SIMD4(repeating: UInt32.max), SIMD2(repeating: UInt32.max),
      SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
    ),
    (
      SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
      SIMD2(0xA409_3822, 0x299F_31D0),
      SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
    ),
  ])
  func knownAnswers(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>
  ) {
    #expect(Philox.block(counter: counter, key: key) == expected)
  }

  @Test func pairsEqualBlocks() {
    let (seed, item): (UInt64, UInt64) = (0xFEDC_BA98_7654_3210, 0x1_2345_6789)
    for block in [0, 2, 0xFFFF_FFFE] as [UInt32] {
      let pair = Philox.pair(block: block, item: item, stream: .modelSwap, seed: seed)
      for lane in 0..<2 {
        let words = Philox.block(
          counter: SIMD4(
            block + UInt32(lane), 0x2345_6789, 1, RandomStream.modelSwap.rawValue),
          key: SIMD2(0x7654_3210, 0xFEDC_BA98))
        #expect(pair.0[lane] == UInt64(words[0]) | UInt64(words[1]) << 32)
        #expect(pair.1[lane] == UInt64(words[2]) | UInt64(words[3]) << 32)
      }
    }
  }

  @Test func sequenceWalksTheBlocks() {
    var sequence = PhiloxSequence(seed: 0, stream: .bootstrap, item: 5)
    let first = Philox.block(counter: SIMD4(0, 5, 0, 1), key: SIMD2(0, 0))
    let second = Philox.block(counter: SIMD4(1, 5, 0, 1), key: SIMD2(0, 0))
    for word in 0..<4 { #expect(sequence.nextWord() == first[word]) }
    for word in 0..<4 { #expect(sequence.nextWord() == second[word]) }
  }

  /// 4,096 and 4,097 lie on both sides of the change from 16-bit to 32-bit draws.
  @Test(arguments: [1, 2, 3, 8, 16, 17, 174, 4095, 4096, 4097])
  func drawsAreUniform(count: Int) {
    let draws = ResampleIndices(sampleCount: count, seed: 7)
    var tally = [Int](repeating: 0, count: count)
    let resamples = max(20, 200_000 / count)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: draws.capacity) { buffer in
      guard let indices = buffer.baseAddress else { return }
      for resample in 0..<resamples {
        draws.fill(indices, resample: resample)
        for position in 0..<count { tally[Int(indices[position])] += 1 }
      }
    }
    #expect(tally.reduce(0, +) == resamples * count)
    // χ² with count - 1 degrees of freedom: its mean, give or take six standard deviations.
    let expected = Double(resamples)
    let chiSquared = tally.reduce(0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    let freedom = Double(count - 1)
    #expect(chiSquared <= freedom + 6 * (2 * freedom).squareRoot() + 20)
    // Draws are independent, so χ² must not be too small either.
    #expect(chiSquared >= freedom - 6 * (2 * freedom).squareRoot())
  }
}
