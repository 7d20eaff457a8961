import SentioTensor
import SentioTensorTestSupport
import Testing

/// Gradients against differences of the values: no other library is needed to believe them.
@Suite struct DifferenceTests {
  private func normal(_ shape: Shape, _ name: String) -> Tensor {
    var stream = RandomStream(seed: 11, name)
    return Tensor.normal(shape, from: &stream)
  }

  @Test func aLayerNetworkAgrees() {
    let inputs = [
      normal([2, 3, 4], "x"), normal([5, 4], "w"), normal([5], "b"), normal([5], "g"),
      normal([3, 5], "v"),
    ]
    for activation in [Activation.gelu(), .gelu(.tanh), .silu, .sigmoid, .tanh, .identity] {
      checkGradient(of: inputs, "\(activation)") { i in
        i[0].linear(i[1], bias: i[2], activation: activation)
          .layerNormalized(gain: i[3], offset: i[2]).linear(i[4]).softmax()
      }
    }
  }

  @Test func productsAgree() {
    checkGradient(of: [normal([2, 3, 4], "a"), normal([4, 5], "b")]) { $0[0].matmul($0[1]) }
    checkGradient(of: [normal([2, 1, 4, 3], "a"), normal([5, 7, 4], "b")], step: 0.1) {
      $0[0].matmul($0[1], transposeA: true, transposeB: true)
    }
  }

  @Test func lossesAgree() {
    let (p, t) = (normal([7, 3], "p"), normal([7, 3], "t"))
    checkGradient(of: [p, t]) { concordanceLoss($0[0], $0[1]) }
    checkGradient(of: [p, t]) { huberLoss($0[0], $0[1], delta: 50) }
    checkGradient(of: [p, t]) { meanSquaredError($0[0], $0[1], reduction: .sum) }
    checkGradient(of: [p]) { crossEntropy(logits: $0[0], [0, 1, 2, 2, 1, 0, 1], smoothing: 0.2) }
    checkGradient(of: [p, t.sigmoid()]) { binaryCrossEntropy(logits: $0[0], $0[1]) }
  }

  @Test func attentionWrittenInTensorsAgrees() {
    let inputs = [normal([2, 3, 4], "q"), normal([2, 5, 4], "k"), normal([2, 5, 7], "v")]
    checkGradient(of: inputs) { i in
      (i[0].matmul(i[1], transposeB: true) * 0.5).softmax().matmul(i[2])
    }
  }

  @Test func aWrongDerivativeIsFound() {
    withKnownIssue {
      checkGradient(of: [normal([3], "x")]) { i in
        Tensor.withDerivative(of: i) { ($0[0].squared(), { [$0] }) }
      }
    }
    withKnownIssue {
      checkGradient(of: [normal([3, 3], "x")]) { $0[0] * 1 }
    }
  }
}
