import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct RecurrentLayerTests {
  static func stream() -> RandomStream { RandomStream(seed: 1, "weights") }

  @Test func keysAreThoseOfPyTorch() {
    var stream = Self.stream()
    let layer = RecurrentLayer(.lstm, 3, 4, layers: 2, isBidirectional: true, from: &stream)
    let paths = layer.parameters.map(\.path)
    #expect(paths.prefix(4) == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
    #expect(paths.count == 16)
    #expect(paths.last == "bias_hh_l1_reverse")
    #expect(layer.stateDictionary["weight_ih_l1"]?.shape == [16, 8])
  }

  @Test func aSequenceGoesOnFromItsState() {
    var stream = Self.stream()
    let layer = RecurrentLayer(.gru(), 3, 4, layers: 2, from: &stream)
    let x = Tensor.normal([2, 6, 3], from: &stream)
    let whole = layer(x)
    let (first, states) = layer.run(x.sliced(0..<2, axis: 1))
    let (second, _) = layer.run(x.sliced(2..<6, axis: 1), from: states)
    expectClose(Tensor.concatenate([first, second], axis: 1), whole)
  }

  @Test func residualLayersAddTheirInput() {
    var stream = Self.stream()
    let plain = RecurrentLayer(.rnn(), 4, 4, from: &stream)
    var residual = RecurrentLayer(.rnn(), 4, 4, isResidual: true, from: &stream)
    residual.directions = plain.directions
    let x = Tensor.normal([2, 5, 4], from: &stream)
    expectClose(residual(x), plain(x) + x)
  }

  @Test func kerasStartsHaveAForgetBiasAndOrthogonalStates() {
    var stream = Self.stream()
    let lstm = RecurrentLayer(.lstm, 3, 4, convention: .keras, from: &stream)
    let direction = lstm.directions.list[0]
    #expect(
      direction.inputBias
        == Tensor.concatenate([.zeros([4]), .ones([4]), .zeros([8])], axis: 0))
    #expect(direction.recurrentBias == nil)
    expectClose(
      direction.recurrent.matmul(direction.recurrent, transposeA: true), .identity(4),
      within: Tolerance(absolute: 1e-5))
    let gru = RecurrentLayer(.gru(), 3, 4, convention: .keras, from: &stream)
    #expect(gru.directions.list[0].recurrentBias == .zeros([12]))
    let limit = gru.directions.list[0].input.absolute().max().scalar
    #expect(limit <= (6 / Float(15)).squareRoot())
  }

  @Test func dropoutIsForTraining() {
    var stream = Self.stream()
    var layer = RecurrentLayer(
      .lstm, 3, 4, layers: 2,
      dropout: RecurrentDropoutRates(betweenLayers: 0.5, input: 0.3, state: 0.3), from: &stream)
    var plain = layer
    plain.dropout = .none
    let x = Tensor.normal([2, 5, 3], from: &stream)
    #expect(layer(x) == plain(x))
    func train(_ layer: inout RecurrentLayer, step: Int) -> Tensor {
      TrainingPass(seed: 1, step: step).run(on: &layer) { $0(x) }
    }
    let first = train(&layer, step: 0)
    #expect(first != plain(x))
    #expect(train(&layer, step: 0) == first)
    #expect(train(&layer, step: 1) != first)
    #expect(train(&plain, step: 0) == plain(x))
  }

  @Test func regularizersAreThoseOfInputsAndStates() {
    var stream = Self.stream()
    let layer = RecurrentLayer(
      .lstm, 3, 4, regularizer: .l2(0.1), recurrentRegularizer: .l1(0.2), from: &stream)
    #expect(layer.parameters.map(\.traits.regularizer) == [.l2(0.1), .l1(0.2), nil, nil])
  }
}
