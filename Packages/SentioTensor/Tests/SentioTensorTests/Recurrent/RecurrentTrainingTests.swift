import SentioTensorTestSupport
import Testing

@testable import SentioTensor

@Suite struct RecurrentTrainingTests {
  static let file = GoldenCases("Recurrent/regressor.safetensors")

  /// The loss of a regressor: an LSTM in both directions, and a linear layer on its final state.
  static func loss(_ w: [Tensor], _ x: Tensor, _ y: Tensor) -> Tensor {
    let directions = (0..<2).map {
      RecurrentWeights(
        input: w[4 * $0], recurrent: w[4 * $0 + 1], inputBias: w[4 * $0 + 2],
        recurrentBias: w[4 * $0 + 3])
    }
    let end = x.recurrent(.lstm, directions[0], reverse: directions[1]).state.hidden
    return meanSquaredError(end.linear(w[8], bias: w[9]), y)
  }

  /// Errors grow from step to step: 1e-5 is what ten of them leave.
  static let tolerance = Tolerance(relative: 5e-5, absolute: 1e-5)

  @Test func tenStepsAreThoseOfPyTorch() {
    let (x, y) = (Self.file.tensor("regressor.x"), Self.file.tensor("regressor.y"))
    var weights = (0..<10).map { Self.file.tensor("regressor.weight.\($0)") }
    var velocity = weights.map { Tensor.zeros($0.shape) }
    var losses: [Float] = []
    for step in 0..<10 {
      let (loss, gradients) = valueAndGradient(of: weights) { Self.loss($0, x, y) }
      losses.append(loss.scalar)
      for index in weights.indices {
        if step == 0 || step == 9 {
          expectClose(
            gradients[index], Self.file.tensor("regressor.gradient.\(step).\(index)"),
            within: Self.tolerance, "step \(step), weight \(index)")
        }
        // SGD with momentum 0.9 and rate 0.2.
        velocity[index] = velocity[index] * 0.9 + gradients[index]
        weights[index] += velocity[index] * -0.2
      }
    }
    let expected = Self.file.tensor("regressor.losses")
    expectClose(Tensor(losses), expected, within: Self.tolerance)
    #expect(losses[9] < losses[0] / 2)
  }

  @Test func aStepLeavesNothingAndAsksNothingOfTheSystem() async {
    await #expect(processExitsWith: .success) {
      let file = GoldenCases("Recurrent/regressor.safetensors")
      let (x, y) = (file.tensor("regressor.x"), file.tensor("regressor.y"))
      var weights = (0..<10).map { file.tensor("regressor.weight.\($0)") }
      func step() {
        let (_, gradients) = valueAndGradient(of: weights) {
          RecurrentTrainingTests.loss($0, x, y)
        }
        for index in weights.indices { weights[index] += gradients[index] * -0.1 }
      }
      for _ in 0..<3 { step() }
      let before = TensorMemory.statistics
      for _ in 0..<10 { step() }
      let after = TensorMemory.statistics
      #expect(after.bytesInUse == before.bytesInUse)
      #expect(after.systemAllocations == before.systemAllocations)
      #expect(after.allocations > before.allocations)
    }
  }
}
