import SentioTensor
import Testing

/// What the pool's own counters say, in a process of its own, where no other test allocates.
@Suite struct GradientMemoryTests {
  /// A step of training on a network of a few layers.
  static func step(_ weights: inout [Tensor], _ x: Tensor, _ y: Tensor) -> Float {
    let (loss, gradients) = valueAndGradient(of: weights) { weights in
      var h = x
      for weight in weights.dropLast() {
        h = h.linear(weight, activation: .gelu()).layerNormalized()
      }
      return meanSquaredError(h.linear(weights[weights.count - 1]), y)
    }
    for index in weights.indices { weights[index] += gradients[index] * -0.05 }
    return loss.scalar
  }

  @Test func aStepLeavesNothingAndAsksNothingOfTheSystem() async {
    await #expect(processExitsWith: .success) {
      var stream = RandomStream(seed: 2, "memory")
      var weights = (0..<4).map { _ in
        Tensor.normal([64, 64], standardDeviation: 0.125, from: &stream)
      }
      let x = Tensor.normal([200, 64], from: &stream)
      let y = x.sin()
      let first = Self.step(&weights, x, y)
      _ = Self.step(&weights, x, y)
      let before = TensorMemory.statistics
      var last = first
      for _ in 0..<20 { last = Self.step(&weights, x, y) }
      let after = TensorMemory.statistics
      #expect(last < first)
      #expect(after.bytesInUse == before.bytesInUse)
      #expect(after.systemAllocations == before.systemAllocations)
      #expect(after.allocations > before.allocations)
    }
  }

  @Test func theWayBackFreesAsItGoes() async {
    await #expect(processExitsWith: .success) {
      // Each of the 100 results of 4 MiB is kept for its derivative; the way back must not double them.
      let x = Tensor.ones([1 << 20])
      _ = valueAndGradient(of: x) { x in
        var y = x
        for _ in 0..<100 { y = y.sin() }
        return y.sum()
      }
      let peak = TensorMemory.statistics.peakBytesInUse
      #expect(peak < 108 << 22)
      #expect(TensorMemory.statistics.bytesInUse == 1 << 22)
    }
  }

  @Test func aCheckpointKeepsItsInputsOnly() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor.ones([1 << 20])
      // Ten segments of ten: ten results are kept, and ten more while a segment is computed again.
      _ = valueAndGradient(of: x) { x in
        var y = x
        for _ in 0..<10 {
          y = checkpointed(y) { input in
            var y = input
            for _ in 0..<10 { y = y.sin() }
            return y
          }
        }
        return y.sum()
      }
      #expect(TensorMemory.statistics.peakBytesInUse < 30 << 22)
    }
  }
}
