import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct GroupNormalizationTests {
  static let cases = GoldenCases("Normalization/groups.safetensors")

  @Test(arguments: cases.names) func valuesAndGradientsEqualPyTorchs(_ name: String) {
    Self.cases.check(name) { i, words in
      let (gain, offset) = (i.count > 1 ? i[1] : nil, i.count > 2 ? i[2] : nil)
      return name.hasPrefix("instance")
        ? i[0].instanceNormalized(gain: gain, offset: offset)
        : i[0].groupNormalized(groups: Int(words[1])!, gain: gain, offset: offset)
    }
  }

  @Test func gradientsAgreeWithDifferences() {
    var stream = RandomStream(seed: 3, "group norm")
    let inputs = [
      Tensor.normal([2, 6, 3], from: &stream), Tensor.normal([6], from: &stream),
      Tensor.normal([6], from: &stream),
    ]
    checkGradient(of: inputs) {
      $0[0].groupNormalized(groups: 2, gain: $0[1], offset: $0[2], epsilon: 0.1)
    }
  }

  @Test func oneGroupIsLayerNormalizationOfTheExample() {
    var stream = RandomStream(seed: 4, "one group")
    let x = Tensor.normal([3, 4, 5], from: &stream)
    let rows = x.reshaped([3, 20]).layerNormalized().reshaped([3, 4, 5])
    expectClose(x.groupNormalized(groups: 1), rows)
    expectClose(x.instanceNormalized(), x.layerNormalized())
  }

  @Test func nonFiniteNumbersStayInTheirGroup() {
    var x = Tensor.ramp(2 * 4 * 3).reshaped([2, 4, 3])
    x[element: 1, 2, 0] = .infinity
    let y = x.groupNormalized(groups: 2)
    #expect(y.scalars.map(\.isNaN) == (0..<24).map { $0 >= 18 })
    #expect(Tensor.zeros([0, 4]).groupNormalized(groups: 2).shape == [0, 4])
    #expect(Tensor.zeros([2, 4, 0]).instanceNormalized(gain: .ones([4])).shape == [2, 4, 0])
  }
}
