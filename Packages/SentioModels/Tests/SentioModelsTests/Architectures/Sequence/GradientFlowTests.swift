import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// What becomes of a gradient on its way back through time.
struct GradientFlowTests {
  static func norms(_ stack: RecurrentStack, steps: Int, scale: Float = 1) -> [Double] {
    var stream = RandomStream(seed: 3, "flow")
    var layer = stack.makeLayer(6, from: &stream)
    layer.directions.list[0].recurrent *= Tensor(scale)
    let x = Tensor.normal([8, steps, 6], from: &stream)
    return gradientNormsByStep(through: layer, x, from: &stream)
  }

  @Test func itIsTheGradientOfTheInput() {
    var stream = RandomStream(seed: 3, "flow")
    let layer = RecurrentStack(.gru, units: 4).makeLayer(3, from: &stream)
    let x = Tensor.normal([1, 5, 3], from: &stream)
    var copy = stream
    let norms = gradientNormsByStep(through: layer, x, from: &stream)
    let direction = Tensor.normal([1, 4], from: &copy)
    func value(_ x: Tensor) -> Double {
      Double((layer.run(x).states[0].hidden * direction).sum().scalar)
    }
    for step in 0..<5 {
      var squares = 0.0
      for feature in 0..<3 {
        var (up, down) = (x, x)
        let place = step * 3 + feature
        up.withUnsafeMutableBufferPointer { $0[place] += 1e-2 }
        down.withUnsafeMutableBufferPointer { $0[place] -= 1e-2 }
        let slope = (value(up) - value(down)) / 2e-2
        squares += slope * slope
      }
      // Central differences in single precision.
      #expect(abs(norms[step] - squares.squareRoot()) < 2e-3 + 0.01 * norms[step])
    }
  }

  /// After 60 steps back a simple RNN has lost all of the gradient, and an LSTM that starts with open memory has not.
  @Test func itVanishesInAnRNNAndStaysInAnLSTM() {
    let rnn = Self.norms(RecurrentStack(.rnn, units: 24), steps: 60)
    let lstm = Self.norms(RecurrentStack(.lstm, units: 24, memoryBias: 4), steps: 60)
    let gru = Self.norms(RecurrentStack(.gru, units: 24, memoryBias: 4), steps: 60)
    let kept = { (norms: [Double]) in norms[0] / norms[59] }
    #expect(kept(rnn) < 1e-8)
    #expect(kept(lstm) > 0.05)
    #expect(kept(gru) > 0.05)
    // It falls by about the same factor at every step.
    #expect(rnn[29] / rnn[59] < 1e-4 && rnn[0] / rnn[29] < 1e-4)
    // Without the bias the gates are half open, and the LSTM's gradient goes the same way.
    #expect(kept(Self.norms(RecurrentStack(.lstm, units: 24), steps: 60)) < 1e-6)
  }

  /// Large recurrent weights make it grow instead, and clipping bounds the update.
  @Test func itExplodesAndIsClipped() {
    let norms = Self.norms(
      RecurrentStack(.rnn, units: 24, convention: .keras), steps: 25, scale: 4)
    #expect(norms[0] / norms[24] > 100)
    var weight = Tensor([1, 2, 3])
    var optimizer = Optimizer(.sgd(), learningRate: .constant(1), clipping: .norm(0.5))
    let update = optimizer.update(
      &weight, names: ["weight"], gradients: [Tensor([300, 0, 400])])
    #expect(abs(update.gradientNorm - 500) < 1e-3)
    expectClose(weight, Tensor([0.7, 2, 2.6]), within: Tolerance(absolute: 1e-5))
  }

  /// Truncation behind the sequence's length changes nothing; within it, it changes gradients and not values.
  @Test func truncation() {
    var stream = RandomStream(seed: 8, "truncation")
    let x = Tensor.normal([3, 12, 4], from: &stream)
    func result(_ truncation: Int?) -> (Tensor, [Tensor]) {
      var stream = RandomStream(seed: 9, "weights")
      let model = SequenceLabeler(
        .init(
          features: 4, outputs: 5,
          RecurrentStack(.lstm, units: 6, layers: 2, truncation: truncation)), from: &stream)
      return valueAndGradient(of: model) { $0(x).squared().mean() }
    }
    let (value, gradients) = result(nil)
    for length in [12, 40] {
      let (other, others) = result(length)
      #expect(other == value)
      #expect(others == gradients)
    }
    let (other, others) = result(3)
    #expect(other == value)
    #expect(others != gradients)
    // What is 3 steps away is not reached, but most of the gradient is nearer than that.
    let distance = gradientNorm(zip(gradients, others).map { $0 - $1 })
    #expect(distance > 0 && distance < 0.5 * gradientNorm(gradients))
  }
}
