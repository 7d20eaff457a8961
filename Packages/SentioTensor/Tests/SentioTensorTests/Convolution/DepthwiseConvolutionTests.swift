import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct DepthwiseConvolutionTests {
  static let cases = GoldenCases("Spatial/depthwise.safetensors")

  @Test(arguments: cases.names.filter { $0.hasPrefix("depthwise") })
  func valuesAndGradientsEqualPyTorchs(_ name: String) {
    Self.cases.check(name) { i, words in
      let p = CaseParameters(words)
      let bias = i.count > 2 ? i[2] : nil
      return name.hasPrefix("depthwise1d")
        ? i[0].depthwiseConvolved1D(
          i[1], bias: bias, stride: p.number("s"), dilation: p.number("d"), padding: p.padding)
        : i[0].depthwiseConvolved2D(
          i[1], bias: bias, stride: p.pair("s"), dilation: p.pair("d"), padding: p.padding)
    }
  }

  @Test(arguments: cases.names.filter { $0.hasPrefix("separable") }, ComputeEngine.allCases)
  func separableEqualsPyTorchsTwoConvolutions(_ name: String, _ engine: ComputeEngine) {
    Compute.with(engine: engine) {
      Self.cases.check(name) { i, words in
        let p = CaseParameters(words)
        return name.hasPrefix("separable1d")
          ? i[0].separableConvolved1D(
            depthwise: i[1], pointwise: i[2], bias: i[3], stride: p.number("s"), padding: p.padding)
          : i[0].separableConvolved2D(
            depthwise: i[1], pointwise: i[2], bias: i[3], stride: p.pair("s"), padding: p.padding)
      }
    }
  }

  @Test func gradientsAgreeWithDifferences() {
    var stream = RandomStream(seed: 9, "depthwise")
    let inputs = [
      Tensor.normal([1, 2, 5, 7], from: &stream), Tensor.normal([4, 1, 3, 2], from: &stream),
      Tensor.normal([4], from: &stream),
    ]
    for stride in [1, 2] {
      checkGradient(of: inputs) {
        $0[0].depthwiseConvolved2D(
          $0[1], bias: $0[2], stride: HeightWidth(stride), padding: .same)
      }
    }
  }

  /// Kernels, batches and channels large enough for both threads give what one plane at a time gives.
  @Test func manyPlanesAgreeWithOneAtATime() {
    var stream = RandomStream(seed: 10, "planes")
    let x = Tensor.normal([3, 70, 20, 33], from: &stream)
    let weight = Tensor.normal([70, 1, 3, 3], from: &stream)
    let arriving = Tensor.normal([3, 70, 20, 33], from: &stream)
    let (_, gradients) = valueAndGradient(of: [x, weight]) {
      ($0[0].depthwiseConvolved2D($0[1], padding: .same) * arriving).sum()
    }
    for channel in [0, 37, 69] {
      let part = { (t: Tensor) in t.sliced(channel..<channel + 1, axis: 1) }
      let kernel = weight[channel..<channel + 1]
      let (_, expected) = valueAndGradient(of: [part(x), kernel]) {
        ($0[0].depthwiseConvolved2D($0[1], padding: .same) * part(arriving)).sum()
      }
      expectClose(part(gradients[0]), expected[0], within: .exact)
      expectClose(gradients[1][channel..<channel + 1], expected[1], within: .exact)
    }
  }

  @Test func onlyWhatIsAskedForIsComputed() {
    var stream = RandomStream(seed: 11, "wanted")
    let x = Tensor.normal([2, 3, 9], from: &stream)
    let weight = Tensor.normal([3, 1, 4], from: &stream)
    let bias = Tensor.normal([3], from: &stream)
    let all = valueAndGradient(of: [x, weight, bias]) {
      $0[0].depthwiseConvolved1D($0[1], bias: $0[2], padding: .causal).squared().sum()
    }.gradient
    let ofInput = valueAndGradient(of: x) {
      $0.depthwiseConvolved1D(weight, bias: bias, padding: .causal).squared().sum()
    }.gradient
    let ofBias = valueAndGradient(of: bias) {
      x.depthwiseConvolved1D(weight, bias: $0, padding: .causal).squared().sum()
    }.gradient
    expectClose(ofInput, all[0], within: .exact)
    expectClose(ofBias, all[2])
  }

  @Test func edgesOfTheShapes() {
    let empty = Tensor.zeros([0, 3, 5]).depthwiseConvolved1D(.ones([3, 1, 2]))
    #expect(empty.shape == [0, 3, 4])
    let (_, gradient) = valueAndGradient(of: Tensor.ones([3, 1, 2])) {
      Tensor.zeros([0, 3, 5]).depthwiseConvolved1D($0).sum()
    }
    expectClose(gradient, .zeros([3, 1, 2]), within: .exact)
    var x = Tensor.ramp(8).reshaped([1, 1, 8])
    x[element: 0, 0, 3] = .nan
    let y = x.depthwiseConvolved1D(.ones([1, 1, 3]), padding: .same)
    #expect(y.scalars.map(\.isNaN) == (0..<8).map { (2...4).contains($0) })
  }

  @Test func shapesThatDoNotFitStop() async throws {
    let result0 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 5]).depthwiseConvolved1D(.ones([4, 1, 2]))
    }
    try expectMistake(result0, "[2, 3, 5]", "[4, 1, 2]", file: "DepthwiseConvolutionTests")
    let result1 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 5]).depthwiseConvolved1D(.ones([3, 1, 2]), bias: .ones([2]))
    }
    try expectMistake(result1, "[2]", "[3, 1, 2]", file: "DepthwiseConvolutionTests")
  }
}
