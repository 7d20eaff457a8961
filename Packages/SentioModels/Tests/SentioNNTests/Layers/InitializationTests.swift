import SentioNN
import SentioTensor
import Testing

@Suite struct InitializationTests {
  /// The largest of many uniform numbers comes near the limit, and does not pass it.
  private func expectLimit(_ tensor: Tensor?, _ limit: Float, _ comment: Comment) {
    let largest = tensor?.absolute().max().scalar ?? 0
    #expect(largest <= limit && largest > 0.97 * limit, comment)
  }

  @Test func linearLayersStartAsTheLibrariesDo() {
    var stream = RandomStream(seed: 1, "weights")
    let torch = Linear(50, 400, from: &stream)
    expectLimit(torch.weight, 1 / Float(50).squareRoot(), "PyTorch's weight")
    expectLimit(torch.bias, 1 / Float(50).squareRoot(), "PyTorch's bias")
    let keras = Linear(50, 400, weights: .keras, from: &stream)
    expectLimit(keras.weight, (6 / Float(450)).squareRoot(), "Keras's weight")
    #expect(keras.bias == .zeros([400]))
  }

  @Test func settingsReachTheParameters() {
    var stream = RandomStream(seed: 1, "weights")
    let settings = WeightSettings.keras.regularized(.l2(0.1), bias: .l1(0.2))
      .initialized(.constant(3))
    let layer = Linear(2, 3, weights: settings, from: &stream)
    #expect(layer.weight == Tensor(repeating: 3, [3, 2]))
    #expect(layer.$weight.regularizer == .l2(0.1))
    #expect(layer.$bias.regularizer == .l1(0.2))
    #expect(layer.penalty.map { abs($0.scalar - 5.4) < 1e-5 } == true)
  }

  @Test func theSameStreamGivesTheSameWeights() {
    func weights(_ seed: UInt64) -> [String: Tensor] {
      var stream = RandomStream(seed: seed, "weights")
      return MultiHeadAttention(6, heads: 2, from: &stream).stateDictionary
    }
    #expect(weights(1) == weights(1))
    #expect(weights(1) != weights(2))
  }

  @Test func kerasDefaultsOfBatchNormalization() {
    var layer = BatchNorm(2, axis: .last, update: .keras())
    #expect(layer.epsilon == 1e-3)
    let x = Tensor([1, 10, 3, 30, 5, 50, 7, 70], shape: [2, 2, 2])
    let y = TrainingPass(seed: 1, step: 0).run(on: &layer) { $0(x) }
    // Means 4 and 40, variances of the population 5 and 500.
    #expect(abs(y[element: 0, 0, 0] + 3 / Float(5.001).squareRoot()) < 1e-5)
    #expect(abs(y[element: 1, 1, 1] - 30 / Float(500.001).squareRoot()) < 1e-5)
    #expect(abs(layer.runningMean[element: 1] - 0.4) < 1e-5)
    #expect(abs(layer.runningVariance[element: 0] - (0.99 + 0.05)) < 1e-5)
    #expect(layer.batchCount.scalar == 1)
  }
}
