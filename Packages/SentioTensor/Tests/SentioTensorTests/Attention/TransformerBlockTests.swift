import SentioTensor
import SentioTensorTestSupport
import Testing

/// Ten steps of training a transformer block, against the same steps in PyTorch.
@Suite struct TransformerBlockTests {
  static let file = try! Safetensors(contentsOf: golden("Attention/block.safetensors"))
  static let names = [
    "norm1.gain", "norm1.offset", "qkv.weight", "qkv.bias", "out.weight", "out.bias", "norm2.gain",
    "norm2.offset", "up.weight", "up.bias", "down.weight", "down.bias",
  ]
  /// The errors of one step are carried into the next nine.
  static let tolerance = Tolerance(relative: 2e-5, absolute: 5e-6)

  static func block(_ w: [Tensor], _ x: Tensor, _ present: Tensor) -> Tensor {
    let qkv = x.layerNormalized(gain: w[0], offset: w[1]).linear(w[2], bias: w[3])
    let attended = multiHeadAttention(qkv: qkv, heads: 2, mask: .keys(present))
    let x = x + attended.linear(w[4], bias: w[5])
    let hidden = x.layerNormalized(gain: w[6], offset: w[7])
      .linear(w[8], bias: w[9], activation: .gelu())
    return x + hidden.linear(w[10], bias: w[11])
  }

  static func train(_ engine: ComputeEngine) throws {
    var weights = try names.map { try file.tensor("weight.\($0)") }
    var velocities = weights.map { Tensor.zeros($0.shape) }
    let (x, target) = (try file.tensor("x"), try file.tensor("target"))
    let present = try file.tensor("present")
    var losses: [Float] = []
    for step in 0..<10 {
      let (loss, gradients) = Compute.with(engine: engine) {
        valueAndGradient(of: weights) { meanSquaredError(block($0, x, present), target) }
      }
      losses.append(loss.scalar)
      for index in weights.indices {
        if step == 0 {
          expectClose(
            gradients[index], try file.tensor("gradient.\(names[index])"), within: tolerance,
            "\(engine), gradient of \(names[index])")
        }
        velocities[index] = velocities[index] * 0.9 + gradients[index]
        weights[index] -= velocities[index] * 0.05
      }
    }
    expectClose(Tensor(losses), try file.tensor("losses"), within: tolerance, "\(engine), losses")
    for (name, weight) in zip(names, weights) {
      expectClose(
        weight, try file.tensor("trained.\(name)"), within: tolerance, "\(engine), \(name)")
    }
  }

  @Test func tenStepsEqualPyTorchs() throws {
    try Self.train(.preferred)
    try Self.train(.openBLAS)
  }
}
