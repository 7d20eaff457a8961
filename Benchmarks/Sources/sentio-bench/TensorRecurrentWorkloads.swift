import SentioTensor

/// Recurrent layers over whole sequences: the peers' LSTM in both directions, and figures of our own.
let tensorRecurrentWorkloads: [Workload] =
  [
    layer("tensor.bilstm.32x150x256.128", .lstm, batch: 32),
    layer("tensor.bilstm.bf16.32x150x256.128", .lstm, batch: 32, precision: .bfloat16),
    layer("tensor.bigru.32x150x256.128", .gru(), batch: 32),
    layer("tensor.birnn.32x150x256.128", .rnn(), batch: 32),
    layer("tensor.lstm.32x150x256.128", .lstm, batch: 32, isBidirectional: false),
    layer("tensor.bilstm.1x150x256.128", .lstm, batch: 1),
    layer("tensor.bilstm.bf16.1x150x256.128", .lstm, batch: 1, precision: .bfloat16),
    layer("tensor.bilstm.1x150x256.64", .lstm, batch: 1, hidden: 64),
  ].flatMap { $0 }

/// The rows of a layer: values alone, and values with all gradients.
private func layer(
  _ id: String, _ cell: RecurrentCell, batch: Int, hidden: Int = 128, isBidirectional: Bool = true,
  precision: ComputePrecision = .float32
) -> [Workload] {
  let (steps, inputs, rows) = (150, 256, cell.gateCount * hidden)
  let count = isBidirectional ? 2 : 1
  let forward = 2 * Double(count * batch * steps * rows * (inputs + hidden))
  @Sendable func prepare() -> (x: Tensor, directions: [RecurrentWeights]) {
    var stream = RandomStream(seed: 0, "benchmark")
    let x = Tensor.normal([batch, steps, inputs], from: &stream)
    func uniform(_ shape: Shape) -> Tensor {
      let bound = 1 / Float(hidden).squareRoot()
      return .uniform(shape, in: -bound..<bound, from: &stream)
    }
    let directions = (0..<count).map { _ in
      RecurrentWeights(
        input: uniform([rows, inputs]), recurrent: uniform([rows, hidden]),
        inputBias: uniform([rows]), recurrentBias: uniform([rows]))
    }
    return (x, directions)
  }
  @Sendable func run(_ x: Tensor, _ directions: [RecurrentWeights]) -> RecurrentResult {
    Compute.with(precision: precision) {
      x.recurrent(cell, directions[0], reverse: count == 2 ? directions[1] : nil)
    }
  }
  return [
    Workload("\(id).fwd", flops: forward) {
      let (x, directions) = prepare()
      return { blackHole(run(x, directions)) }
    },
    Workload("\(id).fwdbwd", flops: 3 * forward) {
      let (x, directions) = prepare()
      return {
        blackHole(
          valueAndGradient(of: directions, at: x) { directions, x in
            run(x, directions).output.sum()
          })
      }
    },
  ]
}
