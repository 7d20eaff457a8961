import SentioTensor
import Testing

/// Memory by the pool's own counters, in a process of its own.
@Suite struct AttentionMemoryTests {
  /// The most bytes that a call with gradients holds at once beyond its inputs.
  static func peak(tokens: Int) -> Int {
    let x = Tensor.ones([1, 2, tokens, 16])
    let before = TensorMemory.statistics.peakBytesInUse
    _ = valueAndGradient(of: [x, x + 1, x + 2]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], isCausal: true).sum()
    }
    return TensorMemory.statistics.peakBytesInUse - before
  }

  @Test func memoryIsLinearInTokens() async {
    await #expect(processExitsWith: .success) {
      let small = Self.peak(tokens: 1024)
      let large = Self.peak(tokens: 4096)
      // 4096² scores of two heads would be 128 MiB. Four times the tokens may take a little more than four
      // times the memory, as the pool's sizes go in steps.
      #expect(large + small < 6 * small)
      #expect(large < 24 << 20)
    }
  }

  @Test func aStepAsksNothingOfTheSystem() async {
    await #expect(processExitsWith: .success) {
      _ = Self.peak(tokens: 512)
      let before = TensorMemory.statistics
      for _ in 0..<5 { _ = Self.peak(tokens: 512) }
      let after = TensorMemory.statistics
      #expect(after.systemAllocations == before.systemAllocations)
      #expect(after.bytesInUse == before.bytesInUse)
    }
  }
}
