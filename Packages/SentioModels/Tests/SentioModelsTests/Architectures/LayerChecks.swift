import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Expects a tiny network to learn 8 samples by heart: 300 steps of Adam bring the loss below a hundredth.
///
/// - Parameters:
///   - model: the network, without dropout, which would keep the loss up.
///   - input: the samples.
///   - rate: Adam's.
///   - location: the caller's place.
///   - loss: how far the outputs are from what should be learned.
func expectOverfits<Model: Layer>(
  _ model: Model, _ input: Tensor, rate: Double = 0.01, location: SourceLocation = #_sourceLocation,
  loss: (Tensor) -> Tensor
) {
  #expect(input.shape[0] == 8, sourceLocation: location)
  var model = model
  var optimizer = Optimizer(.adam(), learningRate: .constant(rate), clipping: .norm(1))
  let names = model.trainablePaths
  var losses: [Float] = []
  for step in 0..<300 {
    let (value, gradients) = TrainingPass(seed: 1, step: step).run(on: &model) { model in
      valueAndGradient(of: model) { loss($0(input)) }
    }
    optimizer.update(&model, names: names, gradients: gradients)
    losses.append(value.scalars[0])
  }
  #expect(losses[299] < 0.01 * losses[0], sourceLocation: location)
}

/// Expects a second network to compute what a first does once it has taken its state.
///
/// - Parameters:
///   - first: a network.
///   - second: one of the same sizes and other weights.
///   - input: what both are given.
///   - location: the caller's place.
/// - Throws: what loading throws.
func expectStateMoves<Model: Layer>(
  _ first: Model, to second: Model, _ input: Tensor, location: SourceLocation = #_sourceLocation
) throws {
  var second = second
  #expect(first(input) != second(input), sourceLocation: location)
  try second.load(first.stateDictionary, from: "first")
  #expect(first(input) == second(input), sourceLocation: location)
}
