import SentioNN
import SentioTensor

extension TorchScriptEmitter {
  /// Emits the lines of one operation and returns the name of its result.
  mutating func emit(_ node: NetworkGraph.Node, _ inputs: [String]) throws -> String {
    let x = inputs.first ?? ""
    let shape = node.output.shape
    switch node.operation {
    case .linear(let weight, let bias):
      return call("linear", x, constant(weight), constant(bias))
    case .rounded(let rounding):
      return call(
        "fake_quantize_per_tensor_affine", x, Self.number(rounding.scale),
        "\(rounding.zeroPoint)", "0", "255")
    case .convolution(let window): return convolution(window, x)
    case .transposedConvolution(let window, let outputPadding):
      return transposedConvolution(node, window, outputPadding, x)
    case .batchNorm(let gain, let offset, let mean, let variance, let epsilon):
      return call(
        "batch_norm", x, constant(gain), constant(offset), constant(mean), constant(variance),
        "False", "0.1", Self.number(epsilon), "False")
    case .layerNorm(let gain, let offset, let epsilon):
      return call(
        "layer_norm", x, Self.list([shape[shape.rank - 1]]), constant(gain), constant(offset),
        Self.number(epsilon), "False")
    case .groupNorm(let groups, let gain, let offset, let epsilon):
      return call(
        "group_norm", x, "\(groups)", constant(gain), constant(offset), Self.number(epsilon),
        "False")
    case .function(let function): return self.function(function, x)
    case .parametricReLU(let slopes): return call("prelu", x, constant(slopes))
    case .pool(let window): return try pool(window, x)
    case .globalPool(let isMaximum):
      let axes = Self.list(Array(2..<node.inputs[0].shape.rank))
      return isMaximum ? call("amax", x, axes, "False") : call("mean", x, axes)
    case .attention(let heads): return attention(node, inputs, heads)
    case .recurrent(let layer): return try recurrent(layer, x)
    // 4 is PyTorch's number of 64-bit integers.
    case .rows(let name): return call("embedding", constant(name), call("to", x, "4"))
    case .permute(let axes): return permute(x, axes)
    case .reshape(let shape): return reshape(x, shape.extents)
    case .concatenate(let axis):
      return call("cat", "[\(inputs.joined(separator: ", "))]", "\(axis)")
    case .prepend(let name):
      let first = call("expand", constant(name), "[torch.size(\(x), 0), -1, -1]")
      return call("cat", "[\(first), \(x)]", "1")
    case .select(let index, let axis): return call("select", x, "\(axis)", "\(index)")
    case .slice(let range, let axis):
      return call("slice", x, "\(axis)", "\(range.lowerBound)", "\(range.upperBound)")
    case .mean(let axes): return call("mean", x, Self.list(axes))
    case .add: return call("add", x, inputs[1])
    case .multiply: return call("mul", x, inputs[1])
    case .addConstant(let name): return call("add", x, constant(name))
    case .multiplyConstant(let name): return call("mul", x, constant(name))
    case .affine(let factor, let summand):
      let scaled = factor == 1 ? x : call("mul", x, Self.number(factor))
      return summand == 0 ? scaled : call("add", scaled, Self.number(summand))
    case .resize(let size, let interpolation): return resize(x, size, interpolation)
    case .spectrum(let spectrum): return self.spectrum(spectrum, x)
    case .logarithm: return call("log", x)
    case .atLeast(let floor): return call("clamp", x, Self.number(floor))
    case .belowLargest:
      return call("sub", x, call("amax", x, Self.list(allAxes(node)), "True"))
    case .isAudible:
      let axes = Self.list(Array(1..<node.inputs[0].shape.rank))
      let isThere = call("gt", call("amax", call("abs", x), axes, "False"), "0.")
      return reshape(call("mul", isThere, "1."), [1, 1])
    case .standardized(let epsilon): return standardized(node, x, epsilon)
    case .padLast(let before, let after, let padding):
      let sides = Self.list([before, after])
      switch padding {
      case .zero: return call("constant_pad_nd", x, sides, "0.")
      case .reflect: return call("pad", x, sides, "\"reflect\"")
      case .edge: return call("pad", x, sides, "\"replicate\"")
      }
    case .stepMask, .masked:
      throw unsupported("lengths of sequences are exported to ONNX alone")
    }
  }

  private func allAxes(_ node: NetworkGraph.Node) -> [Int] { Array(1..<node.output.shape.rank) }

