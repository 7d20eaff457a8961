import Foundation
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Fifty steps of a small network under every rule, beside PyTorch's.
@Suite("Optimizers beside PyTorch")
struct OptimizerParityTests {
  static let file = try! Safetensors(contentsOf: golden("Training/optimizers.safetensors"))

  /// Single precision over fifty steps; rules that divide by roots of small means widen roundings.
  static let tolerance = Tolerance(relative: 1e-4, absolute: 1e-6)

  static let cases: [String: Optimizer] = [
    "sgd": Optimizer(.sgd(), learningRate: .constant(0.1)),
    "sgd.momentum": Optimizer(.sgd(momentum: 0.9), learningRate: .constant(0.05)),
    "sgd.nesterov": Optimizer(
      .sgd(momentum: 0.8, nesterov: true), learningRate: .constant(0.05)),
    "sgd.coupled": Optimizer(
      .sgd(momentum: 0.9), learningRate: .constant(0.05), decay: .coupled(0.1),
      decayScope: .everything),
    "rmsprop": Optimizer(.rmsProp(), learningRate: .constant(0.003)),
    "rmsprop.momentum": Optimizer(
      .rmsProp(smoothing: 0.9, momentum: 0.7), learningRate: .constant(0.003)),
    "rmsprop.centered": Optimizer(
      .rmsProp(smoothing: 0.95, momentum: 0.5, isCentered: true, epsilon: 1e-3),
      learningRate: .constant(0.003), decay: .coupled(0.05), decayScope: .everything),
    "adam": Optimizer(.adam(), learningRate: .constant(0.02)),
    "adam.coupled": Optimizer(
      .adam(beta1: 0.8, beta2: 0.99, epsilon: 1e-6), learningRate: .constant(0.02),
      decay: .coupled(0.1), decayScope: .everything),
    "adam.amsgrad": Optimizer(
      .adam(beta2: 0.9, usesLargestSquare: true), learningRate: .constant(0.03)),
    "adamw": Optimizer(
      .adam(), learningRate: .constant(0.02), decay: .decoupled(0.2), decayScope: .everything),
    "adamw.amsgrad": Optimizer(
      .adam(usesLargestSquare: true), learningRate: .constant(0.02), decay: .decoupled(0.2),
      decayScope: .everything),
    "adamw.groups": Optimizer(
      .adam(), learningRate: .constant(0.02), decay: .decoupled(0.3),
      groups: [
        ParameterGroup("first.weight", rateFactor: 0.1, decay: .decoupled(0.1)),
        ParameterGroup("first", rateFactor: 0.1),
      ]),
    "adamw.cosine": Optimizer(
      .adam(),
      learningRate: .cosine(0.03, over: 42, minimum: 0.001).warmedUp(over: 8, from: 0.1),
      decay: .decoupled(0.2), decayScope: .everything),
    "adamw.average": Optimizer(
      .adam(), learningRate: .constant(0.02), decay: .decoupled(0.1), decayScope: .everything),
    "sgd.clip-norm": Optimizer(
      .sgd(momentum: 0.5), learningRate: .constant(0.2), clipping: .norm(0.25)),
    "sgd.clip-value": Optimizer(
      .sgd(momentum: 0.5), learningRate: .constant(0.2), clipping: .value(0.05)),
  ]

  @Test("fifty steps give its losses and its weights", arguments: cases.keys.sorted())
  func fiftySteps(_ name: String) throws {
    let file = Self.file
    var optimizer = try #require(Self.cases[name])
    var average = WeightAverage(decay: 0.9, risesSlowly: false)
    let (x, y) = (try file.tensor("x"), try file.tensor("y"))
    var network = try TwoLayers(file, "start")
    var losses: [Float] = []
    for step in 1...50 {
      let (loss, gradients) = valueAndGradient(of: network) {
        meanSquaredError($0(x), y)
      }
      losses.append(loss.scalar)
      optimizer.update(&network, names: TwoLayers.names, gradients: gradients)
      average.update(network, names: TwoLayers.names)
      guard [1, 10, 50].contains(step) else { continue }
      for (path, weight) in zip(TwoLayers.names, network.tensors) {
        expectClose(
          weight, try file.tensor("\(name).\(step).\(path)"), within: Self.tolerance,
          "\(name), \(path) after step \(step)")
      }
    }
    expectClose(
      Tensor(losses), try file.tensor("\(name).losses"), within: Self.tolerance,
      "\(name), losses")
    #expect(optimizer.step == 50)
    guard name == "adamw.average" else { return }
    average.apply(to: &network, names: TwoLayers.names)
    for (path, weight) in zip(TwoLayers.names, network.tensors) {
      expectClose(
        weight, try file.tensor("\(name).average.\(path)"), within: Self.tolerance,
        "average of \(path)")
    }
  }
}
