import SentioNN
import SentioTensor
import Testing

/// What the pool's own counters say, in processes of their own, where no other test allocates.
@Suite struct ModuleMemoryTests {
  /// Twelve blocks of 256 KiB of activations each, and a head.
  static func model() -> Sequential {
    var stream = RandomStream(seed: 1, "weights")
    return Sequential {
      for _ in 0..<12 {
        Linear(64, 64, activation: .gelu(), from: &stream)
        Dropout(0.1)
      }
      BatchNorm(64)
      Linear(64, 2, from: &stream).keyed("head")
    }
  }

  static func step(_ model: inout Sequential, _ x: Tensor, _ number: Int) {
    let (_, gradients) = TrainingPass(seed: 1, step: number).run(on: &model) { model in
      valueAndGradient(of: model) { $0(x).squared().mean() }
    }
    var index = 0
    model.forEachTensor { parameter in
      parameter += gradients[index] * -0.01
      index += 1
    }
  }

  @Test func aStepLeavesNothingAndAsksNothingOfTheSystem() async {
    await #expect(processExitsWith: .success) {
      var model = Self.model()
      let x = Tensor.ones([1_024, 64])
      for number in 0..<3 { Self.step(&model, x, number) }
      let before = TensorMemory.statistics
      for number in 3..<13 { Self.step(&model, x, number) }
      let after = TensorMemory.statistics
      #expect(after.bytesInUse == before.bytesInUse)
      #expect(after.systemAllocations == before.systemAllocations)
    }
  }

  @Test func frozenLayersKeepNothing() async {
    await #expect(processExitsWith: .success) {
      func peak(frozen: PathPattern?) -> Int {
        var model = Self.model()
        if let frozen { model.freeze(matching: frozen) }
        Self.step(&model, .ones([1_024, 64]), 0)
        return TensorMemory.statistics.peakBytesInUse
      }
      // The peak never falls: the frozen model goes first.
      let frozen = peak(frozen: "{0,2,4,6,8,10,12,14,16,18,20,22}")
      #expect(frozen < 4 << 20)
      #expect(peak(frozen: nil) > 2 * frozen)
    }
  }
}
