import SentioNN
import SentioTensor

extension ONNXEmitter {
  /// Emits the nodes of one operation and returns the name of its output.
  mutating func emit(_ node: NetworkGraph.Node, _ inputs: [String]) throws -> String {
    let x = inputs.first ?? ""
    switch node.operation {
    case .linear(let weight, let bias): return linear(node, x, weight, bias)
    case .rounded(let rounding): return rounded(x, rounding)
    case .convolution(let window): return convolution("Conv", window, x, [])
    case .transposedConvolution(let window, let outputPadding):
      return convolution(
        "ConvTranspose", window, x, [ONNXAttributeProto("output_padding", outputPadding)])
    case .batchNorm(let gain, let offset, let mean, let variance, let epsilon):
      return batchNorm(node, x, gain, offset, mean, variance, epsilon)
    case .layerNorm(let gain, let offset, let epsilon):
      return layerNorm(node, x, gain, offset, epsilon)
    case .groupNorm(let groups, let gain, let offset, let epsilon):
      return groupNorm(node, x, groups, gain, offset, epsilon)
    case .function(let function): return self.function(function, x)
    case .parametricReLU(let name):
      let slopes = tensor(name)
      let shape =
        [slopes.count] + Array(repeating: 1, count: max(0, node.output.shape.rank - 2))
      return emit(
        "PRelu", [x, initializer("\(name):places", shape) { slopes.reshaped(shape) }])
    case .pool(let window): return pool(window, x)
    case .globalPool(let isMaximum):
      let y = emit(isMaximum ? "GlobalMaxPool" : "GlobalAveragePool", [x])
      return reshape(y, node.output.shape.extents)
    case .attention(let heads): return attention(node, inputs, heads)
    case .recurrent(let layer): return try recurrent(node, layer, x)
    case .rows(let name):
      let numbers = emit("Cast", [x], [ONNXAttributeProto("to", 7)])
      return emit("Gather", [constant(name), numbers], [ONNXAttributeProto("axis", 0)])
    case .permute(let axes): return emit("Transpose", [x], [ONNXAttributeProto("perm", axes)])
    case .reshape(let shape): return reshape(x, shape.extents)
    case .concatenate(let axis):
      return emit("Concat", inputs, [ONNXAttributeProto("axis", axis)])
    case .prepend(let name): return prepend(name, x)
    case .select(let index, let axis):
      // An index without an axis of its own takes the axis away.
      return emit("Gather", [x, integer(index)], [ONNXAttributeProto("axis", axis)])
    case .slice(let range, let axis):
      return emit(
        "Slice",
        [x, integers([range.lowerBound]), integers([range.upperBound]), integers([axis])])
    case .mean(let axes): return reduce("ReduceMean", x, axes, keeps: false)
    case .add: return emit("Add", inputs)
    case .multiply: return emit("Mul", inputs)
    case .addConstant(let name): return emit("Add", [x, constant(name)])
    case .multiplyConstant(let name): return emit("Mul", [x, constant(name)])
    case .affine(let factor, let summand): return affine(x, factor, summand)
    case .resize(let size, let interpolation): return resize(node, x, size, interpolation)
    case .spectrum(let spectrum): return self.spectrum(node, spectrum, x)
    case .logarithm: return emit("Log", [x])
    case .atLeast(let floor): return emit("Max", [x, scalar(floor)])
    case .belowLargest:
      return emit("Sub", [x, reduce("ReduceMax", x, allAxes(node), keeps: true)])
    case .isAudible:
      let axes = Array(1..<node.inputs[0].shape.rank)
      let largest = reduce("ReduceMax", emit("Abs", [x]), axes, keeps: false)
      let isThere = emit("Greater", [largest, scalar(0)])
      return reshape(emit("Cast", [isThere], [ONNXAttributeProto("to", 1)]), [1, 1])
    case .standardized(let epsilon): return standardized(node, x, epsilon)
    case .padLast(let before, let after, let padding):
      let zeros = Array(repeating: 0, count: node.output.shape.rank - 1)
      let mode = padding == .zero ? "constant" : padding.rawValue
      return emit(
        "Pad", [x, integers(zeros + [before] + zeros + [after])],
        [ONNXAttributeProto("mode", mode)])
    case .stepMask(let steps, let divisor): return stepMask(steps, divisor)
    case .masked:
      let counts = emit("Greater", [inputs[1], scalar(0)])
      return emit("Where", [counts, x, scalar(0)])
    }
  }

