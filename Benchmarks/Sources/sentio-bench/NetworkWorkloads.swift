import SentioModels
import SentioNN
import SentioTensor

/// Whole networks: the peers' steps of training and single predictions.
let networkWorkloads: [Workload] = [
  Workload("model.crnn.train.b32.f32") {
    var stream = RandomStream(seed: 0, "benchmark")
    let x = Tensor.normal([32, 600, 40], from: &stream)
    let y = Tensor.uniform([32, 2], in: 0..<1, from: &stream)
    var network = CRNN(peersCRNN, from: &stream)
    var optimizer = Optimizer(.adam(), learningRate: .constant(1e-3), clipping: .norm(1))
    let names = network.trainablePaths
    return {
      let pass = TrainingPass(seed: 1, step: optimizer.step)
      let (_, gradients) = pass.run(on: &network) { network in
        valueAndGradient(of: network) { meanSquaredError($0(x), y) }
      }
      optimizer.update(&network, names: names, gradients: gradients)
    }
  },
  Workload("model.crnn.infer.b1.f32") {
    var stream = RandomStream(seed: 0, "benchmark")
    let x = Tensor.normal([1, 600, 40], from: &stream)
    let network = CRNN(peersCRNN, from: &stream)
    return { blackHole(network(x)) }
  },
]

/// The peers' network: PyTorch's layers, without dropout between the LSTMs.
private let peersCRNN = CRNN.Settings(recurrentDropout: 0, convention: .pyTorch)
