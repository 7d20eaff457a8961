import SentioTensor
import Testing

/// Memory by the pool's own counters, in a process of its own.
@Suite struct SpatialMemoryTests {
  @Test func aStepAsksNothingOfTheSystem() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor.ones([4, 16, 40, 60])
      let depthwise = Tensor.ones([16, 1, 3, 3])
      let transposed = Tensor.ones([16, 8, 4, 4])
      func step() {
        _ = valueAndGradient(of: [x, depthwise, transposed]) { inputs in
          inputs[0].depthwiseConvolved2D(inputs[1], padding: .same)
            .resized2D(to: HeightWidth(height: 30, width: 50), .cubic)
            .maxPooled2D(3, stride: 2, padding: .same).averagePooled2D(2)
            .transposedConvolved2D(inputs[2], stride: 2, padding: .symmetric(1))
            .padded([(0, 0), (0, 0), (2, 1), (1, 0)], mode: .reflect)
            .adaptiveAveragePooled2D(to: HeightWidth(height: 5, width: 4)).sum()
        }
      }
      step()
      step()
      let before = TensorMemory.statistics
      for _ in 0..<5 { step() }
      let after = TensorMemory.statistics
      #expect(after.systemAllocations == before.systemAllocations)
      #expect(after.bytesInUse == before.bytesInUse)
    }
  }
}
