import SentioTensor

extension TorchScriptEmitter {
  mutating func convolution(_ window: GraphConvolution, _ x: String) -> String {
    let (input, padding) = padded(x, window.sides, "0.")
    return call(
      "conv\(window.kernel.count)d", input, constant(window.weight), constant(window.bias),
      Self.list(window.strides), Self.list(padding), Self.list(window.dilations),
      "\(window.groups)")
  }

  mutating func transposedConvolution(
    _ node: NetworkGraph.Node, _ window: GraphConvolution, _ outputPadding: [Int], _ x: String
  ) -> String {
    let isEven = window.sides.allSatisfy { $0.before == $0.after }
    let padding = window.sides.map { isEven ? $0.before : 0 }
    var y = call(
      "conv_transpose\(window.kernel.count)d", x, constant(window.weight), constant(window.bias),
      Self.list(window.strides), Self.list(padding), Self.list(outputPadding), "\(window.groups)",
      Self.list(window.dilations))
    guard !isEven else { return y }
    // PyTorch cuts the same off both ends; the rest is cut here.
    for (index, side) in window.sides.enumerated() {
      let axis = index + 2
      y = call(
        "slice", y, "\(axis)", "\(side.before)", "\(side.before + node.output.shape[axis])")
    }
    return y
  }

  mutating func pool(_ window: GraphPooling, _ x: String) throws -> String {
    let rank = window.kernel.count
    let (kernel, strides) = (Self.list(window.kernel), Self.list(window.strides))
    if window.isMaximum {
      // Nothing that a network gives is below this number.
      let (input, padding) = padded(
        x, window.sides, Self.number(-.greatestFiniteMagnitude),
        halves: window.kernel.map { $0 / 2 })
      return call(
        "max_pool\(rank)d", input, kernel, strides, Self.list(padding),
        Self.list(window.kernel.map { _ in 1 }), "False")
    }
    guard window.sides.allSatisfy({ $0.before == $0.after }) else {
      throw unsupported("PyTorch's means do not pad one side more than the other; export to ONNX")
    }
    let (input, padding) = padded(x, window.sides, "0.")
    return call(
      "avg_pool\(rank)d", input, kernel, strides, Self.list(padding), "False",
      Self.boolean(window.countsPadding))
  }

  mutating func resize(_ x: String, _ size: [Int], _ interpolation: Interpolation) -> String {
    let size = Self.list(size)
    let isSignal = size.split(separator: ",").count == 1
    switch (interpolation, isSignal) {
    case (.nearest, true): return call("upsample_nearest1d", x, size, "None")
    case (.nearest, false): return call("upsample_nearest2d", x, size, "None")
    case (.linear, true): return call("upsample_linear1d", x, size, "False", "None")
    case (.linear, false): return call("upsample_bilinear2d", x, size, "False", "None")
    case (.cubic, _): return call("upsample_bicubic2d", x, size, "False", "None")
    }
  }

  /// The input with what a window cannot pad by itself, and what it can.
  private mutating func padded(
    _ x: String, _ sides: [ConvolutionPadding.Sides], _ value: String, halves: [Int]? = nil
  ) -> (String, [Int]) {
    let fits = sides.enumerated().allSatisfy { index, side in
      side.before == side.after && halves.map { side.before <= $0[index] } ?? true
    }
    if fits { return (x, sides.map(\.before)) }
    // The last axis comes first.
    let list = sides.reversed().flatMap { [$0.before, $0.after] }
    return (call("constant_pad_nd", x, Self.list(list), value), sides.map { _ in 0 })
  }
}
