import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct DivergenceLossTests {
  @Test func equalDistributionsDoNotDiverge() {
    let p: Tensor = [[0.2, 0.3, 0.5], [1, 0, 0]]
    let loss = klDivergence(logProbabilities: p.log(), p)
    #expect(loss.scalar == 0)
    let other = klDivergence(logProbabilities: ([[0.5, 0.5]] as Tensor).log(), [[1, 0]])
    expectClose(other, Tensor(0.693_147_2))
  }

  @Test func zeroProbabilitiesHaveADefinedOutcome() {
    let q: Tensor = [[0.5, 0.5, 0]]
    let p: Tensor = [[0.5, 0, 0.5]]
    #expect(klDivergence(logProbabilities: q.log(), p).scalar == .infinity)
    // The two zeros of p and q together, and of p alone, say nothing; nor do they get a NaN back.
    let (value, gradient) = valueAndGradient(of: [q.log(), [[1, 0, 0]]] as [Tensor]) {
      klDivergence(logProbabilities: $0[0], $0[1])
    }
    expectClose(value, Tensor(0.693_147_2))
    #expect(gradient[0] == [[-1, 0, 0]])
    expectClose(gradient[1], [[1.693_147_2, 0, 0]])
    #expect(klDivergence(logProbabilities: q.log(), [[.nan, 0, 0]]).scalar.isNaN)
  }

  @Test func gradientsAgreeWithDifferences() {
    var stream = RandomStream(seed: 1, "kl")
    let (a, b) = (Tensor.normal([5, 3], from: &stream), Tensor.normal([5, 3], from: &stream))
    checkGradient(of: [a, b]) {
      klDivergence(logProbabilities: $0[0].logSoftmax(), $0[1].softmax())
    }
  }
}