  private mutating func standardized(
    _ node: NetworkGraph.Node, _ x: String, _ epsilon: Float
  ) -> String {
    let axes = Self.list(allAxes(node))
    let centered = call("sub", x, call("mean", x, axes, "True"))
    let variance = call("mean", call("mul", centered, centered), axes, "True")
    let deviation = call("clamp", call("sqrt", variance), Self.number(epsilon))
    return call("div", centered, deviation)
  }

  private mutating func attention(
    _ node: NetworkGraph.Node, _ inputs: [String], _ heads: Int
  ) -> String {
    let features = node.output.shape[2]
    // [N, L, D] -> [N, h, L, D/h]
    let parts = zip(inputs, node.inputs).map { name, value in
      permute(reshape(name, [value.shape[1], heads, features / heads]), [0, 2, 1, 3])
    }
    let found = call("scaled_dot_product_attention", parts[0], parts[1], parts[2])
    return reshape(permute(found, [0, 2, 1, 3]), [node.output.shape[1], features])
  }

  private mutating func recurrent(_ layer: GraphRecurrence, _ x: String) throws -> String {
    let (units, count) = (layer.units, layer.directions.count)
    guard layer.cell != .gru(resetAfter: false) else {
      throw unsupported("PyTorch has no GRU whose reset comes before the product; export to ONNX")
    }
    let hasBiases = layer.directions.contains { $0.inputBias != nil || $0.recurrentBias != nil }
    var weights: [String] = []
    for direction in layer.directions {
      weights += [constant(direction.input), constant(direction.recurrent)]
      guard hasBiases else { continue }
      // PyTorch wants both biases or none: an absent one is zeros like the other.
      for bias in [direction.inputBias, direction.recurrentBias] {
        weights.append(
          bias.map { constant($0) }
            ?? call("zeros_like", constant(direction.inputBias ?? direction.recurrentBias)))
      }
    }
    let start = call("new_zeros", x, "[\(count), torch.size(\(x), 0), \(units)]")
    let list = "[\(weights.joined(separator: ", "))]"
    let results: [String]
    switch layer.cell {
    case .lstm:
      results = call(
        results: 3, "lstm", x, "[\(start), \(start)]", list, Self.boolean(hasBiases), "1", "0.",
        "False", Self.boolean(count == 2), "True")
    case .gru, .rnn:
      let name =
        switch layer.cell {
        case .rnn(.tanh): "rnn_tanh"
        case .rnn(.relu): "rnn_relu"
        default: "gru"
        }
      results = call(
        results: 2, name, x, start, list, Self.boolean(hasBiases), "1", "0.", "False",
        Self.boolean(count == 2), "True")
    }
    guard layer.givesLast else { return results[0] }
    // [directions, N, H] -> [N, directions·H]
    return reshape(permute(results[1], [1, 0, 2]), [count * units])
  }

  private mutating func function(_ function: ActivationLayer.Function, _ x: String) -> String {
    switch function {
    case .fused(.identity): x
    case .fused(.relu): call("relu", x)
    case .fused(.gelu(let form)):
      call("gelu", x, "approximate=\"\(form == .tanh ? "tanh" : "none")\"")
    case .fused(.silu): call("silu", x)
    case .fused(.sigmoid): call("sigmoid", x)
    case .fused(.tanh): call("tanh", x)
    case .leakyReLU(let slope): call("leaky_relu", x, Self.number(slope))
    case .elu(let scale): call("elu", x, Self.number(scale))
    case .softplus: call("softplus", x)
    case .relu6: call("clamp", x, "0.", "6.")
    case .hardSwish: call("hardswish", x)
    case .softmax(let axis): call("softmax", x, "\(axis)")
    case .logSoftmax(let axis): call("log_softmax", x, "\(axis)")
    }
  }

  /// Frames of a signal transformed, `[N, frames, bins]`: power or magnitude.
  private mutating func spectrum(_ spectrum: GraphSpectrum, _ x: String) -> String {
    let transform = call(
      "stft", x, "\(spectrum.fftLength)", "\(spectrum.hopLength)", "None",
      constant(spectrum.window), "False", "True", "True")
    let parts = call("view_as_real", transform)
    let power = call("sum", call("mul", parts, parts), "[3]")
    return permute(spectrum.isPower ? power : call("sqrt", power), [0, 2, 1])
  }
}
