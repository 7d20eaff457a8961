import SentioTensor

/// The network of the recorded problem: `tanh(x · W' + b) · V' + c`.
struct TwoLayers: TensorGroup, Sendable {
  static let names = ["first.weight", "first.bias", "second.weight", "second.bias"]
  var weights: [Tensor]

  init(_ file: Safetensors, _ prefix: String) throws {
    weights = try Self.names.map { try file.tensor("\(prefix).\($0)") }
  }

  /// A network of any sizes.
  init(inputs: Int, hidden: Int, outputs: Int, from stream: inout RandomStream) {
    weights = [
      .normal([hidden, inputs], standardDeviation: 0.5, from: &stream),
      .zeros([hidden]),
      .normal([outputs, hidden], standardDeviation: 0.5, from: &stream),
      .zeros([outputs]),
    ]
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    x.linear(weights[0], bias: weights[1], activation: .tanh).linear(weights[2], bias: weights[3])
  }

  mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try weights.forEachTensor(body)
  }
}
