import Foundation
import SentioTensor
import SentioTensorTestSupport
import Testing

/// What recording, going back and forgetting mean, whatever the operations.
@Suite struct GradientTests {
  struct Line: TensorGroup, Sendable {
    var slope: Tensor
    var offset: Tensor?

    mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
      try slope.forEachTensor(body)
      try offset.forEachTensor(body)
    }
  }

  final class Shared: TensorGroup {
    var weight: Tensor
    init(_ weight: Tensor) { self.weight = weight }
    func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows { try body(&weight) }
  }

  @Test func aPolynomialHasItsDerivative() {
    let x: Tensor = [1, -2, 3]
    let (value, gradient) = valueAndGradient(of: x) { x in (x * x * x - 2 * x).sum() }
    let expected: Float = -1 - 4 + 21
    #expect(value.scalar == expected)
    #expect(gradient == [1, 10, 25])
  }

  @Test func modelsAndInputsGetTheirGradients() {
    let line = Line(slope: [[2, 3]], offset: [1])
    let x: Tensor = [[1, 10], [2, 20], [3, 30]]
    let result = valueAndGradient(of: line, at: x) { line, x in
      x.linear(line.slope, bias: line.offset).sum()
    }
    #expect(result.value.scalar == 2 * 6 + 3 * 60 + 3)
    #expect(result.gradient == [[[6, 60]], [3]])
    #expect(result.inputGradient == [[2, 3], [2, 3], [2, 3]])
    let bare = valueAndGradient(of: Line(slope: [[2, 3]], offset: nil)) { $0.slope.sum() }
    #expect(bare.gradient == [[[1, 1]]])
  }

  @Test func aClassIsLeftAsItWas() {
    let model = Shared([1, 2])
    let (_, gradient) = valueAndGradient(of: model) { ($0.weight * $0.weight).sum() }
    #expect(gradient == [[2, 4]])
    // Neither a recording nor a copy is left: the elements may be changed in place.
    model.weight[element: 0] = 5
    #expect(model.weight == [5, 2])
  }

  @Test func whatIsUsedTwiceAddsUpAndWhatIsNotIsZero() {
    let (_, gradient) = valueAndGradient(of: [[1, 2], [3, 4, 5]] as [Tensor]) { inputs in
      let doubled = inputs[0] + inputs[0]
      return (doubled * inputs[0]).sum() + inputs[0].sum()
    }
    #expect(gradient == [[5, 9], [0, 0, 0]])
    let (_, none) = valueAndGradient(of: Tensor([1, 2])) { _ in Tensor(3) }
    #expect(none == [0, 0])
  }

  @Test func detachedTensorsAreConstants() {
    let (_, gradient) = valueAndGradient(of: Tensor([2, 3])) { ($0 * $0.detached()).sum() }
    #expect(gradient == [2, 3])
  }

  @Test func nothingIsRecordedOutside() {
    var escaped = Tensor(0)
    let x: Tensor = [1, 2]
    _ = valueAndGradient(of: x) { x in
      escaped = x * 3
      return escaped.sum()
    }
    // A tensor that left its closure is a constant, in a later recording too, and may be changed.
    let (_, gradient) = valueAndGradient(of: x) { x in (x * escaped).sum() }
    #expect(gradient == [3, 6])
    escaped[element: 0] = 1
    #expect(escaped == [1, 6])
  }

  @Test func errorsEndTheRecording() {
    struct Stop: Error {}
    let model = Shared([1, 2])
    #expect(throws: Stop.self) {
      try valueAndGradient(of: model) { _ in throw Stop() }
    }
    model.weight[element: 0] = 5
    #expect(model.weight == [5, 2])
  }

  @Test func deepComputationsDoNotOverflowTheStack() {
    final class Outcome: @unchecked Sendable { var result: (value: Tensor, gradient: Tensor)? }
    let depth = 10_000
    let outcome = Outcome()
    // A stack that would not hold one frame for each operation.
    let thread = Thread {
      outcome.result = valueAndGradient(of: Tensor([1, 2])) { x in
        var y = x
        for _ in 0..<depth { y = y * 1.0001 + x * 0 }
        return y.sum()
      }
    }
    thread.stackSize = 256 << 10
    thread.start()
    while !thread.isFinished { usleep(1000) }
    let growth = Float(pow(1.0001, Double(depth)))
    // Each of the operations rounds.
    let tolerance = Tolerance(relative: 1e-3)
    expectClose(outcome.result?.value ?? [], Tensor(3 * growth), within: tolerance)
    expectClose(
      outcome.result?.gradient ?? [], Tensor([growth, growth]), within: tolerance)
  }

  @Test func severalTasksDifferentiateAtOnce() async {
    let gradients = await withTaskGroup(of: (Int, Tensor).self) { group in
      for task in 0..<16 {
        group.addTask {
          let x = Tensor(repeating: Float(task), [3, 5])
          var gradient = x
          for _ in 0..<20 {
            gradient = valueAndGradient(of: x) { x in (x * x).sum() }.gradient
          }
          return (task, gradient)
        }
      }
      var all: [Int: Tensor] = [:]
      for await (task, gradient) in group { all[task] = gradient }
      return all
    }
    #expect(gradients.count == 16)
    for (task, gradient) in gradients {
      #expect(gradient == Tensor(repeating: 2 * Float(task), [3, 5]))
    }
  }

  @Test func oneRecordingTakesOperationsFromSeveralThreads() {
    let x: Tensor = [1, 2, 3]
    let (_, gradient) = valueAndGradient(of: x) { x in
      let parts = UnsafeMutablePointer<Tensor>.allocate(capacity: 8)
      parts.initialize(repeating: x, count: 8)
      nonisolated(unsafe) let shared = parts
      DispatchQueue.concurrentPerform(iterations: 8) { index in
        shared[index] = x * Float(index)
      }
      defer {
        parts.deinitialize(count: 8)
        parts.deallocate()
      }
      return (0..<8).map { parts[$0] }.reduce(Tensor(0), +).sum()
    }
    #expect(gradient == [28, 28, 28])
  }
}
