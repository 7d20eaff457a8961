import Foundation
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite("Optimizer")
struct OptimizerTests {
  private func problem(_ seed: UInt64) -> (network: TwoLayers, gradients: [Tensor]) {
    var stream = RandomStream(seed: seed, "optimizer")
    let network = TwoLayers(inputs: 5, hidden: 7, outputs: 3, from: &stream)
    return (network, network.tensors.map { .normal($0.shape, from: &stream) })
  }

  @Test("a gradient that is not finite changes nothing", arguments: [Float.nan, .infinity])
  func notFinite(_ value: Float) {
    var (network, gradients) = problem(1)
    var optimizer = Optimizer(.adam(), learningRate: .constant(0.1), clipping: .norm(1))
    optimizer.update(&network, names: TwoLayers.names, gradients: gradients)
    let before = network.weights
    gradients[2].withUnsafeMutableBufferPointer { $0[4] = value }
    let update = optimizer.update(&network, names: TwoLayers.names, gradients: gradients)
    #expect(!update.isApplied && optimizer.step == 1)
    #expect(network.weights == before)
  }

  @Test("the norm is that of all gradients together, whatever their number of elements")
  func norm() {
    #expect(gradientNorm([]) == 0)
    #expect(gradientNorm([[3], [[4, 0], [0, 12]]]) == 13)
    // Beyond single precision's range when squared, and in several blocks.
    let large = Tensor(repeating: 1e30, [3, 100_003])
    #expect(abs(gradientNorm([large]) / (1e30 * 300_009.0.squareRoot()) - 1) < 1e-7)
    var stream = RandomStream(seed: 3, "norm")
    let x = Tensor.normal([200_003], from: &stream)
    let expected = x.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(gradientNorm([x]) / expected - 1) < 1e-12)
    #expect(gradientNorm([x, Tensor(Float.nan)]).isNaN)
  }

  @Test("weights of any length change alike: whole vectors, rests, several threads")
  func lengths() {
    let rules: [UpdateRule] = [
      .sgd(), .sgd(momentum: 0.9, nesterov: true), .rmsProp(momentum: 0.5, isCentered: true),
      .adam(), .adam(usesLargestSquare: true),
    ]
    for rule in rules {
      for count in [1, 3, 16, 33, 100_001] {
        var stream = RandomStream(seed: 5, "lengths")
        var long = Tensor.normal([count], from: &stream)
        let gradient = Tensor.normal([count], from: &stream)
        var short = long[(count - 1)..<count]
        let own = gradient[(count - 1)..<count]
        var a = Optimizer(rule, learningRate: .constant(0.1))
        var b = a
        for _ in 0..<3 {
          a.update(&long, names: ["w"], gradients: [gradient])
          b.update(&short, names: ["w"], gradients: [own])
        }
        expectClose(long[(count - 1)..<count], short, "\(rule), \(count)")
      }
    }
  }

  @Test("the scale of accumulated gradients acts before clipping")
  func scale() {
    let (network, gradients) = problem(7)
    for clipping in [nil, GradientClipping.norm(0.5), .value(0.1)] {
      var (a, b) = (network, network)
      var whole = Optimizer(.sgd(), learningRate: .constant(1), clipping: clipping)
      var scaled = whole
      whole.update(&a, names: TwoLayers.names, gradients: gradients)
      let update = scaled.update(
        &b, names: TwoLayers.names, gradients: gradients.map { $0 * 4 }, scale: 0.25)
      #expect(abs(update.gradientNorm - gradientNorm(gradients)) < 1e-4)
      for (x, y) in zip(a.weights, b.weights) { expectClose(x, y) }
    }
  }

  @Test("accumulated batches of unequal size give the update of one large batch")
  func accumulation() {
    var stream = RandomStream(seed: 11, "accumulation")
    let network = TwoLayers(inputs: 5, hidden: 7, outputs: 3, from: &stream)
    let x = Tensor.normal([13, 5], from: &stream)
    let y = Tensor.normal([13, 3], from: &stream)
    let whole = valueAndGradient(of: network) { meanSquaredError($0(x), y) }.gradient
    var accumulator = GradientAccumulator()
    #expect(accumulator.take().sums.isEmpty)
    for _ in 0..<2 {
      for range in [0..<6, 6..<12, 12..<13] {
        let part = valueAndGradient(of: network) { meanSquaredError($0(x[range]), y[range]) }
        accumulator.add(part.gradient, weight: Double(range.count))
      }
      #expect(accumulator.weight == 13)
      let (sums, scale) = accumulator.take()
      for (sum, expected) in zip(sums, whole) { expectClose(sum * Float(scale), expected) }
    }
  }

  @Test("biases and gains do not decay unless they are asked to, and groups have the last word")
  func decay() {
    let zero = [Tensor.zeros([2, 3]), .zeros([3])]
    func after(_ optimizer: Optimizer) -> [Float] {
      var optimizer = optimizer
      var weights = [Tensor(repeating: 1, [2, 3]), Tensor(repeating: 1, [3])]
      optimizer.update(&weights, names: ["w.weight", "w.bias"], gradients: zero)
      return weights.map { $0.scalars[0] }
    }
    func make(
      _ decay: WeightDecay, _ scope: WeightDecayScope = .matricesAndKernels,
      _ groups: [ParameterGroup] = []
    ) -> Optimizer {
      Optimizer(
        .sgd(), learningRate: .constant(0.5), decay: decay, decayScope: scope, groups: groups)
    }
    #expect(after(make(.none)) == [1, 1])
    #expect(after(make(.decoupled(0.5))) == [0.75, 1])
    #expect(after(make(.coupled(0.5))) == [0.75, 1])
    #expect(after(make(.decoupled(0.5), .everything)) == [0.75, 0.75])
    let bias = ParameterGroup("**.bias", decay: .decoupled(1))
    #expect(after(make(.decoupled(0.5), .matricesAndKernels, [bias])) == [0.75, 0.5])
    let still = ParameterGroup(rateFactor: 0) { $0 == "w.weight" }
    #expect(after(make(.decoupled(0.5), .everything, [still])) == [1, 0.75])
  }

  @Test("a parameter that joins later starts as the others did")
  func unfreezing() {
    var optimizer = Optimizer(.adam(), learningRate: .constant(0.1))
    var first = Tensor([1])
    optimizer.update(&first, names: ["a"], gradients: [[0.3]])
    let step = first.scalar - 1
    for _ in 0..<5 { optimizer.update(&first, names: ["a"], gradients: [[0.3]]) }
    var both: [Tensor] = [first, [1]]
    optimizer.update(&both, names: ["a", "b"], gradients: [[0.3], [0.3]])
    #expect(both[1].scalar - 1 == step)
  }

  @Test("weights change where they lie, and a copy of the model is left alone")
  func memory() {
    var network = problem(13).network
    let gradients = problem(13).gradients
    var optimizer = Optimizer(.adam(), learningRate: .constant(0.1))
    func places() -> [UnsafePointer<Float>?] {
      network.weights.map { $0.withUnsafeBufferPointer { $0.baseAddress } }
    }
    optimizer.update(&network, names: TwoLayers.names, gradients: gradients)
    let before = places()
    for _ in 0..<3 { optimizer.update(&network, names: TwoLayers.names, gradients: gradients) }
    #expect(places() == before)
    let copy = network
    let kept = copy.weights.map(\.scalars)
    optimizer.update(&network, names: TwoLayers.names, gradients: gradients)
    #expect(copy.weights.map(\.scalars) == kept)
    #expect(network.weights[0] != copy.weights[0])
  }

  @Test("bfloat16 products with single precision weights learn without scaling the loss")
  func reducedPrecision() {
    var stream = RandomStream(seed: 17, "bfloat16")
    let x = Tensor.normal([64, 8], from: &stream)
    let y = Tensor.normal([64, 2], standardDeviation: 1e-6, from: &stream)
    var network = TwoLayers(inputs: 8, hidden: 16, outputs: 2, from: &stream)
    network.weights[2] = network.weights[2] * 1e-6
    var optimizer = Optimizer(.adam(epsilon: 1e-16), learningRate: .constant(1e-8))
    var losses: [Float] = []
    for _ in 0..<200 {
      let (loss, gradients) = Compute.with(precision: .bfloat16) {
        valueAndGradient(of: network) { meanSquaredError($0(x), y) }
      }
      losses.append(loss.scalar)
      optimizer.update(&network, names: TwoLayers.names, gradients: gradients)
    }
    // Gradients around 1e-7, whose squares vanish in half precision.
    #expect(losses.last! < losses[0] * 0.5)
  }
}
