import SentioTensor
import SentioTensorTestSupport
import Testing

/// Dropping weights: how many, which, and the same on the way back.
@Suite struct AttentionDropoutTests {
  static func inputs() -> [Tensor] {
    var stream = RandomStream(seed: 3, "dropout inputs")
    return [[2, 3, 70, 8], [2, 3, 300, 8], [2, 3, 300, 5]].map { .normal($0, from: &stream) }
  }

  @Test func theSameStreamDropsTheSame() {
    let x = Self.inputs()
    var a = RandomStream(seed: 5, "dropout")
    var b = a
    let first = AttentionDropout(0.3, from: &a)
    #expect(first == AttentionDropout(0.3, from: &b))
    #expect(a.position == 2)
    let other = AttentionDropout(0.3, from: &a)
    let out = scaledDotProductAttention(x[0], x[1], x[2], dropout: first)
    #expect(scaledDotProductAttention(x[0], x[1], x[2], dropout: first) == out)
    #expect(scaledDotProductAttention(x[0], x[1], x[2], dropout: other) != out)
    #expect(
      scaledDotProductAttention(x[0], x[1], x[2], dropout: AttentionDropout(0, from: &a))
        == scaledDotProductAttention(x[0], x[1], x[2]))
  }

  @Test func theRightShareIsDropped() {
    var stream = RandomStream(seed: 5, "share")
    // Equal weights and values of 1: the result is the share that was kept, over its expectation.
    let zeros = Tensor.zeros([4, 5, 50, 8])
    let keys = Tensor.zeros([4, 5, 300, 8])
    let out = scaledDotProductAttention(
      zeros, keys, .ones([4, 5, 300, 3]), dropout: AttentionDropout(0.25, from: &stream))
    // 300,000 draws: the share's standard deviation is 0.0008, divided by 0.75.
    #expect(abs(out.mean().scalar - 1) < 0.005)
    #expect(out.variance().scalar > 0.0005)
  }

  @Test func enginesDropTheSameAndAgreeOnGradients() {
    let x = Self.inputs()
    var stream = RandomStream(seed: 6, "engines")
    let dropout = AttentionDropout(0.4, from: &stream)
    func evaluate(_ engine: ComputeEngine) -> (Tensor, [Tensor]) {
      var out = Tensor(0)
      let (_, gradients) = Compute.with(engine: engine) {
        valueAndGradient(of: x) { x in
          let y = scaledDotProductAttention(x[0], x[1], x[2], isCausal: true, dropout: dropout)
          out = y.detached()
          return y.squared().sum()
        }
      }
      return (out, gradients)
    }
    let (fused, fusedGradients) = evaluate(.preferred)
    let (plain, plainGradients) = evaluate(.openBLAS)
    // The squares reach 50, and gradients add up 70 of them.
    let tolerance = Tolerance(relative: 1e-4, absolute: 1e-4)
    expectClose(fused, plain, within: tolerance)
    for (a, b) in zip(fusedGradients, plainGradients) { expectClose(a, b, within: tolerance) }
  }
}
