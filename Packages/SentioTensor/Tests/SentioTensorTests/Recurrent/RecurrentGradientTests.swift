import SentioTensorTestSupport
import Testing

@testable import SentioTensor

@Suite struct RecurrentGradientTests {
  // Cells without gates have square weights, which could be transposed here; PyTorch's gradients show that
  // they are not.
  @Test(arguments: [RecurrentCell.lstm, .gru(), .gru(resetAfter: false)])
  func gradientsAgreeWithDifferences(_ cell: RecurrentCell) {
    var example = RecurrentExample(cell: cell, batch: 2, steps: 3, inputs: 4, hidden: 5)
    checkGradient(of: example.all, "\(cell) both ways") { example($0).flat }
    example.directions = 1
    checkGradient(of: example.all, "\(cell) masked") {
      example($0, mask: .steps([[1, 0, 1], [1, 1, 0]])).flat
    }
  }

  @Test(arguments: RecurrentExample.cells) func onlyWhatIsWantedIsComputed(_ cell: RecurrentCell) {
    let example = RecurrentExample(cell: cell)
    let all = example.all
    let (_, expected) = valueAndGradient(of: all) { (example($0).flat.squared()).sum() }
    for index in all.indices {
      let (_, gradient) = valueAndGradient(of: all[index]) { tensor in
        var tensors = all
        tensors[index] = tensor
        return example(tensors).flat.squared().sum()
      }
      expectClose(gradient, expected[index], within: .exact, "\(cell), tensor \(index)")
    }
  }

  @Test func eachResultAloneHasItsGradient() {
    let example = RecurrentExample(cell: .lstm, directions: 1)
    let parts: [(RecurrentResult) -> Tensor] = [
      { $0.output.sum() }, { $0.state.hidden.sum() }, { $0.state.cell!.sum() },
    ]
    let all = valueAndGradient(of: example.all) { tensors in
      let result = example(tensors)
      return parts.map { $0(result) }.reduce(Tensor(0), +)
    }
    let alone = parts.map { part in
      valueAndGradient(of: example.all) { part(example($0)) }.gradient
    }
    for index in example.all.indices {
      expectClose(
        alone[0][index] + alone[1][index] + alone[2][index], all.gradient[index],
        within: Tolerance(relative: 1e-5, absolute: 1e-5), "tensor \(index)")
    }
    // What uses none of the results has no gradient, and asks for none.
    let (_, none) = valueAndGradient(of: example.x) { x in
      _ = example([x] + example.state + example.weights)
      return x.sum()
    }
    #expect(none == Tensor.ones(example.extents))
  }

  @Test(arguments: RecurrentExample.cells) func truncationEqualsPartsWithADetachedState(
    _ cell: RecurrentCell
  ) {
    let example = RecurrentExample(cell: cell, steps: 8, directions: 1)
    let whole = valueAndGradient(of: example.all) {
      example($0, truncation: 3).flat.sin().sum()
    }
    let parts = valueAndGradient(of: example.all) { tensors in
      var outputs: [Tensor] = []
      var state = Array(tensors[1..<(cell.hasCellState ? 3 : 2)])
      var result: RecurrentResult?
      for start in stride(from: 0, to: 8, by: 3) {
        let part = tensors[0].sliced(start..<min(start + 3, 8), axis: 1)
        result = example([part] + state + tensors.dropFirst(1 + state.count))
        outputs.append(result!.output)
        state = result!.state.detached().tensors
      }
      let output = Tensor.concatenate(outputs, axis: 1)
      return RecurrentResult(output: output, state: result!.state).flat.sin().sum()
    }
    expectClose(whole.value, parts.value)
    for index in whole.gradient.indices {
      expectClose(
        whole.gradient[index], parts.gradient[index],
        within: Tolerance(relative: 1e-5, absolute: 1e-5), "\(cell), tensor \(index)")
    }
    let full = valueAndGradient(of: example.all) { example($0).flat.sin().sum() }
    #expect(full.value == whole.value)
    #expect(full.gradient[0] != whole.gradient[0])
  }

  @Test func theReverseDirectionIsTruncatedFromItsOwnStart() {
    // Only the state before the step nearest the sequence's start is looked at: of seven steps, the
    // reverse direction reaches it in its third part of three, which the first step alone fills.
    let example = RecurrentExample(cell: .lstm)
    let (_, gradients) = valueAndGradient(of: example.all) {
      example($0, truncation: 3).output.selected(0, axis: 1).sliced(4..., axis: -1).sum()
    }
    let x = gradients[0]
    #expect(x.selected(0, axis: 1).absolute().min().scalar > 0)
    #expect(x.sliced(1..., axis: 1).absolute().max().scalar == 0)
  }
}
