import SentioNN
import SentioTensor

extension ONNXEmitter {
  /// A function of every element or row.
  mutating func function(_ function: ActivationLayer.Function, _ x: String) -> String {
    switch function {
    case .fused(.identity): return x
    case .fused(.relu): return emit("Relu", [x])
    case .fused(.gelu(let approximation)): return gelu(x, isTanh: approximation == .tanh)
    case .fused(.silu): return emit("Mul", [x, emit("Sigmoid", [x])])
    case .fused(.sigmoid): return emit("Sigmoid", [x])
    case .fused(.tanh): return emit("Tanh", [x])
    case .leakyReLU(let slope): return emit("LeakyRelu", [x], [ONNXAttributeProto("alpha", slope)])
    case .elu(let scale): return emit("Elu", [x], [ONNXAttributeProto("alpha", scale)])
    case .softplus: return emit("Softplus", [x])
    case .relu6: return emit("Clip", [x, scalar(0), scalar(6)])
    case .hardSwish: return emit("HardSwish", [x])
    case .softmax(let axis): return emit("Softmax", [x], [ONNXAttributeProto("axis", axis)])
    case .logSoftmax(let axis):
      return emit("LogSoftmax", [x], [ONNXAttributeProto("axis", axis)])
    }
  }

  /// ONNX has had an operator of this name since opset 20.
  private mutating func gelu(_ x: String, isTanh: Bool) -> String {
    if opset >= 20 {
      return emit("Gelu", [x], [ONNXAttributeProto("approximate", isTanh ? "tanh" : "none")])
    }
    let gate: String
    if isTanh {
      let cube = emit("Mul", [x, emit("Mul", [x, x])])
      let inside = emit("Add", [x, emit("Mul", [cube, scalar(0.044715)])])
      gate = emit("Tanh", [emit("Mul", [inside, scalar(0.797_884_56)])])
    } else {
      gate = emit("Erf", [emit("Mul", [x, scalar(0.707_106_77)])])
    }
    let half = emit("Mul", [x, scalar(0.5)])
    return emit("Mul", [half, emit("Add", [gate, scalar(1)])])
  }

  // MARK: Normalizations

  mutating func batchNorm(
    _ node: NetworkGraph.Node, _ x: String, _ gain: String?, _ offset: String?, _ mean: String,
    _ variance: String, _ epsilon: Float
  ) -> String {
    let channels = tensor(mean).count
    return emit(
      "BatchNormalization",
      [
        x, gain.map { constant($0) } ?? filled(1, [channels]),
        offset.map { constant($0) } ?? filled(0, [channels]), constant(mean), constant(variance),
      ], [ONNXAttributeProto("epsilon", epsilon)])
  }

  mutating func layerNorm(
    _ node: NetworkGraph.Node, _ x: String, _ gain: String?, _ offset: String?, _ epsilon: Float
  ) -> String {
    let features = node.output.shape[node.output.shape.rank - 1]
    let inputs =
      [x, gain.map { constant($0) } ?? filled(1, [features])]
      + (offset.map { [constant($0)] } ?? [])
    return emit(
      "LayerNormalization", inputs,
      [ONNXAttributeProto("axis", -1), ONNXAttributeProto("epsilon", epsilon)])
  }

  /// Each group as the places of one channel: instance normalization, whose gain and offset are those of groups.
  mutating func groupNorm(
    _ node: NetworkGraph.Node, _ x: String, _ groups: Int, _ gain: String?, _ offset: String?,
    _ epsilon: Float
  ) -> String {
    let extents = node.output.shape.extents
    let rows = reshape(x, [groups, extents.reduce(1, *) / groups])
    let normalized = emit(
      "InstanceNormalization", [rows, filled(1, [groups]), filled(0, [groups])],
      [ONNXAttributeProto("epsilon", epsilon)])
    var y = reshape(normalized, extents)
    let shape = [extents[0]] + extents.dropFirst().map { _ in 1 }
    for (name, type) in [(gain, "Mul"), (offset, "Add")] {
      guard let name else { continue }
      let tensor = self.tensor(name)
      y = emit(
        type, [y, initializer("\(name):places", shape) { tensor.reshaped(shape) }])
    }
    return y
  }

  /// A constant of one number.
  private mutating func filled(_ value: Float, _ shape: [Int]) -> String {
    initializer("filled:\(value):\(shape.map(String.init).joined(separator: "x"))", shape) {
      Tensor(repeating: value, Shape(shape))
    }
  }

  /// Mean 0 and the population's deviation 1 over all elements of an example.
  mutating func standardized(
    _ node: NetworkGraph.Node, _ x: String, _ epsilon: Float
  ) -> String {
    let centered = emit("Sub", [x, reduce("ReduceMean", x, allAxes(node), keeps: true)])
    let squares = emit("Mul", [centered, centered])
    let variance = reduce("ReduceMean", squares, allAxes(node), keeps: true)
    let deviation = emit("Max", [emit("Sqrt", [variance]), scalar(epsilon)])
    return emit("Div", [centered, deviation])
  }
}
