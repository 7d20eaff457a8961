import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// Mistakes in shapes stop with both shapes.
@Suite struct RecurrentShapeTests {
  private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func weightsThatDoNotFitTheInputs() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let weights = RecurrentWeights(input: .zeros([8, 3]), recurrent: .zeros([8, 2]))
      _ = Tensor.zeros([4, 5, 6]).recurrent(.lstm, weights)
    }
    let text = message(result)
    #expect(text.contains("[8, 3]") && text.contains("[4, 5, 6]"))
    #expect(text.contains("RecurrentShapeTests.swift"))
  }

  @Test func aStateThatDoesNotFit() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let weights = RecurrentWeights(input: .zeros([6, 3]), recurrent: .zeros([6, 2]))
      _ = Tensor.zeros([4, 5, 3]).recurrent(
        .gru(), weights, from: RecurrentState(hidden: .zeros([4, 3])))
    }
    #expect(message(result).contains("[4, 3] is not [4, 2]"))
  }

  @Test func aLengthBeyondTheSteps() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let weights = RecurrentWeights(input: .zeros([2, 3]), recurrent: .zeros([2, 2]))
      _ = Tensor.zeros([2, 5, 3]).recurrent(.rnn(), weights, mask: .lengths([1, 6]))
    }
    #expect(message(result).contains("a length of 6 does not fit 2 sequences of 5 steps"))
  }
}
