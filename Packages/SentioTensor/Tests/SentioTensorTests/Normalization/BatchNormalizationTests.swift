import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct BatchNormalizationTests {
  static let cases = GoldenCases("Normalization/channels.safetensors")

  /// The inputs' means are five deviations from 0, and the rounding of a number is that of its size.
  static let tolerance = Tolerance(relative: 1e-5, absolute: 1e-5)

  private static func parameters(_ i: [Tensor], _ name: String) -> (gain: Tensor?, offset: Tensor?)
  {
    name == "offset"
      ? (nil, i[1]) : (i.count > 1 ? i[1] : nil, i.count > 2 ? i[2] : nil)
  }

  @Test(arguments: cases.names) func valuesAndGradientsEqualPyTorchs(_ name: String) {
    Self.cases.check(name, within: Self.tolerance) { i, words in
      let (gain, offset) = Self.parameters(i, words[0])
      guard name.hasPrefix("learned") else {
        return i[0].batchNormalized(gain: gain, offset: offset)
      }
      let running = RunningStatistics(
        mean: Self.cases.tensor("\(name).mean"), variance: Self.cases.tensor("\(name).variance"))
      return i[0].batchNormalized(by: running, gain: gain, offset: offset, epsilon: 1e-3)
    }
  }

  @Test(arguments: ["pyTorch", "keras"]) func whatIsLearnedEqualsTheLibrarys(_ library: String) {
    let update: RunningStatistics.Update =
      library == "keras" ? .keras(momentum: 0.7) : .pyTorch(momentum: 0.3)
    var running = RunningStatistics(channels: 3)
    for batch in 0..<3 {
      let x = Self.cases.tensor("running.batch.\(batch)")
      let y = x.batchNormalized(updating: &running, by: update)
      #expect(y == x.batchNormalized())
    }
    expectClose(running.mean, Self.cases.tensor("running.\(library).mean"))
    expectClose(running.variance, Self.cases.tensor("running.\(library).variance"))
  }

  @Test func gradientsAgreeWithDifferences() {
    var stream = RandomStream(seed: 3, "batch norm")
    let inputs = [
      Tensor.normal([4, 3, 2], from: &stream), Tensor.normal([3], from: &stream),
      Tensor.normal([3], from: &stream),
    ]
    checkGradient(of: inputs) { $0[0].batchNormalized(gain: $0[1], offset: $0[2]) }
    let long = [Tensor.normal([2, 1, 70], from: &stream)]
    checkGradient(of: long) { $0[0].batchNormalized(epsilon: 0.1) }
    let running = RunningStatistics(mean: [1, 0, -1], variance: [2, 0.5, 1])
    checkGradient(of: inputs) {
      $0[0].batchNormalized(by: running, gain: $0[1], offset: $0[2])
    }
  }

  @Test func channelsComeOutWithTheirMoments() {
    var stream = RandomStream(seed: 4, "moments")
    for shape: Shape in [[300, 5], [7, 130, 3], [3, 5, 9, 11], [2, 3, 5000]] {
      let x = Tensor.normal(shape, mean: 1000, standardDeviation: 3, from: &stream)
      let y = x.batchNormalized()
      let rows = y.permuted([1, 0] + Array(2..<shape.rank)).reshaped([shape[1], -1])
      expectClose(rows.mean(axes: 1), .zeros([shape[1]]), within: Tolerance(absolute: 2e-4))
      expectClose(rows.variance(axes: 1), .ones([shape[1]]), within: Tolerance(relative: 1e-4))
    }
  }

  @Test func degenerateInputHasADefinedOutcome() {
    var running = RunningStatistics(channels: 2)
    // One number a channel: the offset; its sample variance does not exist.
    let vector: Tensor = [[5, 7]]
    let one = vector.batchNormalized(updating: &running, offset: [1, 2])
    #expect(one == [[1, 2]])
    expectClose(running.mean, [0.5, 0.7])
    #expect(running.variance == [1, 1])
    running = RunningStatistics(channels: 2)
    #expect(Tensor.zeros([0, 2, 3]).batchNormalized(updating: &running).shape == [0, 2, 3])
    #expect(running == RunningStatistics(channels: 2))
    // A constant channel is all offset, to the last bit.
    #expect(Tensor(repeating: 0.1, [3, 1, 200]).batchNormalized() == .zeros([3, 1, 200]))
  }

  @Test(arguments: [1, 100]) func nonFiniteNumbersStayInTheirChannel(_ places: Int) {
    for value in [Float.nan, .infinity, -.infinity] {
      var x = Tensor.ramp(2 * 3 * places).reshaped([2, 3, places])
      x[element: 1, 1, places / 2] = value
      var running = RunningStatistics(channels: 3)
      let y = x.batchNormalized(updating: &running)
      let ruined = y.scalars.indices.map { $0 / places % 3 == 1 }
      #expect(y.scalars.map(\.isNaN) == ruined)
      #expect(running.variance.scalars.map(\.isFinite) == [true, false, true])
      let later = x.batchNormalized(by: RunningStatistics(channels: 3))
      #expect(later.scalars.filter { !$0.isFinite }.count == 1)
    }
  }

  @Test func threadsChangeNoBit() {
    var stream = RandomStream(seed: 5, "threads")
    let x = Tensor.normal([4, 33, 40, 50], from: &stream)
    let slice = x.sliced(7..<8, axis: 1)
    #expect(x.batchNormalized().sliced(7..<8, axis: 1) == slice.batchNormalized())
  }
}
