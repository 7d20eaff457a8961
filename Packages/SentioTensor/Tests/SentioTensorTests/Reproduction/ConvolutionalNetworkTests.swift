import SentioTensor
import SentioTensorTestSupport
import Testing

/// Ten steps of a small convolutional network: PyTorch's losses, gradients and weights from the same start.
@Suite struct ConvolutionalNetworkTests {
  static let golden = GoldenCases("Reproduction/network.safetensors")
  static let steps = 10
  static let rate: Float = 0.05
  static let momentum: Float = 0.9

  /// Single precision through ten steps, each of which starts from the rounded weights of the one before.
  static let tolerance = Tolerance(relative: 1e-4, absolute: 1e-5)
  /// A bias in front of a batch normalization changes nothing: its gradient is what rounding leaves.
  static let gradientTolerance = Tolerance(relative: 1e-4, absolute: 2e-5)

  /// Two blocks of convolution, normalization, rectifier and pooling, and a linear head.
  static func loss(
    _ weights: [Tensor], _ running: inout [RunningStatistics], _ x: Tensor, _ labels: [Int]
  ) -> Tensor {
    let first = x.convolved2D(weights[0], bias: weights[1], padding: .same)
      .batchNormalized(updating: &running[0], gain: weights[2], offset: weights[3])
      .relu().maxPooled2D(2)
    let second = first.convolved2D(
      weights[4], bias: weights[5],
      padding: .explicit([.init(before: 1, after: 1), .init(before: 0, after: 0)])
    )
    .batchNormalized(updating: &running[1], gain: weights[6], offset: weights[7])
    .relu().averagePooled2D(2)
    let flat = second.reshaped([x.shape[0], -1])
    return crossEntropy(logits: flat.linear(weights[8], bias: weights[9]), labels)
  }

  @Test(arguments: ComputeEngine.allCases) func tenStepsReproducePyTorchs(_ engine: ComputeEngine) {
    let golden = Self.golden
    let batches = (0..<2).map { golden.tensor("batch.\($0)") }
    let labels = (0..<2).map { golden.tensor("labels.\($0)").scalars.map { Int($0) } }
    var weights = (0..<10).map { golden.tensor("initial.\($0)") }
    var velocities = weights.map { Tensor.zeros($0.shape) }
    var running = [RunningStatistics(channels: 4), RunningStatistics(channels: 6)]
    var losses: [Float] = []
    Compute.with(engine: engine) {
      for step in 0..<Self.steps {
        let (value, gradients) = valueAndGradient(of: weights) {
          Self.loss($0, &running, batches[step % 2], labels[step % 2])
        }
        losses.append(value.scalar)
        for index in weights.indices {
          if step == 0 || step == Self.steps - 1 {
            expectClose(
              gradients[index], golden.tensor("gradient.\(step).\(index)"),
              within: Self.gradientTolerance, "gradient \(index) of step \(step)")
          }
          velocities[index] = velocities[index] * Self.momentum + gradients[index]
          weights[index] = weights[index] - velocities[index] * Self.rate
        }
      }
    }
    expectClose(Tensor(losses), golden.tensor("losses"), within: Self.tolerance, "losses")
    for index in weights.indices {
      expectClose(
        weights[index], golden.tensor("final.\(index)"), within: Self.tolerance, "weight \(index)")
    }
    for index in running.indices {
      expectClose(
        running[index].mean, golden.tensor("running.mean.\(index)"), within: Self.tolerance)
      expectClose(
        running[index].variance, golden.tensor("running.variance.\(index)"), within: Self.tolerance)
    }
  }
}