  // MARK: Sums

  private mutating func linear(
    _ node: NetworkGraph.Node, _ x: String, _ weight: String, _ bias: String?
  ) -> String {
    let tensor = self.tensor(weight)
    if let integers = graph.integers[weight] { return linear(x, weight, integers, bias) }
    if node.output.shape.rank == 2 {
      let inputs = [x, constant(weight)] + (bias.map { [constant($0)] } ?? [])
      return emit("Gemm", inputs, [ONNXAttributeProto("transB", 1)])
    }
    let (outputs, features) = (tensor.shape[0], tensor.shape[1])
    let transposed = initializer("\(weight):transposed", [features, outputs]) {
      tensor.transposed()
    }
    let sums = emit("MatMul", [x, transposed])
    return bias.map { emit("Add", [sums, constant($0)]) } ?? sums
  }

  /// Integers beside the node that makes numbers of them, which programs with products of integers join with it.
  private mutating func linear(
    _ x: String, _ weight: String, _ integers: GraphIntegers, _ bias: String?
  ) -> String {
    let outputs = integers.scales.count
    let features = integers.values.count / outputs
    let values = bytes("\(weight):integers", [features, outputs], isSigned: true) {
      (0..<features).flatMap { feature in
        (0..<outputs).map { UInt8(bitPattern: integers.values[$0 * features + feature]) }
      }
    }
    let scales = initializer("\(weight):scales", [outputs]) { Tensor(integers.scales) }
    let zeros = bytes("\(weight):zeros", [outputs], isSigned: true) {
      Array(repeating: 0, count: outputs)
    }
    let product = emit(
      "MatMul",
      [x, emit("DequantizeLinear", [values, scales, zeros], [ONNXAttributeProto("axis", 1)])])
    return bias.map { emit("Add", [product, constant($0)]) } ?? product
  }

  private mutating func rounded(_ x: String, _ rounding: ActivationQuantization) -> String {
    let scale = scalar(rounding.scale)
    let zero = bytes("byte:\(rounding.zeroPoint)", [], isSigned: false) {
      [UInt8(rounding.zeroPoint)]
    }
    return emit("DequantizeLinear", [emit("QuantizeLinear", [x, scale, zero]), scale, zero])
  }

  private mutating func convolution(
    _ type: String, _ window: GraphConvolution, _ x: String, _ more: [ONNXAttributeProto]
  ) -> String {
    let inputs = [x, constant(window.weight)] + (window.bias.map { [constant($0)] } ?? [])
    return emit(
      type, inputs,
      [
        ONNXAttributeProto("kernel_shape", window.kernel),
        ONNXAttributeProto("strides", window.strides),
        ONNXAttributeProto("dilations", window.dilations),
        ONNXAttributeProto("group", window.groups),
        ONNXAttributeProto("pads", window.sides.map(\.before) + window.sides.map(\.after)),
      ] + more)
  }

  private mutating func pool(_ window: GraphPooling, _ x: String) -> String {
    var attributes = [
      ONNXAttributeProto("kernel_shape", window.kernel),
      ONNXAttributeProto("strides", window.strides),
      ONNXAttributeProto("pads", window.sides.map(\.before) + window.sides.map(\.after)),
    ]
    guard window.isMaximum else {
      attributes.append(ONNXAttributeProto("count_include_pad", window.countsPadding ? 1 : 0))
      return emit("AveragePool", [x], attributes)
    }
    return emit("MaxPool", [x], attributes)
  }

