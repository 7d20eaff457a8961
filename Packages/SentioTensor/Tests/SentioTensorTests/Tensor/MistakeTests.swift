import Foundation
import SentioTensor
import Testing

#if canImport(Runtime)
  import Runtime
#endif

/// Mistakes of a programmer stop the program, with both shapes and the caller's place in the message.
@Suite struct MistakeTests {
  /// What a stopped process wrote to standard error.
  private func message(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  /// Expects the message to hold all texts, and this file with a line inside of the caller's function.
  private func expect(
    _ result: ExitTest.Result?, _ texts: [String], from line: Int, to last: Int = #line,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let message = try message(result)
    for text in texts {
      #expect(message.contains(text), "\(message)", sourceLocation: location)
    }
    let lines = message.matches(of: /MistakeTests\.swift:([0-9]+)/).compactMap { Int($0.1) }
    #expect(
      lines.contains { (line...last).contains($0) },
      "no line from \(line) to \(last): \(message)", sourceLocation: location)
  }

  @Test func productsNameBothShapes() async throws {
    let line = #line
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 3]).matmul(.zeros([4, 5]), transposeB: true)
    }
    try expect(result, ["[2, 3]", "[4, 5] transposed"], from: line, to: line + 5)
  }

  @Test func operatorsAndPropertiesNameTheirCaller() async throws {
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      addUnequalShapes()
    }
    let scalar = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      takeTheNumberOfMany()
    }
    let change = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      changeWhatIsRecorded()
    }
    for (result, text) in [
      (sum, "+: shapes [2, 3] and [4] do not broadcast"),
      (scalar, "a tensor of shape [2, 3] is not a single number"),
      (change, "a tensor of shape [3] that is being differentiated cannot be changed in place"),
    ] {
      #if canImport(Runtime)
        try expect(result, [text], from: firstMistake, to: lastMistake)
      #else
        #expect(try message(result).contains(text))
      #endif
    }
  }

  @Test func axesAndPlacesAreChecked() async throws {
    let line = #line
    let axis = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).sum(axes: 2)
    }
    let index = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).gathered([0, 5], axis: 1)
    }
    let element = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[element: 1, 3]
    }
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[1..<4]
    }
    try expect(axis, ["axis 2 does not exist in shape [2, 3]"], from: line)
    try expect(index, ["index 5 does not exist on axis 1 of [2, 3]"], from: line)
    try expect(element, ["[1, 3]", "[2, 3]"], from: line)
    try expect(range, ["1..<4", "axis 0 of [2, 3]"], from: line)
  }

  @Test func rearrangementsNameBothShapes() async throws {
    let line = #line
    let reshape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).reshaped([4, -1])
    }
    let join = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.concatenate([.zeros([2, 3]), .zeros([2, 4])])
    }
    let repeated = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).broadcast(to: [2, 4])
    }
    let order = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).permuted([1, 1])
    }
    try expect(reshape, ["shape [2, 3] cannot become [4, -1]"], from: line)
    try expect(join, ["[2, 4]", "[2, 3]", "axis 0"], from: line)
    try expect(repeated, ["[2, 3]", "[2, 4]"], from: line)
    try expect(order, ["[1, 1]", "[2, 3]"], from: line)
  }

  @Test func layersNameBothShapes() async throws {
    let line = #line
    let linear = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).linear(.zeros([5, 4]))
    }
    let norm = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).batchNormalized(gain: .zeros([4]))
    }
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 6]).groupNormalized(groups: 4)
    }
    let table = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 6]).embedding([1, 2])
    }
    try expect(linear, ["[5, 4]", "[2, 3]"], from: line)
    try expect(norm, ["[4]", "[2, 3]"], from: line)
    try expect(groups, ["4 groups", "[2, 6]"], from: line)
    try expect(table, ["index 2", "[2, 6]"], from: line)
  }

  @Test func lossesNameBothShapes() async throws {
    let line = #line
    let squares = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = meanSquaredError(.zeros([2, 3]), .zeros([2]))
    }
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(logits: .zeros([2, 3]), [0, 3])
    }
    try expect(squares, ["[2, 3]", "[2]"], from: line)
    try expect(labels, ["index 3", "3 classes"], from: line)
  }

  @Test func recordingsNameTheirMistakes() async throws {
    let line = #line
    let vector = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = valueAndGradient(of: Tensor.zeros([3])) { $0 * 2 }
    }
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = valueAndGradient(of: Tensor.zeros([3])) { x in
        valueAndGradient(of: x) { $0.sum() }.gradient.sum()
      }
    }
    try expect(vector, ["single number", "[3]"], from: line)
    try expect(twice, ["[3]", "derivatives of derivatives"], from: line)
  }
}

// Mistakes outside of the macro, whose expansion has a file of its own.
private let firstMistake = #line

@inline(never) private func addUnequalShapes() {
  let sum = Tensor.zeros([2, 3]) + Tensor.zeros([4])
  print(sum)
}

@inline(never) private func takeTheNumberOfMany() {
  print(Tensor.zeros([2, 3]).scalar)
}

@inline(never) private func changeWhatIsRecorded() {
  _ = valueAndGradient(of: Tensor.zeros([3])) { x in
    var y = x
    y.withUnsafeMutableBufferPointer { $0[0] = 1 }
    return y.sum()
  }
}

private let lastMistake = #line
