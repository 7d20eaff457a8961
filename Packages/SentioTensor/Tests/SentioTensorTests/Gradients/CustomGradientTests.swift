import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct CustomGradientTests {
  @Test func aDerivativeOfTheCallersIsUsed() {
    let (value, gradient) = valueAndGradient(of: Tensor([0.4, 1.6])) { x in
      let rounded = Tensor.withDerivative(of: [x]) { inputs in
        (inputs[0].rounded(), { gradient in [gradient * 10] })
      }
      return (rounded * Tensor([1, 3])).sum()
    }
    #expect(value.scalar == 6)
    #expect(gradient == [10, 30])
    let plain = Tensor.withDerivative(of: [Tensor([0.4])]) { ($0[0].rounded(), { [$0] }) }
    #expect(plain == [0])
  }

  @Test func nilGradientsAreZero() {
    let (_, gradient) = valueAndGradient(of: [[1], [2]] as [Tensor]) { inputs in
      Tensor.withDerivative(of: inputs) { i in (i[0] * i[1], { [nil, $0 * 7] }) }.sum()
    }
    #expect(gradient == [[0], [7]])
  }

  @Test func aCheckpointChangesNothingButTheMemory() {
    var stream = RandomStream(seed: 5, "checkpoint")
    let x = Tensor.normal([6, 4], from: &stream)
    let weight = Tensor.normal([4, 4], standardDeviation: 0.5, from: &stream)
    let segment: @Sendable ([Tensor]) -> Tensor = { inputs in
      var y = inputs[0]
      for _ in 0..<5 { y = y.linear(inputs[1], activation: .tanh) + y }
      return y
    }
    let direct = valueAndGradient(of: [x, weight]) { segment($0.map { $0 * 1 }).squared().sum() }
    let checkpoint = valueAndGradient(of: [x, weight]) { inputs in
      checkpointed(inputs.map { $0 * 1 }, segment).squared().sum()
    }
    #expect(checkpoint.value == direct.value)
    #expect(checkpoint.gradient == direct.gradient)
  }
}
