import Foundation
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Tensors, the pool, kept forms, recordings and files in several tasks at once.
///
/// Results are compared with one task's; that nothing races is what `make sanitize-thread` sees in these tests.
@Suite struct ConcurrencyTests {
  static let tasks = 8

  /// Runs a body in several tasks at once, a few times each, and returns what all of them gave.
  private func together<R: Sendable>(
    rounds: Int = 5, _ body: @escaping @Sendable (_ task: Int) throws -> R
  ) async throws -> [(task: Int, result: R)] {
    try await withThrowingTaskGroup(of: [(Int, R)].self) { group in
      for task in 0..<Self.tasks {
        group.addTask { try (0..<rounds).map { _ in (task, try body(task)) } }
      }
      return try await group.reduce(into: []) { $0 += $1 }.map { (task: $0.0, result: $0.1) }
    }
  }

  private func normal(_ shape: Shape, _ name: String) -> Tensor {
    var stream = RandomStream(seed: 21, name)
    return Tensor.normal(shape, from: &stream)
  }

  @Test func manyReadOneTensor() async throws {
    let x = normal([60, 70], "x")
    let work: @Sendable () -> [Tensor] = {
      [
        x.softmax(), x.sum(axes: 0), x.matmul(x, transposeB: true), x.transposed(),
        x.sorted(axis: 0).values, x.gathered([5, 5, 1]), x.layerNormalized(),
        x.batchNormalized(), Tensor.concatenate([x, x]), x.reshaped([-1]).cumulativeSum(),
      ]
    }
    let alone = work()
    for (_, result) in try await together({ _ in work() }) { #expect(result == alone) }
  }

  @Test func copiesAreTheirTasksOwn() async throws {
    let x = Tensor.ramp(1000)
    let results = try await together { task in
      var y = x
      y.withUnsafeMutableBufferPointer { $0[task] = -1 }
      y += x
      y[element: 999] = Float(task)
      return y
    }
    for (task, y) in results {
      #expect(y[element: task] == Float(task) - 1 && y[element: 999] == Float(task))
    }
    #expect(x == Tensor.ramp(1000))
  }

  @Test func thePoolServesAll() async throws {
    let results = try await together(rounds: 20) { task in
      var kept: [Tensor] = []
      for size in 0..<20 {
        kept.append(Tensor(repeating: Float(task), [(size * 37 + task) % 50 * 100 + 1]))
        if size % 3 == 2 { kept.removeFirst() }
      }
      if task == 0 { TensorMemory.trim(to: 1 << 20) }
      _ = TensorMemory.statistics
      return kept.allSatisfy { tensor in tensor.scalars.allSatisfy { $0 == Float(task) } }
    }
    #expect(!results.map(\.result).contains(false))
  }

  @Test(arguments: [ComputePrecision.float32, .bfloat16])
  func keptFormsOfSharedWeights(_ precision: ComputePrecision) async throws {
    let x = normal([33, 64], "x")
    let weight = normal([48, 64], "w")
    let bias = normal([48], "b")
    let work: @Sendable () -> Tensor = {
      Compute.with(precision: precision) {
        x.linear(weight, bias: bias, activation: .gelu()).matmul(weight)
      }
    }
    let results = try await together { _ in work() }
    let alone = work()
    for (_, result) in results { #expect(result == alone) }
  }

  @Test func aWeightThatChangesBetweenSteps() async throws {
    // Every task trains a copy of one start: what was kept of the shared elements must not be seen later.
    let x = normal([20, 16], "x")
    let start = normal([16, 16], "w")
    let train: @Sendable (Int) -> Tensor = { task in
      var weight = start
      for _ in 0..<4 {
        let (_, gradient) = valueAndGradient(of: weight) { weight in
          (x.linear(weight, activation: .tanh) - Float(task)).squared().mean()
        }
        weight += gradient * -0.1
      }
      return weight
    }
    let alone = (0..<Self.tasks).map(train)
    for (task, weight) in try await together(rounds: 3, train) {
      expectClose(weight, alone[task], within: .exact, "task \(task)")
    }
  }

  @Test func recordingsDoNotMeet() async throws {
    let x = normal([12, 10], "x")
    let weights = [normal([8, 10], "w"), normal([5, 8], "v")]
    let labels = (0..<12).map { $0 % 5 }
    let work: @Sendable (Int) -> [Tensor] = { task in
      let result = valueAndGradient(of: weights, at: x) { weights, x in
        var stream = RandomStream(seed: UInt64(task), "dropout")
        let hidden = checkpointed([x, weights[0]]) { $0[0].linear($0[1], activation: .silu) }
        let logits = hidden.dropout(0.2, from: &stream).linear(weights[1])
        return crossEntropy(logits: logits, labels, smoothing: 0.1)
      }
      return [result.value, result.inputGradient] + result.gradient
    }
    let alone = (0..<Self.tasks).map(work)
    for (task, result) in try await together(work) { #expect(result == alone[task]) }
  }

  @Test func manyReadOneFile() async throws {
    let folder = try TemporaryFolder()
    let tensors = ["a": normal([30, 40], "a"), "b": normal([7], "b")]
    try Safetensors.write(tensors.map { Safetensors.Content($0, $1) }, to: folder("t.safetensors"))
    try NPZArchive.write(tensors, to: folder("t.npz"))
    let file = try Safetensors(contentsOf: folder("t.safetensors"))
    let archive = try NPZArchive(contentsOf: folder("t.npz"))
    let results = try await together { task in
      let name = task % 2 == 0 ? "a" : "b"
      return [try file.tensor(name), try archive.tensor(name)]
    }
    for (task, result) in results {
      let expected = try #require(tensors[task % 2 == 0 ? "a" : "b"])
      #expect(result == [expected, expected])
    }
  }

  @Test func manyWriteOneFileAndItIsAlwaysWhole() async throws {
    let folder = try TemporaryFolder()
    let url = folder("shared.npy")
    try Tensor.zeros([500]).write(npy: url)
    let results = try await together { task in
      try Tensor(repeating: Float(task), [500]).write(npy: url)
      let read = try Tensor(npy: url)
      return read == Tensor(repeating: read[element: 0], [500])
    }
    #expect(!results.map(\.result).contains(false))
  }
}
