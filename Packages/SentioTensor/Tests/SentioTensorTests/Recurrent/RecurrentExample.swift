import CSentioTensorKernels

@testable import SentioTensor

/// A recurrent layer of random weights with all that it can be given, for tests.
struct RecurrentExample {
  var cell: RecurrentCell
  var batch = 5
  var steps = 7
  var inputs = 3
  var hidden = 4
  var directions = 2
  var seed: UInt64 = 23

  static let cells: [RecurrentCell] = [
    .rnn(.tanh), .rnn(.relu), .lstm, .gru(), .gru(resetAfter: false),
  ]

  var units: Int { directions * hidden }
  var extents: Shape { [batch, steps, inputs] }

  private func normal(_ shape: Shape, _ name: String, _ deviation: Float = 1) -> Tensor {
    var stream = RandomStream(seed: seed, name)
    return Tensor.normal(shape, standardDeviation: deviation, from: &stream)
  }

  var x: Tensor { normal(extents, "x") }

  /// The initial state's tensors.
  var state: [Tensor] {
    (0..<(cell.hasCellState ? 2 : 1)).map { normal([batch, units], "state \($0)") }
  }

  /// Each direction's weights and biases.
  var weights: [Tensor] {
    let rows = cell.gateCount * hidden
    let deviation = 1 / Float(hidden).squareRoot()
    return (0..<directions).flatMap { direction in
      let shapes: [Shape] = [[rows, inputs], [rows, hidden], [rows], [rows]]
      return shapes.enumerated().map { normal($1, "weights \(direction) \($0)", deviation) }
    }
  }

  /// Input, state and weights, in the order that ``callAsFunction(_:mask:dropout:truncation:)`` takes.
  var all: [Tensor] { [x] + state + weights }

  func callAsFunction(
    _ tensors: [Tensor], mask: SequenceMask? = nil, dropout: RecurrentDropout? = nil,
    truncation: Int? = nil
  ) -> RecurrentResult {
    var rest = tensors.dropFirst()
    let state = RecurrentState(
      hidden: rest.removeFirst(), cell: cell.hasCellState ? rest.removeFirst() : nil)
    var layers: [RecurrentWeights] = []
    for _ in 0..<directions {
      layers.append(
        RecurrentWeights(
          input: rest.removeFirst(), recurrent: rest.removeFirst(), inputBias: rest.removeFirst(),
          recurrentBias: rest.removeFirst()))
    }
    return tensors[0].recurrent(
      cell, layers[0], reverse: directions == 2 ? layers[1] : nil, from: state, mask: mask,
      dropout: dropout, truncation: truncation)
  }
}

extension RecurrentResult {
  /// All results one after the other.
  var flat: Tensor {
    Tensor.concatenate(
      ([output, state.hidden] + [state.cell].compactMap { $0 }).map { $0.reshaped([-1]) }, axis: 0)
  }
}
