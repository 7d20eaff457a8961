import SentioTensorTestSupport
import Testing

@testable import SentioTensor

@Suite struct RecurrentDropoutTests {
  private func draw(_ example: RecurrentExample, position: UInt64 = 0) -> RecurrentDropout {
    var stream = RandomStream(seed: 9, "dropout", position: position)
    return RecurrentDropout(
      input: 0.3, state: 0.4, batch: example.batch, inputs: example.inputs, units: example.units,
      from: &stream)
  }

  @Test func theSamePlaceInAStreamDropsTheSame() {
    let example = RecurrentExample(cell: .lstm, batch: 40, inputs: 11, hidden: 9)
    let (a, b, c) = (draw(example), draw(example), draw(example, position: 4))
    #expect(a.input == b.input && a.state == b.state)
    #expect(a.input != c.input && a.state != c.state)
    #expect(Set(a.input!.scalars) == [0, 1 / 0.7])
    #expect(abs(a.state!.mean().scalar - 1) < 0.1)
    let first = example(example.all, dropout: a).flat
    #expect(first == example(example.all, dropout: b).flat)
    #expect(first != example(example.all, dropout: c).flat)
    var stream = RandomStream(seed: 9, "dropout")
    let none = RecurrentDropout(batch: 40, inputs: 11, units: 18, from: &stream)
    #expect(none.input == nil && none.state == nil && stream.position == 0)
  }

  @Test(arguments: [RecurrentCell.lstm, .gru(), .gru(resetAfter: false)])
  func gradientsAgreeWithDifferences(_ cell: RecurrentCell) {
    let example = RecurrentExample(cell: cell, batch: 2, steps: 3, inputs: 4, hidden: 5)
    let dropout = draw(example)
    checkGradient(of: example.all, "\(cell)") { example($0, dropout: dropout).flat }
  }

  /// A step written in tensors, with the factors where the definition has them.
  @Test func oneMaskHoldsForAllSteps() {
    let example = RecurrentExample(cell: .gru(), directions: 1)
    let dropout = draw(example)
    let all = example.all
    let result = example(all, dropout: dropout)
    let w = Array(all.dropFirst(2))
    var h = all[1]
    for step in 0..<example.steps {
      let x = all[0].selected(step, axis: 1) * dropout.input!
      let sums = x.linear(w[0], bias: w[2])
      let parts = (h * dropout.state!).linear(w[1], bias: w[3])
      func gate(_ t: Tensor, _ index: Int) -> Tensor {
        t.sliced((4 * index)..<(4 * index + 4), axis: 1)
      }
      let r = (gate(sums, 0) + gate(parts, 0)).sigmoid()
      let z = (gate(sums, 1) + gate(parts, 1)).sigmoid()
      let n = (gate(sums, 2) + r * gate(parts, 2)).tanh()
      h = (1 - z) * n + z * h
      expectClose(result.output.selected(step, axis: 1), h, "step \(step)")
    }
    expectClose(result.state.hidden, h)
  }
}
