import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct RecomputedTests {
  static func body() -> Sequential {
    var stream = RandomStream(seed: 1, "weights")
    return Sequential {
      Linear(6, 8, from: &stream)
      BatchNorm(8)
      ActivationLayer(.gelu())
      Dropout(0.4)
      Linear(8, 5, from: &stream)
    }
  }

  static func step<L: Layer>(_ layer: inout L, _ x: Tensor) -> (Tensor, [Tensor], Tensor) {
    let result = TrainingPass(seed: 4, step: 2).run(on: &layer) { layer in
      valueAndGradient(of: layer, at: x) { layer, x in layer(x).squared().sum() }
    }
    return (result.value, result.gradient, result.inputGradient)
  }

  @Test func resultsGradientsAndBuffersAreThoseOfTheLayerItself() {
    var stream = RandomStream(seed: 2, "x")
    let x = Tensor.normal([7, 6], from: &stream)
    var plain = Self.body()
    var recomputed = Recomputed(Self.body())
    let (a, b) = (Self.step(&plain, x), Self.step(&recomputed, x))
    #expect(a.0 == b.0)
    #expect(a.1 == b.1)
    #expect(a.2 == b.2)
    #expect(plain.stateDictionary == recomputed.stateDictionary)
    #expect(recomputed.stateDictionary["1.num_batches_tracked"]?.scalar == 1)
    #expect(recomputed(x) == plain(x))
  }

  @Test func keepsItsInputOnly() async {
    await #expect(processExitsWith: .success) {
      func peak(_ layers: Int, recomputing: Bool) -> Int {
        var layer = Sequential {
          for _ in 0..<layers {
            let chain = Sequential { for _ in 0..<8 { ActivationLayer(.softplus) } }
            if recomputing { Recomputed(chain) } else { chain }
          }
        }
        let x = Tensor.ones([1 << 18])
        TrainingPass(seed: 1, step: 0).run(on: &layer) { layer in
          _ = valueAndGradient(of: x) { layer($0).sum() }
        }
        return TensorMemory.statistics.peakBytesInUse >> 20
      }
      // Of 1 MiB each: the input, a result a chain, and those of the chain that is computed again.
      let recomputed = peak(8, recomputing: true)
      #expect(recomputed <= 24)
      #expect(peak(8, recomputing: false) >= 64)
    }
  }
}
