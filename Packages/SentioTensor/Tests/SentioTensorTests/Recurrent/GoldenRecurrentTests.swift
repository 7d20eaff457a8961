import CSentioTensorKernels
import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// Whole sequences against PyTorch's, computed in double precision.
@Suite struct GoldenRecurrentTests {
  static let files = Dictionary(
    uniqueKeysWithValues: ["tanh", "relu", "lstm", "gru", "gruBefore"].map {
      ($0, GoldenCases("Recurrent/\($0).safetensors"))
    })
  static let names = files.values.flatMap(\.names).sorted()

  static let cells: [String: RecurrentCell] = [
    "tanh": .rnn(.tanh), "relu": .rnn(.relu), "lstm": .lstm, "gru": .gru(),
    "gruBefore": .gru(resetAfter: false),
  ]

  /// Up to 70 steps of single precision; the sums of a weight's gradient have 140 terms.
  static let tolerance = Tolerance(relative: 2e-5, absolute: 1e-5)

  private func check(_ name: String) {
    let words = GoldenCases.words(name)
    let file = Self.files[words[0]]!
    let cell = Self.cells[words[0]]!
    let (directions, options) = (words[1] == "one" ? 1 : 2, words[2])
    let mask: SequenceMask? =
      options.contains("lengths")
      ? .lengths(file.tensor("\(name).lengths").scalars.map { Int($0) }) : nil
    file.check(name, within: Self.tolerance) { inputs, _ in
      var rest = inputs.dropFirst()
      var start: RecurrentState?
      if options.contains("start") {
        start = RecurrentState(
          hidden: rest.removeFirst(), cell: cell.hasCellState ? rest.removeFirst() : nil)
      }
      let hasBias = !options.contains("noBias")
      var layers: [RecurrentWeights] = []
      for _ in 0..<directions {
        layers.append(
          RecurrentWeights(
            input: rest.removeFirst(), recurrent: rest.removeFirst(),
            inputBias: hasBias ? rest.removeFirst() : nil,
            recurrentBias: hasBias ? rest.removeFirst() : nil))
      }
      return inputs[0].recurrent(
        cell, layers[0], reverse: directions == 2 ? layers[1] : nil, from: start, mask: mask
      ).flat
    }
  }

  @Test(arguments: names) func valuesAndGradientsEqualPyTorchs(_ name: String) {
    check(name)
  }

  /// Names of cases that reach every part of the loops.
  static let chosen = names.filter { $0.contains("19-") || $0.contains("both.start-lengths") }

  @Test(arguments: chosen, [SENTIO_RECURRENT_AVX2.rawValue, SENTIO_RECURRENT_PORTABLE.rawValue])
  func otherInstructionSetsDoToo(_ name: String, _ instructions: UInt32) {
    RecurrentPass.$instructions.withValue(sentio_recurrent_instructions(instructions)) {
      check(name)
    }
  }

  @Test func theFilesHoldWhatTheyShould() {
    #expect(Self.names.count == 4 * 10 + 2 + 3)
    #expect(Self.chosen.count == 3 + 4)
  }
}
