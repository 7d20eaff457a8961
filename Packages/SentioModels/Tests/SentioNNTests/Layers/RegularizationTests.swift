import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct RegularizationTests {
  /// A sequence of everything that draws.
  static let noisy = Sequential {
    Dropout(0.25)
    Dropout(0.25, by: .along([1]))
    Dropout(0.25, by: .channel)
    StochasticDepth(0.5)
    GaussianNoise(0.1)
  }

  @Test func nothingHappensInInference() {
    let x = Tensor.ramp(60, from: 1).reshaped([3, 4, 5])
    #expect(Self.noisy(x) == x)
  }

  @Test func whatIsDroppedFollowsFromSeedPathAndStep() {
    let x = Tensor.ones([3, 4, 5])
    func run(_ layer: Sequential, seed: UInt64 = 3, step: Int = 9) -> Tensor {
      var layer = layer
      return TrainingPass(seed: seed, step: step).run(on: &layer) { $0(x) }
    }
    let reference = run(Self.noisy)
    #expect(reference != x)
    #expect(run(Self.noisy) == reference)
    #expect(run(Self.noisy, seed: 4) != reference)
    #expect(run(Self.noisy, step: 10) != reference)
    // The same layers at other places of a model.
    let shifted = Sequential([AnyLayer(Dropout(0))] + Self.noisy.layers)
    #expect(run(shifted) != reference)
  }

  @Test func unitsAreDroppedAsOneAndTheRestIsScaled() {
    let x = Tensor.ones([40, 6, 5])
    func run(_ layer: some Layer) -> Tensor {
      var layer = Sequential([AnyLayer(layer)])
      return TrainingPass(seed: 3, step: 9).run(on: &layer) { $0(x) }
    }
    let channels = run(Dropout(0.5, by: .channel))
    #expect(Set(channels.sum(axes: 2).scalars) == [0, 10])
    let features = run(Dropout(0.5, by: .along([1])))
    #expect(Set(features.sum(axes: 1).scalars) == [0, 12])
    let examples = run(StochasticDepth(0.5))
    #expect(Set(examples.reshaped([40, 30]).sum(axes: 1).scalars) == [0, 60])
    #expect(Set(run(Dropout(0.5)).scalars) == [0, 2])
    #expect(run(Dropout(1)) == .zeros([40, 6, 5]))
  }

  @Test func noiseHasItsDeviation() {
    var layer = GaussianNoise(0.5)
    let x = Tensor.zeros([10_000])
    let y = TrainingPass(seed: 3, step: 9).run(on: &layer) { $0(x) }
    // The deviation of 10,000 numbers is off by 0.7 % of itself, one time in three.
    expectClose(
      y.variance().squareRoot(), Tensor(0.5), within: Tolerance(relative: 0.03))
  }

  @Test func gradientsGoThroughWhatWasKept() {
    var layer = Dropout(0.5)
    let x = Tensor.ones([6, 7])
    TrainingPass(seed: 3, step: 9).run(on: &layer) { layer in
      var y = Tensor(0)
      let (_, gradient) = valueAndGradient(of: x) { x in
        y = layer(x)
        defer { y = y.detached() }
        return y.sum()
      }
      expectClose(gradient, y, within: .exact)
    }
  }
}
