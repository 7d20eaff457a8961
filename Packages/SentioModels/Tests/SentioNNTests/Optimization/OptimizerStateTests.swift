import Foundation
import SentioNN
import SentioTensor
import Testing

@Suite("Optimizers in files")
struct OptimizerStateTests {
  static let rules: [UpdateRule] = [
    .sgd(), .sgd(momentum: 0.9), .rmsProp(momentum: 0.5, isCentered: true),
    .adam(usesLargestSquare: true),
  ]

  @Test("an optimizer and an average that were saved go on bit for bit", arguments: rules)
  func roundTrip(_ rule: UpdateRule) throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "state.safetensors")
    let data = samples(12, seed: 1)
    let fresh = Optimizer(
      rule, learningRate: .exponential(0.01, factor: 0.9), decay: .decoupled(0.1))
    var (model, optimizer, average) = (SmallTraining.model, fresh, WeightAverage(decay: 0.8))
    func step(
      _ model: inout SmallNetwork, _ optimizer: inout Optimizer, _ mean: inout WeightAverage
    ) {
      let (_, gradients) = valueAndGradient(of: model) {
        meanSquaredError($0(data.inputs), data.targets)
      }
      optimizer.update(&model, names: model.trainablePaths, gradients: gradients)
      mean.update(model, names: model.trainablePaths)
    }
    // The middle parameter joins after two steps.
    model.freeze(matching: "first.bias")
    for _ in 0..<2 { step(&model, &optimizer, &average) }
    model.unfreeze()
    for _ in 0..<2 { step(&model, &optimizer, &average) }
    try Safetensors.write(
      model.stateDictionary.map { .init($0, $1) } + optimizer.contents() + average.contents(),
      to: url)

    var (other, restored, mean) = (SmallTraining.model, fresh, WeightAverage(decay: 0.8))
    try other.load(contentsOf: url, tolerating: .unexpected)
    let file = try Safetensors(contentsOf: url)
    try restored.restore(from: file, for: other)
    try mean.restore(from: file, for: other)
    #expect(restored.step == 4 && mean.updates == 4)
    for _ in 0..<3 {
      step(&model, &optimizer, &average)
      step(&other, &restored, &mean)
    }
    #expect(other.bits == model.bits && restored.step == 7)
    #expect(mean.tensors == average.tensors)
    for path in model.trainablePaths { #expect(average.tensors[path] != nil) }
  }

  @Test("moments of another model are refused by name, and nothing changes")
  func otherModel() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "state.safetensors")
    var model = SmallTraining.model
    var optimizer = Optimizer(.adam(), learningRate: .constant(0.1))
    let zeros = model.tensors.map { Tensor.zeros($0.shape) }
    optimizer.update(&model, names: model.trainablePaths, gradients: zeros)
    try Safetensors.write(optimizer.contents(), to: url)
    let wider = SmallNetwork(inputs: 5, hidden: 8, outputs: 2, seed: 1)
    var fresh = Optimizer(.adam(), learningRate: .constant(0.1))
    #expect {
      try fresh.restore(from: try Safetensors(contentsOf: url), for: wider)
    } throws: { error in
      guard case TrainingError.damagedCheckpoint(_, let part, let expected, _) = error else {
        return false
      }
      return part.hasPrefix("optimizer.first.") && expected.contains("8")
    }
    #expect(fresh.step == 0)
    #expect(throws: TrainingError.self) {
      try fresh.restore(from: try Safetensors(contentsOf: url), prefix: "other.", for: model)
    }
  }
}
