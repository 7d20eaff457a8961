import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct PaddingModeTests {
  static let cases = GoldenCases("Spatial/columns.safetensors")
  static let modes: [String: PaddingMode] = [
    "reflect": .reflect, "replicate": .replicate, "circular": .circular,
  ]

  @Test(arguments: cases.names.filter { $0.hasPrefix("pad") })
  func paddingEqualsPyTorchs(_ name: String) {
    Self.cases.check(name) { inputs, words in
      inputs[0].padded(
        words[1] == "signal"
          ? [(0, 0), (0, 0), (4, 2)] : [(0, 0), (0, 0), (0, 2), (3, 1)],
        mode: Self.modes[words[0]]!)
    }
  }

  @Test func aConstantIsTheOrdinaryPadding() {
    let x = Tensor.ramp(6).reshaped([2, 3])
    let widths = [(before: 1, after: 0), (before: 0, after: 2)]
    expectClose(x.padded(widths, mode: .constant(7)), x.padded(widths, with: 7), within: .exact)
    #expect(x.padded([(0, 0), (0, 0)], mode: .reflect) == x)
  }

  @Test func moreThanTheAxisHasStops() async throws {
    let result0 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([3]).padded([(3, 0)], mode: .reflect)
    }
    try expectMistake(result0, "padding by 3 and 0", "[3]", "reflect", file: "PaddingModeTests")
    let result1 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([3]).padded([(0, 4)], mode: .circular)
    }
    try expectMistake(result1, "padding by 0 and 4", "[3]", "circular", file: "PaddingModeTests")
  }
}
