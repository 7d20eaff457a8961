import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct PoolingTests {
  static let cases = GoldenCases("Spatial/pooling.safetensors")

  static let operations: [String: @Sendable (Tensor, CaseParameters) -> Tensor] = [
    "max1d": { x, p in
      x.maxPooled1D(
        p.number("k"), stride: p.number("s"), dilation: p.number("d"), padding: p.padding,
        roundsUp: p.number("r") == 1)
    },
    "max2d": { x, p in
      x.maxPooled2D(
        p.pair("k"), stride: p.pair("s"), dilation: p.pair("d"), padding: p.padding,
        roundsUp: p.number("r") == 1)
    },
    "average1d": { x, p in
      x.averagePooled1D(
        p.number("k"), stride: p.number("s"), padding: p.padding, countsPadding: p.number("c") == 1,
        roundsUp: p.number("r") == 1)
    },
    "average2d": { x, p in
      x.averagePooled2D(
        p.pair("k"), stride: p.pair("s"), padding: p.padding, countsPadding: p.number("c") == 1,
        roundsUp: p.number("r") == 1)
    },
    "sameMax2d": { x, p in x.maxPooled2D(p.pair("k"), stride: p.pair("s"), padding: .same) },
    "sameAverage2d": { x, p in
      x.averagePooled2D(p.pair("k"), stride: p.pair("s"), padding: .same, countsPadding: false)
    },
    "adaptiveAverage1d": { x, p in x.adaptiveAveragePooled1D(to: p.number("o")) },
    "adaptiveAverage2d": { x, p in x.adaptiveAveragePooled2D(to: p.pair("o")) },
    "adaptiveMax1d": { x, p in x.adaptiveMaxPooled1D(to: p.number("o")) },
    "adaptiveMax2d": { x, p in x.adaptiveMaxPooled2D(to: p.pair("o")) },
    "globalAverage": { x, _ in x.globalAveragePooled() },
    "globalMax": { x, _ in x.globalMaxPooled() },
  ]

  @Test(arguments: cases.names) func valuesAndGradientsEqualPyTorchs(_ name: String) throws {
    let operation = try #require(Self.operations[GoldenCases.words(name)[0]])
    Self.cases.check(name) { operation($0[0], CaseParameters($1)) }
  }

  @Test func gradientsAgreeWithDifferences() {
    // A permutation of numbers that lie apart: no difference crosses a tie.
    let x = Tensor((0..<84).map { Float($0 * 37 % 84) / 8 }).reshaped([2, 1, 6, 7])
    checkGradient(of: [x]) { $0[0].maxPooled2D(3, stride: 2, padding: .symmetric(1)) }
    checkGradient(of: [x]) {
      $0[0].averagePooled2D(
        HeightWidth(height: 2, width: 3), stride: 2, padding: .symmetric(1), countsPadding: false)
    }
    checkGradient(of: [x]) { $0[0].adaptiveMaxPooled2D(to: HeightWidth(height: 4, width: 3)) }
    checkGradient(of: [x]) { $0[0].adaptiveAveragePooled2D(to: HeightWidth(height: 4, width: 3)) }
    checkGradient(of: [x]) { $0[0].globalAveragePooled() }
  }

  @Test func ofEqualsTheFirstAndOfNaNsTheLastIsTaken() {
    // As PyTorch 2.13 gave them.
    func gradient(_ x: [Float], _ pool: (Tensor) -> Tensor) -> [Float] {
      valueAndGradient(of: Tensor(x, shape: [1, 1, x.count])) { pool($0).sum() }.gradient.scalars
    }
    #expect(gradient([3, 3, 1, 3]) { $0.maxPooled1D(2, stride: 1) } == [1, 1, 0, 1])
    let x: [Float] = [1, .nan, 2, .nan, 5]
    #expect(gradient(x) { $0.maxPooled1D(3, stride: 1) } == [0, 1, 0, 2, 0])
    #expect(gradient(x) { $0.adaptiveMaxPooled1D(to: 2) } == [0, 1, 0, 1, 0])
    let low = [Float](repeating: -.infinity, count: 3)
    #expect(
      gradient(low) { $0.maxPooled1D(2, stride: 1, padding: .symmetric(1)) } == [2, 1, 1])
    let pooled = Tensor(x, shape: [1, 1, 5]).maxPooled1D(3, stride: 1)
    #expect(pooled.scalars.map(\.isNaN) == [true, true, true])
  }

  @Test func nonFiniteElementsReachTheirWindowsAlone() {
    var x = Tensor.ramp(12).reshaped([1, 1, 12])
    x[element: 0, 0, 4] = .infinity
    #expect(x.averagePooled1D(3).scalars.map(\.isFinite) == [true, false, true, true])
    #expect(x.maxPooled1D(3).scalars == [2, .infinity, 8, 11])
    #expect(
      x.adaptiveAveragePooled1D(to: 4).scalars.map(\.isFinite) == [true, false, true, true])
  }

  @Test func emptyBatchesStayEmpty() {
    let x = Tensor.zeros([0, 3, 5, 6])
    #expect(x.maxPooled2D(2).shape == [0, 3, 2, 3])
    #expect(x.globalAveragePooled().shape == [0, 3])
    let (_, gradient) = valueAndGradient(of: x) { $0.averagePooled2D(2).sum() }
    #expect(gradient.shape == x.shape)
    #expect(Tensor.zeros([2, 3, 0]).maxPooled1D(2).shape == [2, 3, 0])
  }

  @Test func aShapeThatDoesNotFitStopsWithBothNumbers() async throws {
    let result0 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 4]).maxPooled2D(2)
    }
    try expectMistake(result0, "images [N, C, H, W]", "[2, 3, 4]", file: "PoolingTests")
    let result1 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 4]).maxPooled1D(5)
    }
    try expectMistake(result1, "over 5 elements does not fit 4", file: "PoolingTests")
    let result2 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 4]).averagePooled1D(3, padding: .symmetric(2))
    }
    try expectMistake(
      result2, "padding by 2 and 2", "over 3 elements", "[2, 3, 4]", file: "PoolingTests")
    let result3 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 0]).globalMaxPooled()
    }
    try expectMistake(result3, "[2, 3, 0]", "[1] cells", file: "PoolingTests")
  }
}
