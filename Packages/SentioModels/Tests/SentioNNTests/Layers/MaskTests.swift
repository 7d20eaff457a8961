import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// What a mask takes out has no influence: not on outputs, not on gradients, not even where it is NaN.
@Suite struct MaskTests {
  static let mask = SequenceMask.lengths([4, 2, 6])

  /// Sequences `[3, 6, 5]` with a value at the steps that do not count.
  static func sequences(_ value: Float) -> Tensor {
    var stream = RandomStream(seed: 2, "sequences")
    let x = Tensor.normal([3, 6, 5], from: &stream)
    let counts = mask.stepMask(batch: 3, steps: 6).expanded(at: 2)
    return .select(where: counts, x, else: Tensor(value))
  }

  private func expectNoInfluence<M: Module>(
    _ module: M, _ name: Comment, _ run: (M, Tensor) -> Tensor
  ) {
    func results(_ value: Float) -> [Tensor] {
      let x = Self.sequences(value)
      let (loss, gradients, input) = valueAndGradient(of: module, at: x) { module, x in
        run(module, x).squared().sum()
      }
      return [loss] + gradients + [input]
    }
    let reference = results(0)
    #expect(results(.nan) == reference, name)
    #expect(results(1e4) == reference, name)
  }

  @Test func recurrentLayers() {
    var stream = RandomStream(seed: 1, "weights")
    for cell in [RecurrentCell.rnn(), .lstm, .gru()] {
      let layer = RecurrentLayer(
        cell, 5, 5, layers: 2, isBidirectional: true, output: .last, from: &stream)
      expectNoInfluence(layer, "\(cell)") { $0($1, mask: Self.mask) }
    }
    let residual = RecurrentLayer(.lstm, 5, 5, layers: 2, isResidual: true, from: &stream)
    expectNoInfluence(residual, "residual") { $0($1, mask: Self.mask) }
  }

  @Test func pooling() {
    var stream = RandomStream(seed: 1, "weights")
    expectNoInfluence(AttentionPooling(5, units: 4, from: &stream), "attention") {
      $0($1, mask: Self.mask).output
    }
    expectNoInfluence(MeanPooling(), "mean") { $0($1, mask: Self.mask) }
  }

  @Test func attention() {
    var stream = RandomStream(seed: 1, "weights")
    let additive = AdditiveAttention(query: 3, key: 5, units: 4, from: &stream)
    let queries = Tensor.normal([3, 2, 3], from: &stream)
    expectNoInfluence(additive, "additive") {
      $0(queries, keys: $1, mask: Self.mask).output
    }
  }

  @Test func sequencesWithoutStepsGiveZeros() {
    var stream = RandomStream(seed: 1, "weights")
    let pooling = AttentionPooling(5, units: 4, from: &stream)
    let x = Tensor.ones([2, 3, 5])
    let (output, weights) = pooling(x, mask: .lengths([0, 3]))
    #expect(output[0] == .zeros([5]))
    #expect(weights[0] == .zeros([3]))
    expectClose(output[1], .ones([5]))
    #expect(MeanPooling()(x, mask: .lengths([0, 3]))[0] == .zeros([5]))
  }

  @Test func theMeanIsThatOfTheStepsThatCount() {
    let x = Tensor([1, 2, 30, 3, 4, 5], shape: [2, 3, 1])
    #expect(MeanPooling()(x, mask: .lengths([2, 3])) == [[1.5], [4]])
    #expect(MeanPooling()(x) == [[11], [4]])
  }
}
