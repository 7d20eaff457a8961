import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct TransposedConvolutionTests {
  static let cases = GoldenCases("Spatial/transposed.safetensors")

  /// What a golden case computes.
  static func run(_ name: String, _ i: [Tensor], _ words: [String]) -> Tensor {
    let p = CaseParameters(words)
    let bias = i.count > 2 ? i[2] : nil
    return name.hasPrefix("transposed1d")
      ? i[0].transposedConvolved1D(
        i[1], bias: bias, stride: p.number("s"), dilation: p.number("d"), groups: p.number("g"),
        padding: p.padding, outputPadding: p.number("o"))
      : i[0].transposedConvolved2D(
        i[1], bias: bias, stride: p.pair("s"), dilation: p.pair("d"), groups: p.number("g"),
        padding: p.padding, outputPadding: p.pair("o"))
  }

  @Test(arguments: cases.names, ComputeEngine.allCases)
  func valuesAndGradientsEqualPyTorchs(_ name: String, _ engine: ComputeEngine) {
    Compute.with(engine: engine) {
      Self.cases.check(name) { Self.run(name, $0, $1) }
    }
  }

  /// Both factors keep 8 bits: a product is off by up to 2⁻⁸, and a sum by that much of its terms.
  static let bfloat16 = Tolerance(relative: 1.6e-2, absolute: 8e-2)

  @Test(arguments: cases.names) func bfloat16IsNear(_ name: String) {
    Compute.with(precision: .bfloat16) {
      Self.cases.check(name, within: Self.bfloat16) { Self.run(name, $0, $1) }
    }
  }

  @Test func gradientsAgreeWithDifferences() {
    var stream = RandomStream(seed: 12, "transposed")
    let inputs = [
      Tensor.normal([1, 4, 3, 5], from: &stream), Tensor.normal([4, 1, 3, 2], from: &stream),
      Tensor.normal([2], from: &stream),
    ]
    checkGradient(of: inputs) {
      $0[0].transposedConvolved2D(
        $0[1], bias: $0[2], stride: HeightWidth(height: 2, width: 3), groups: 2,
        padding: .explicit([.init(before: 1, after: 0), .init(before: 0, after: 2)]))
    }
  }

  /// Several rows and columns of tiles, in groups, against a convolution written out.
  @Test(arguments: ComputeEngine.allCases) func tilesMeetWithoutASeam(_ engine: ComputeEngine) {
    var stream = RandomStream(seed: 13, "tiles")
    let x = Tensor.normal([2, 4, 5, 2100], from: &stream)
    let weight = Tensor.normal([4, 1, 3, 4], from: &stream)
    let arriving = Tensor.normal([2, 2, 9, 4200], from: &stream)
    func run(_ inputs: [Tensor]) -> Tensor {
      inputs[0].transposedConvolved2D(
        inputs[1], stride: 2, groups: 2, padding: .symmetric(1))
    }
    Compute.with(engine: engine) {
      let (_, gradients) = valueAndGradient(of: [x, weight]) { (run($0) * arriving).sum() }
      let y = run([x, weight])
      // Each tap alone, spread by the step, shifted and cut.
      var expected = Tensor.zeros([2, 2, 9, 4200])
      var weightGradients: [Tensor] = []
      for row in 0..<3 {
        for column in 0..<4 {
          let tap = weight.sliced(row..<row + 1, axis: 2).sliced(column..<column + 1, axis: 3)
          let spread = { (t: Tensor) in
            t.reshaped([2, 4, 5, 1, 2100, 1])
              .padded([(0, 0), (0, 0), (0, 0), (0, 1), (0, 0), (0, 1)])
              .reshaped([2, 4, 10, 4200])
              .padded([(0, 0), (0, 0), (row, 4), (column, 6)])
              .sliced(1..<10, axis: 2).sliced(1..<4201, axis: 3)
          }
          let moved = spread(x)
          let terms = (moved * tap.reshaped([1, 4, 1, 1])).reshaped([2, 2, 2, 9, 4200])
          expected = expected + terms.sum(axes: 2)
          let products =
            moved.reshaped([2, 2, 2, 9, 4200]) * arriving.reshaped([2, 2, 1, 9, 4200])
          weightGradients.append(products.sum(axes: 0, 3, 4).reshaped([4]))
        }
      }
      expectClose(y, expected, within: Tolerance(relative: 1e-5, absolute: 1e-5))
      // 94,500 terms of up to 10 in one sum.
      expectClose(
        gradients[1], Tensor.stack(weightGradients, axis: -1).reshaped([4, 1, 3, 4]),
        within: Tolerance(relative: 1e-5, absolute: 2e-3))
      // The transpose: ⟨y(x), a⟩ = ⟨x, dx⟩.
      let left = Double((y * arriving).sum().scalar)
      let right = Double((x * gradients[0]).sum().scalar)
      #expect(abs(left - right) < 0.05)
    }
  }

  @Test func sameAndCroppedExtents() {
    let x = Tensor.ones([1, 2, 5, 7])
    let y = x.transposedConvolved2D(
      .ones([2, 3, 3, 1]), stride: HeightWidth(height: 2, width: 3), padding: .same)
    #expect(y.shape == [1, 3, 10, 21])
    // A kernel smaller than the step leaves outputs that nothing reaches.
    let signal = Tensor([1, 2], shape: [1, 1, 2]).transposedConvolved1D(
      Tensor([3], shape: [1, 1, 1]), bias: Tensor([0.5]), stride: 3, outputPadding: 2)
    #expect(signal.scalars == [3.5, 0.5, 0.5, 6.5, 0.5, 0.5])
  }

  @Test func theBitsDoNotDependOnTheThreads() async {
    var stream = RandomStream(seed: 14, "bits")
    let x = Tensor.normal([6, 8, 9, 40], from: &stream)
    let weight = Tensor.normal([8, 5, 4, 4], from: &stream)
    @Sendable func gradients() -> [Tensor] {
      valueAndGradient(of: [x, weight]) {
        $0[0].transposedConvolved2D($0[1], stride: 2).squared().sum()
      }.gradient
    }
    let whole = gradients()
    // Beside another loop a loop runs on one thread.
    await withTaskGroup(of: Bool.self) { tasks in
      for _ in 0..<4 { tasks.addTask { gradients() == whole } }
      for await isEqual in tasks { #expect(isEqual) }
    }
  }

  @Test func edgesOfTheShapes() {
    #expect(
      Tensor.zeros([0, 2, 3]).transposedConvolved1D(.ones([2, 4, 3]), stride: 2).shape == [0, 4, 7])
    let (_, gradients) = valueAndGradient(of: [Tensor.zeros([0, 2, 3]), Tensor.ones([2, 4, 3])]) {
      $0[0].transposedConvolved1D($0[1]).sum()
    }
    #expect(gradients.map(\.shape) == [[0, 2, 3], [2, 4, 3]])
    var x = Tensor.ramp(5).reshaped([1, 1, 5])
    x[element: 0, 0, 2] = .nan
    let y = x.transposedConvolved1D(.ones([1, 1, 2]), stride: 2)
    #expect(y.scalars.map(\.isNaN) == (0..<10).map { $0 == 4 || $0 == 5 })
  }

  @Test func shapesThatDoNotFitStop() async throws {
    let result0 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 5]).transposedConvolved1D(.ones([4, 1, 2]))
    }
    try expectMistake(result0, "[2, 3, 5]", "[4, 1, 2]", file: "TransposedConvolutionTests")
    let result1 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 5]).transposedConvolved1D(.ones([3, 1, 2]), outputPadding: 1)
    }
    try expectMistake(result1, "output padding 1", "stride 1", file: "TransposedConvolutionTests")
    let result2 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 5]).transposedConvolved1D(.ones([3, 1, 2]), padding: .causal)
    }
    try expectMistake(result2, "no causal padding", file: "TransposedConvolutionTests")
    let result3 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 1]).transposedConvolved1D(.ones([3, 1, 2]), padding: .symmetric(1))
    }
    try expectMistake(result3, "leaves nothing of 1", file: "TransposedConvolutionTests")
  }
}
