import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct ResizingTests {
  static let cases = GoldenCases("Spatial/resizing.safetensors")

  static let interpolations: [String: Interpolation] = [
    "nearest": .nearest, "linear": .linear, "cubic": .cubic,
  ]

  @Test(arguments: cases.names) func valuesAndGradientsEqualPyTorchs(_ name: String) throws {
    let kind = GoldenCases.words(name)[0]
    let interpolation = try #require(Self.interpolations[String(kind.dropLast(2))])
    Self.cases.check(name) { inputs, words in
      let p = CaseParameters(words)
      let alignment: ResizingAlignment = p.flags.contains("corners") ? .corners : .edges
      let antialiased = p.flags.contains("antialiased")
      return kind.hasSuffix("1d")
        ? inputs[0].resized1D(
          to: p.number("o"), interpolation, alignment: alignment, antialiased: antialiased)
        : inputs[0].resized2D(
          to: p.pair("o"), interpolation, alignment: alignment, antialiased: antialiased)
    }
  }

  @Test(arguments: Interpolation.allCases) func gradientsAgreeWithDifferences(
    _ interpolation: Interpolation
  ) {
    var stream = RandomStream(seed: 8, "resize")
    let x = Tensor.normal([2, 1, 4, 5], from: &stream)
    checkGradient(of: [x]) {
      $0[0].resized2D(to: HeightWidth(height: 7, width: 3), interpolation)
    }
    guard interpolation != .nearest else { return }
    checkGradient(of: [x]) {
      $0[0].resized2D(to: HeightWidth(height: 3, width: 8), interpolation, alignment: .corners)
    }
    checkGradient(of: [x]) {
      $0[0].resized2D(to: HeightWidth(height: 2, width: 3), interpolation, antialiased: true)
    }
  }

  @Test func aConstantStaysAndALineStaysALine() {
    let constant = Tensor(repeating: 3, [1, 2, 5, 4])
    for interpolation in Interpolation.allCases {
      expectClose(
        constant.resized2D(to: HeightWidth(height: 9, width: 3), interpolation),
        Tensor(repeating: 3, [1, 2, 9, 3]))
    }
    let line = Tensor.ramp(5).reshaped([1, 1, 5])
    expectClose(
      line.resized1D(to: 9, alignment: .corners), Tensor.ramp(9, by: 0.5).reshaped([1, 1, 9]))
  }

  @Test func aNonFiniteElementReachesOnlyWhereItCounts() {
    var x = Tensor.ramp(5).reshaped([1, 1, 5])
    x[element: 0, 0, 2] = .nan
    let same = x.resized1D(to: 5)
    #expect(same.scalars.map(\.isNaN) == [false, false, true, false, false])
    let finer = x.resized1D(to: 9, alignment: .corners)
    #expect(
      finer.scalars.map(\.isNaN) == [false, false, false, true, true, true, false, false, false])
    // The gradient of an output that an element has no part in is not its.
    let arriving: Tensor = Tensor([.nan, 1, 1, 1, 1], shape: [1, 1, 5])
    let (_, gradient) = valueAndGradient(of: Tensor.ramp(2).reshaped([1, 1, 2])) {
      ($0.resized1D(to: 5, .nearest) * arriving).sum()
    }
    #expect(gradient.scalars.map(\.isNaN) == [true, false])
  }

  @Test func mistakesStop() async throws {
    let result0 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 4]).resized1D(to: 0)
    }
    try expectMistake(result0, "[2, 3, 4]", "[0]", file: "ResizingTests")
    let result1 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 4, 5]).resized1D(to: 3)
    }
    try expectMistake(result1, "signals [N, C, L]", "[2, 3, 4, 5]", file: "ResizingTests")
    let result2 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 4]).resized1D(to: 3, alignment: .corners, antialiased: true)
    }
    try expectMistake(result2, "antialiasing keeps the edges", file: "ResizingTests")
  }
}