  private mutating func attention(
    _ node: NetworkGraph.Node, _ inputs: [String], _ heads: Int
  ) -> String {
    let features = node.inputs[0].shape[2]
    let size = features / heads
    // [N, L, D] -> [N, h, L, D/h], the keys' last two axes the other way round.
    let parts = zip(inputs, node.inputs).enumerated().map { index, input in
      let split = reshape(input.0, [input.1.shape[1], heads, size])
      return emit(
        "Transpose", [split],
        [ONNXAttributeProto("perm", index == 1 ? [0, 2, 3, 1] : [0, 2, 1, 3])]
      )
    }
    let scaled = emit("Mul", [parts[0], scalar(1 / Float(size).squareRoot())])
    let scores = emit("MatMul", [scaled, parts[1]])
    let weights = emit("Softmax", [scores], [ONNXAttributeProto("axis", -1)])
    let found = emit("MatMul", [weights, parts[2]])
    let rows = emit("Transpose", [found], [ONNXAttributeProto("perm", [0, 2, 1, 3])])
    return reshape(rows, [node.output.shape[1], features])
  }

  // MARK: Shapes

  mutating func reshape(_ x: String, _ extents: [Int]) -> String {
    emit("Reshape", [x, integers([-1] + extents)])
  }

  mutating func reduce(_ type: String, _ x: String, _ axes: [Int], keeps: Bool) -> String {
    let keep = ONNXAttributeProto("keepdims", keeps ? 1 : 0)
    // Sums take their axes as an input since opset 13, the others since 18.
    if opset >= 18 || type == "ReduceSum" { return emit(type, [x, integers(axes)], [keep]) }
    return emit(type, [x], [ONNXAttributeProto("axes", axes), keep])
  }

  func allAxes(_ node: NetworkGraph.Node) -> [Int] { Array(1..<node.output.shape.rank) }

  private mutating func prepend(_ name: String, _ x: String) -> String {
    let tokens = tensor(name)
    let count = emit("Shape", [x], [ONNXAttributeProto("start", 0), ONNXAttributeProto("end", 1)])
    let shape = emit(
      "Concat", [count, integers([tokens.shape[1], tokens.shape[2]])],
      [ONNXAttributeProto("axis", 0)])
    let expanded = emit("Expand", [constant(name), shape])
    return emit("Concat", [expanded, x], [ONNXAttributeProto("axis", 1)])
  }

  mutating func affine(_ x: String, _ factor: Float, _ summand: Float) -> String {
    let scaled = factor == 1 ? x : emit("Mul", [x, scalar(factor)])
    return summand == 0 ? scaled : emit("Add", [scaled, scalar(summand)])
  }

  private mutating func resize(
    _ node: NetworkGraph.Node, _ x: String, _ size: [Int], _ interpolation: Interpolation
  ) -> String {
    let leading = emit(
      "Shape", [x], [ONNXAttributeProto("start", 0), ONNXAttributeProto("end", 2)])
    let sizes = emit("Concat", [leading, integers(size)], [ONNXAttributeProto("axis", 0)])
    let attributes: [ONNXAttributeProto]
    switch interpolation {
    case .nearest:
      attributes = [
        ONNXAttributeProto("mode", "nearest"), ONNXAttributeProto("nearest_mode", "floor"),
        ONNXAttributeProto("coordinate_transformation_mode", "asymmetric"),
      ]
    case .linear:
      attributes = [
        ONNXAttributeProto("mode", "linear"),
        ONNXAttributeProto("coordinate_transformation_mode", "half_pixel"),
      ]
    case .cubic:
      attributes = [
        ONNXAttributeProto("mode", "cubic"), ONNXAttributeProto("cubic_coeff_a", Float(-0.75)),
        ONNXAttributeProto("coordinate_transformation_mode", "half_pixel"),
      ]
    }
    return emit("Resize", [x, "", "", sizes], attributes)
  }
}
