import Foundation
import SentioNN
import SentioTensor

/// A network with everything that a checkpoint must hold: parameters, a running mean, noise in training.
struct SmallNetwork: Layer {
  @Parameter("first.weight") var firstWeight: Tensor
  @Parameter("first.bias") var firstBias: Tensor
  @Parameter(regularizer: .l2(1e-4)) var second: Tensor
  @Buffer("running_mean") var mean: Tensor
  var site = Site()
  var dropout: Float = 0.1

  init(inputs: Int, hidden: Int, outputs: Int, seed: UInt64) {
    var stream = RandomStream(seed: seed, "network")
    firstWeight = .normal([hidden, inputs], standardDeviation: 0.4, from: &stream)
    firstBias = .zeros([hidden])
    second = .normal([outputs, hidden], standardDeviation: 0.4, from: &stream)
    mean = .zeros([hidden])
  }

  mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_firstWeight)
    visit(&_firstBias)
    visit(&_second)
    visit(&_mean)
  }

  func forward(_ x: Tensor) -> Tensor {
    var hidden = x.linear(firstWeight, bias: firstBias, activation: .tanh)
    if let pass = site.training {
      let now = hidden.detached().mean(axes: 0)
      pass.update("running_mean", of: site, to: mean * 0.9 + now * 0.1)
      let kept = pass.draw(for: site) {
        Tensor.bernoulli(hidden.shape, probability: 1 - dropout, from: &$0)
      }
      hidden = hidden * kept / (1 - dropout)
    }
    return (hidden - mean).linear(second)
  }

  /// Every bit of the state, to compare two trainings.
  var bits: [String: [UInt32]] { stateDictionary.mapValues { $0.scalars.map(\.bitPattern) } }
}

/// Songs whose two targets follow from their five features.
func samples(_ count: Int, seed: UInt64) -> LabelledBatch {
  var stream = RandomStream(seed: seed, "samples")
  let x = Tensor.normal([count, 5], from: &stream)
  var mixing = RandomStream(seed: 1, "mixing")
  let weights = Tensor.normal([2, 5], standardDeviation: 0.7, from: &mixing)
  let y = (x.linear(weights)).tanh() + Tensor.normal([count, 2], from: &stream) * 0.05
  return LabelledBatch(ids: (0..<count).map { "song \($0)" }, inputs: x, targets: y)
}

/// A folder that goes away with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "sentio-training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? []
  }
}
