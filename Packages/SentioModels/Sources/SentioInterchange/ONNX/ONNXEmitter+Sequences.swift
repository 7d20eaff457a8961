import SentioNN
import SentioTensor

extension ONNXEmitter {
  /// What the graph's second input is called.
  static let lengths = "lengths"

  /// One layer of a recurrent network: ONNX wants time first, and the gates in an order of its own.
  mutating func recurrent(
    _ node: NetworkGraph.Node, _ layer: GraphRecurrence, _ x: String
  ) throws -> String {
    let type: String
    var attributes = [
      ONNXAttributeProto("hidden_size", layer.units),
      ONNXAttributeProto("direction", layer.directions.count == 2 ? "bidirectional" : "forward"),
    ]
    // The place in ONNX's order of each gate of ours.
    let order: [Int]
    switch layer.cell {
    case .lstm: (type, order) = ("LSTM", [0, 3, 1, 2])  // i f g o -> i o f g
    case .gru(let resetAfter):
      (type, order) = ("GRU", [1, 0, 2])  // r z n -> z r n
      attributes.append(ONNXAttributeProto("linear_before_reset", resetAfter ? 1 : 0))
    case .rnn(let nonlinearity):
      (type, order) = ("RNN", [0])
      let name = nonlinearity == .tanh ? "Tanh" : "Relu"
      attributes.append(
        ONNXAttributeProto(
          "activations", Array(repeating: name, count: layer.directions.count)))
    }
    let steps = emit("Transpose", [x], [ONNXAttributeProto("perm", [1, 0, 2])])
    var inputs = [
      steps, stacked(layer.directions.map(\.input), order, layer.units),
      stacked(layer.directions.map(\.recurrent), order, layer.units),
      biases(layer, order),
    ]
    if let divisor = layer.lengthDivisor {
      inputs.append(
        emit(
          "Cast", [dividedLengths(divisor, node.inputs[0].shape[1])], [ONNXAttributeProto("to", 6)])
      )
    }
    let features = layer.units * layer.directions.count
    if layer.givesLast {
      // [directions, N, H] -> [N, directions·H]
      let last = emit(type, inputs, attributes, wanted: 1)
      let rows = emit("Transpose", [last], [ONNXAttributeProto("perm", [1, 0, 2])])
      return reshape(rows, [features])
    }
    // [L, directions, N, H] -> [N, L, directions·H]
    let sequence = emit(type, inputs, attributes)
    let rows = emit("Transpose", [sequence], [ONNXAttributeProto("perm", [2, 0, 1, 3])])
    return reshape(rows, [node.output.shape[1], features])
  }

  /// The weights of all directions one behind the other, gates in ONNX's order: `[directions, G·H, …]`.
  private mutating func stacked(_ names: [String], _ order: [Int], _ units: Int) -> String {
    let tensors = names.map { tensor($0) }
    return initializer("\(names[0]):gates", [names.count] + Array(tensors[0].shape)) {
      Tensor.stack(tensors.map { Self.reordered($0, order, units) }, axis: 0)
    }
  }

  /// Both biases of all directions, `[directions, 2·G·H]`; absent ones are zeros, and none the empty name.
  private mutating func biases(_ layer: GraphRecurrence, _ order: [Int]) -> String {
    let rows = layer.cell.gateCount * layer.units
    let pairs = layer.directions.map { [$0.inputBias, $0.recurrentBias] }
    guard let name = pairs.joined().lazy.compactMap({ $0 }).first else { return "" }
    let tensors = pairs.map { $0.map { $0.map { tensor($0) } ?? .zeros([rows]) } }
    let units = layer.units
    return initializer("\(name):biases", [pairs.count, 2 * rows]) {
      Tensor.stack(
        tensors.map { pair in
          Tensor.concatenate(pair.map { Self.reordered($0, order, units) }, axis: 0)
        }, axis: 0)
    }
  }

  private static func reordered(_ tensor: Tensor, _ order: [Int], _ units: Int) -> Tensor {
    guard order.count > 1 else { return tensor }
    return Tensor.concatenate(
      order.map { tensor.sliced($0 * units..<($0 + 1) * units, axis: 0) }, axis: 0)
  }

  /// The graph's lengths divided, rounded up, and at most `steps`.
  private mutating func dividedLengths(_ divisor: Int, _ steps: Int) -> String {
    guard divisor > 1 else { return Self.lengths }
    let raised = emit("Add", [Self.lengths, integers([divisor - 1])])
    let divided = emit("Div", [raised, integers([divisor])])
    return emit("Min", [divided, integers([steps])])
  }

  /// `[N, 1, steps]`: 1 at the steps that count.
  mutating func stepMask(_ steps: Int, _ divisor: Int) -> String {
    let rows = emit("Reshape", [dividedLengths(divisor, steps), integers([-1, 1, 1])])
    let places = integers(Array(0..<steps), shape: [1, 1, steps])
    return emit("Cast", [emit("Less", [places, rows])], [ONNXAttributeProto("to", 1)])
  }

  /// Frames of a signal transformed: power or magnitude.
  mutating func spectrum(
    _ node: NetworkGraph.Node, _ spectrum: GraphSpectrum, _ x: String
  ) -> String {
    let signal = reshape(x, [node.inputs[0].shape[1], 1])
    let transform = emit(
      "STFT",
      [
        signal, integer(spectrum.hopLength), constant(spectrum.window), integer(spectrum.fftLength),
      ],
      [ONNXAttributeProto("onesided", 1)])
    // [N, frames, bins, 2]: the sum of the squares of both parts.
    let power = reduce("ReduceSum", emit("Mul", [transform, transform]), [3], keeps: false)
    return spectrum.isPower ? power : emit("Sqrt", [power])
  }
}
