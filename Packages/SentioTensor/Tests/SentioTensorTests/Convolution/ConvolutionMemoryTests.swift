import SentioTensor
import Testing

/// What the pool's own counters say, in a process of its own, where no other test allocates.
@Suite struct ConvolutionMemoryTests {
  @Test func aStepAsksNothingOfTheSystem() async {
    await #expect(processExitsWith: .success) {
      // For the own loops, and for the library's convolution.
      let all = [
        [Tensor.ones([6, 5, 40, 30]), .ones([7, 5, 3, 2]), .ones([7])],
        [Tensor.ones([4, 40, 20, 15]), .ones([48, 40, 3, 3]), .ones([48])],
      ]
      func step() {
        for (inputs, precision) in all.flatMap({ inputs in
          ComputePrecision.allCases.map { (inputs, $0) }
        }) {
          Compute.with(precision: precision) {
            _ = inputs[0].convolved2D(inputs[1], bias: inputs[2], padding: .same)
            _ = valueAndGradient(of: inputs) { inputs in
              inputs[0].convolved2D(inputs[1], bias: inputs[2], stride: 2, activation: .gelu())
                .sum()
            }
          }
        }
      }
      // Which buffers are taken at once depends on the threads, and so the first steps may differ.
      for _ in 0..<10 { step() }
      let before = TensorMemory.statistics
      for _ in 0..<20 { step() }
      let after = TensorMemory.statistics
      // They would otherwise go with the last step, and bytes in use with them.
      withExtendedLifetime(all) {}
      // In words of our own: what an expectation says is lost on the way out of the process.
      guard
        after.bytesInUse == before.bytesInUse
          && after.systemAllocations == before.systemAllocations
          && after.allocations > before.allocations
      else { fatalError("from \(before) to \(after)") }
    }
  }
}
