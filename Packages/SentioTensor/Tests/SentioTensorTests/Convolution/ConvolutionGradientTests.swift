import SentioTensor
import SentioTensorTestSupport
import Testing

/// Gradients against central differences, and what convolutions of one another mean.
@Suite struct ConvolutionGradientTests {
  @Test(arguments: ComputeEngine.allCases)
  func gradientsEqualDifferences(_ engine: ComputeEngine) {
    var stream = RandomStream(seed: 3, "differences")
    func normal(_ shape: Shape) -> Tensor { .normal(shape, from: &stream) }
    let signal = [normal([2, 6, 9]), normal([4, 3, 5]), normal([4])]
    let image = [normal([2, 3, 7, 5]), normal([4, 3, 2, 1]), normal([4])]
    Compute.with(engine: engine) {
      checkGradient(of: signal, "signal") {
        $0[0].convolved1D($0[1], bias: $0[2], stride: 2, groups: 2, padding: .same)
      }
      checkGradient(of: signal, "causal") {
        $0[0].convolved1D(
          $0[1], bias: $0[2], dilation: 2, groups: 2, padding: .causal, activation: .tanh)
      }
      checkGradient(of: image, "image") {
        $0[0].convolved2D(
          $0[1], bias: $0[2], stride: HeightWidth(height: 2, width: 3), padding: .symmetric(1),
          activation: .silu)
      }
      checkGradient(of: image, "patches") {
        $0[0].convolved2D($0[1], bias: $0[2], stride: HeightWidth(height: 2, width: 1))
      }
    }
  }

  @Test func onlyWantedGradientsAreComputed() {
    let (x, weight, bias) = (Tensor.ones([2, 3, 8]), Tensor.ones([4, 3, 2]), Tensor.ones([4]))
    let all = valueAndGradient(of: [x, weight, bias]) {
      ($0[0].convolved1D($0[1], bias: $0[2])).sum()
    }.1
    for (index, expected) in all.enumerated() {
      let inputs = [x, weight, bias]
      let one = valueAndGradient(of: [inputs[index]]) { part in
        var inputs = inputs
        inputs[index] = part[0]
        return inputs[0].convolved1D(inputs[1], bias: inputs[2]).sum()
      }.1
      expectClose(one[0], expected, within: .exact, "input \(index)")
    }
  }

  @Test func aCausalConvolutionSeesNoLaterInput() {
    var stream = RandomStream(seed: 4, "causal")
    let x = Tensor.normal([1, 2, 20], from: &stream)
    let weight = Tensor.normal([3, 2, 4], from: &stream)
    var changed = x
    changed.withUnsafeMutableBufferPointer { $0[12] += 1 }
    let (a, b) = (
      x.convolved1D(weight, dilation: 2, padding: .causal),
      changed.convolved1D(weight, dilation: 2, padding: .causal)
    )
    expectClose(a.sliced(0..<12, axis: 2), b.sliced(0..<12, axis: 2), within: .exact)
    #expect(a.sliced(12..., axis: 2) != b.sliced(12..., axis: 2))
  }

  @Test func paddingResolvesAsKerasDoes() {
    // ⌈7 / 3⌉ = 3 windows of 4 span 10: one zero before, two after.
    let axis = Tensor.ones([1, 1, 7]).convolved1D(
      Tensor.ones([1, 1, 4]), stride: 3, padding: .same)
    expectClose(axis, Tensor([3, 4, 2], shape: [1, 1, 3]), within: .exact)
    let empty = Tensor.ones([2, 3, 0]).convolved1D(Tensor.ones([4, 3, 5]), padding: .same)
    #expect(empty.shape == [2, 4, 0])
  }
}
