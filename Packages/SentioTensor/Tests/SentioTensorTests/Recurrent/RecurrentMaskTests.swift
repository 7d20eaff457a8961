import SentioTensorTestSupport
import Testing

@testable import SentioTensor

@Suite struct RecurrentMaskTests {
  static let mask: Tensor = [
    [1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0],
    [0, 1, 0, 1, 0, 1, 1],
  ]

  @Test(arguments: RecurrentExample.cells) func maskedStepsInfluenceNothing(_ cell: RecurrentCell) {
    let example = RecurrentExample(cell: cell)
    let arriving = Tensor.ramp(example.batch * example.steps * example.units, from: -1, by: 0.01)
      .reshaped([example.batch, example.steps, example.units])
    /// Results and gradients, with other numbers at the steps that do not count, coming in and going back.
    func run(_ filling: Float) -> (results: [Tensor], gradients: [Tensor]) {
      var all = example.all
      let hole = Self.mask.reshaped([5, 7, 1]) .== Tensor(0)
      all[0] = Tensor.select(where: hole, Tensor(filling), else: all[0])
      let weights = Tensor.select(where: hole, Tensor(filling), else: arriving)
      var results: [Tensor] = []
      let (_, gradients) = valueAndGradient(of: all) { tensors in
        let result = example(tensors, mask: .steps(Self.mask))
        results = ([result.output] + result.state.tensors).map { $0.detached() }
        let weighted = Tensor.withDerivative(of: [result.output]) { i in
          (i[0].sum(), { _ in [weights] })
        }
        return weighted + result.state.tensors.reduce(Tensor(0)) { $0 + $1.squared().sum() }
      }
      return (results, gradients)
    }
    let calm = run(0)
    for filling in [3e30, Float.nan, .infinity] {
      let wild = run(filling)
      #expect(wild.results == calm.results, "\(cell)")
      #expect(wild.gradients == calm.gradients, "\(cell)")
    }
    let hole = Self.mask.reshaped([5, 7, 1]) .== Tensor(0)
    #expect((calm.results[0] * hole).absolute().max().scalar == 0)
    #expect((calm.gradients[0] * hole).absolute().max().scalar == 0)
    // The fourth sequence has no step that counts: it keeps its state and passes its gradient on.
    #expect(calm.results[1][3] == example.state[0][3])
    #expect(calm.gradients[1][3] == example.state[0][3] * 2)
  }

  @Test(arguments: RecurrentExample.cells) func aSequenceOfALengthIsTheShorterSequence(
    _ cell: RecurrentCell
  ) {
    var example = RecurrentExample(cell: cell)
    let lengths = [7, 3, 1, 0, 5]
    let result = example(example.all, mask: .lengths(lengths))
    let whole = example.all
    let rows = 1...(cell.hasCellState ? 2 : 1)
    example.batch = 1
    for (row, length) in lengths.enumerated() where length > 0 {
      let one = example(
        [whole[0][row][..<length].reshaped([1, length, 3])]
          + rows.map { whole[$0][row].reshaped([1, 8]) } + whole[(rows.upperBound + 1)...])
      expectClose(result.output[row][..<length], one.output[0], within: .exact)
      expectClose(result.state.hidden[row], one.state.hidden[0], within: .exact)
      if let cells = result.state.cell {
        expectClose(cells[row], one.state.cell![0], within: .exact)
      }
    }
  }

  @Test func holesAreTheSequenceWithoutThem() {
    let example = RecurrentExample(cell: .gru())
    let result = example(example.all, mask: .steps(Self.mask))
    let kept = [1, 3, 5, 6]
    let dense = example([example.x.gathered(kept, axis: 1)] + example.state + example.weights)
    expectClose(result.output[4].gathered(kept), dense.output[4], within: .exact)
    expectClose(result.state.hidden[4], dense.state.hidden[4], within: .exact)
  }

  @Test func aNumberThatIsNoneStaysInItsSequence() {
    let example = RecurrentExample(cell: .lstm, directions: 1)
    var all = example.all
    all[0][element: 2, 3, 1] = .nan
    let result = example(all)
    let (before, plain) = (example(example.all).output, result.output)
    #expect(plain[2][3...].scalars.allSatisfy { $0.isNaN })
    #expect(plain[2][..<3] == before[2][..<3])
    for row in [0, 1, 3, 4] { #expect(plain[row] == before[row]) }
    all[0][element: 2, 3, 1] = .infinity
    #expect(example(all).output.scalars.allSatisfy { abs($0) <= 1 })
  }

  @Test func emptySequencesKeepTheState() {
    var example = RecurrentExample(cell: .lstm, steps: 0)
    let result = example(example.all)
    #expect(result.output.shape == [5, 0, 8])
    #expect(result.state.tensors == example.state)
    example.batch = 0
    #expect(example(example.all).output.shape == [0, 0, 8])
    let noInputs = RecurrentExample(cell: .gru(), inputs: 0)
    let (_, gradients) = valueAndGradient(of: noInputs.all) { noInputs($0).flat.sum() }
    #expect(gradients[0].shape == [5, 7, 0])
    #expect(gradients[3].absolute().max().scalar > 0)
  }
}
