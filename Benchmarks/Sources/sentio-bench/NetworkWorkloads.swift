import SentioModels
import SentioNN
import SentioTensor

/// Whole networks: the peers' steps of training and predictions, and both at full size for every other network.
let networkWorkloads: [Workload] =
  recurrentNetworkWorkloads + transformerWorkloads + mobileWorkloads + genreWorkloads

/// The convolutional recurrent networks, of the report and of the validation protocol.
private let recurrentNetworkWorkloads: [Workload] = bothPrecisions { name, precision in
  [
    training("model.crnn.train.b32.\(name)", in: precision) { stream in
      let batch = emotionBatch([32, 600, 40], from: &stream)
      return (CRNN(peersCRNN, from: &stream), batch)
    },
    prediction("model.crnn.infer.b1.\(name)", in: precision) { stream in
      (CRNN(peersCRNN, from: &stream), .normal([1, 600, 40], from: &stream))
    },
    training("model.protocol-crnn.train.b16.\(name)", in: precision) { stream in
      let batch = emotionBatch([16, 128, 1292], from: &stream)
      return (SpectrogramCRNN(from: &stream), batch)
    },
    prediction("model.protocol-crnn.infer.b1.\(name)", in: precision) { stream in
      (SpectrogramCRNN(from: &stream), .normal([1, 128, 1292], from: &stream))
    },
  ]
}

/// The peers' network: PyTorch's layers, without dropout between the LSTMs.
private let peersCRNN = CRNN.Settings(recurrentDropout: 0, convention: .pyTorch)

/// The three networks that tell genres apart, with segments of 130 × 13 coefficients.
private let genreWorkloads: [Workload] = {
  func rows<Network: Layer>(
    _ name: String, _ make: @escaping @Sendable (inout RandomStream) -> Network
  ) -> [Workload] {
    [
      training("model.genre-\(name).train.b32.f32", in: .float32) { stream in
        let x = Tensor.normal([32, 130, 13], from: &stream)
        let labels = (0..<32).map { $0 % 10 }
        return (make(&stream), Batch(x) { crossEntropy(logits: $0, labels) })
      },
      prediction("model.genre-\(name).infer.b1.f32", in: .float32) { stream in
        (make(&stream), .normal([1, 130, 13], from: &stream))
      },
    ]
  }
  return rows("mlp") { GenreMLP(from: &$0) } + rows("cnn") { GenreCNN(from: &$0) }
    + rows("lstm") { GenreLSTM(from: &$0) }
}()

/// What a step of training reads: the inputs, and the loss of what the network makes of them.
struct Batch {
  let x: Tensor
  let loss: (Tensor) -> Tensor

  init(_ x: Tensor, _ loss: @escaping (Tensor) -> Tensor) {
    self.x = x
    self.loss = loss
  }
}

/// Inputs of a shape, with a valence and an arousal for each.
func emotionBatch(_ shape: Shape, from stream: inout RandomStream) -> Batch {
  let x = Tensor.normal(shape, from: &stream)
  let y = Tensor.uniform([shape[0], 2], in: 0..<1, from: &stream)
  return Batch(x) { meanSquaredError($0, y) }
}

/// The rows of both precisions, whose names end their ids.
func bothPrecisions(
  _ rows: (_ name: String, _ precision: ComputePrecision) -> [Workload]
) -> [Workload] {
  rows("f32", .float32) + rows("bf16", .bfloat16)
}

/// A step as the peers do it: forward, loss, backward, gradients clipped by their norm, Adam.
func training<Network: Layer>(
  _ id: String, in precision: ComputePrecision, rate: Double = 1e-3,
  _ make: @escaping @Sendable (inout RandomStream) -> (Network, Batch)
) -> Workload {
  Workload(id) {
    var stream = RandomStream(seed: 0, "benchmark")
    var (network, batch) = make(&stream)
    var optimizer = Optimizer(.adam(), learningRate: .constant(rate), clipping: .norm(1))
    let names = network.trainablePaths
    return {
      let pass = TrainingPass(seed: 1, step: optimizer.step)
      let (_, gradients) = Compute.with(precision: precision) {
        pass.run(on: &network) { network in
          valueAndGradient(of: network) { batch.loss($0(batch.x)) }
        }
      }
      optimizer.update(&network, names: names, gradients: gradients)
    }
  }
}

/// One pass of a network in inference.
func prediction<Network: Layer>(
  _ id: String, in precision: ComputePrecision,
  _ make: @escaping @Sendable (inout RandomStream) -> (Network, Tensor)
) -> Workload {
  Workload(id) {
    var stream = RandomStream(seed: 0, "benchmark")
    let (network, x) = make(&stream)
    return { blackHole(Compute.with(precision: precision) { network(x) }) }
  }
}
