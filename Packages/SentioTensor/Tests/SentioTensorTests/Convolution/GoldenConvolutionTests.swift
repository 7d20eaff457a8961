import SentioTensor
import SentioTensorTestSupport
import Testing

/// Values and all gradients against PyTorch's, computed in double precision.
@Suite struct GoldenConvolutionTests {
  static let families = ["signals", "images", "edges"]

  static let files = Dictionary(
    uniqueKeysWithValues: families.map {
      ($0, try! Safetensors(contentsOf: golden("Convolutions/\($0).safetensors")))
    })

  /// Single precision against double; where terms cancel, the error is that of the terms, which are around 1.
  static let tolerance = Tolerance(relative: 1e-5, absolute: 8e-6)

  @Test(arguments: families, ComputeEngine.allCases)
  func valuesAndGradientsEqualPyTorchs(_ family: String, _ engine: ComputeEngine) throws {
    let file = try #require(Self.files[family])
    let names = file.tensors.keys.filter { $0.hasSuffix(".out") }.map { String($0.dropLast(4)) }
    #expect(names.count > 20)
    for name in names.sorted() {
      let convolution = try #require(NamedConvolution(name))
      var inputs: [Tensor] = []
      while file.tensors["\(name).\(inputs.count)"] != nil {
        inputs.append(try file.tensor("\(name).\(inputs.count)"))
      }
      let arriving = try file.tensor("\(name).arriving")
      let (value, gradients) = Compute.with(engine: engine) {
        convolution.valueAndGradients(of: inputs, arriving: arriving)
      }
      expectClose(value, try file.tensor("\(name).out"), within: Self.tolerance, name)
      #expect(gradients.count == inputs.count)
      for (index, gradient) in gradients.enumerated() {
        expectClose(
          gradient, try file.tensor("\(name).gradient.\(index)"), within: Self.tolerance,
          "\(name), gradient \(index)")
      }
    }
  }

  /// Rounding both factors to 8 bits, each by 2⁻⁸ of itself at most, changes a product by 2⁻⁷ + 2⁻¹⁶ of itself.
  static let roundingBound: Float = 0.00783

  @Test(arguments: families, ComputeEngine.allCases)
  func reducedPrecisionStaysWithinItsBound(_ family: String, _ engine: ComputeEngine) throws {
    let file = try #require(Self.files[family])
    let names = file.tensors.keys.filter { $0.hasSuffix(".identity.out") }
    for name in names.map({ String($0.dropLast(4)) }).sorted() {
      let convolution = try #require(NamedConvolution(name))
      let inputs = try (0..<2).map { try file.tensor("\(name).\($0)") }
      let arriving = try file.tensor("\(name).arriving")
      let exact = convolution.valueAndGradients(of: inputs, arriving: arriving)
      let reduced = Compute.with(precision: .bfloat16, engine: engine) {
        convolution.valueAndGradients(of: inputs, arriving: arriving)
      }
      // The sum of the terms' magnitudes, of which each is changed by its share at most.
      let sizes = convolution.valueAndGradients(
        of: inputs.map { $0.absolute() }, arriving: arriving.absolute())
      for (a, (b, size)) in zip(
        [exact.value] + exact.gradients,
        zip([reduced.value] + reduced.gradients, [sizes.value] + sizes.gradients))
      {
        let excess = (a - b).absolute() - size * Self.roundingBound
        #expect(excess.count == 0 || excess.max().scalar <= 1e-5, "\(name)")
      }
    }
  }
}

/// The convolution that a golden case's name describes.
struct NamedConvolution {
  let isSignal: Bool
  let stride: [Int]
  let dilation: [Int]
  let groups: Int
  let padding: ConvolutionPadding
  let activation: Activation

  /// Reads a name such as `image.k3x2.s1x2.d1x1.g2.same.relu`.
  init?(_ name: String) {
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count == 7, let groups = Int(parts[4].dropFirst()),
      let activation = GoldenGradientTests.activations[parts[6]]
    else { return nil }
    isSignal = parts[0] == "signal"
    stride = parts[2].dropFirst().split(separator: "x").compactMap { Int($0) }
    dilation = parts[3].dropFirst().split(separator: "x").compactMap { Int($0) }
    self.groups = groups
    self.activation = activation
    switch parts[5] {
    case "valid": padding = .valid
    case "same": padding = .same
    case "causal": padding = .causal
    case "11": padding = .symmetric(1)
    default:
      let digits = parts[5].compactMap(\.wholeNumberValue)
      guard digits.count == 2 else { return nil }
      let sides = ConvolutionPadding.Sides(before: digits[0], after: digits[1])
      padding = .explicit(isSignal ? [sides] : [sides, sides])
    }
  }

  func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    let bias = inputs.count > 2 ? inputs[2] : nil
    if isSignal {
      return inputs[0].convolved1D(
        inputs[1], bias: bias, stride: stride[0], dilation: dilation[0], groups: groups,
        padding: padding, activation: activation)
    }
    return inputs[0].convolved2D(
      inputs[1], bias: bias, stride: HeightWidth(height: stride[0], width: stride[1]),
      dilation: HeightWidth(height: dilation[0], width: dilation[1]), groups: groups,
      padding: padding, activation: activation)
  }

  func valueAndGradients(
    of inputs: [Tensor], arriving: Tensor
  ) -> (value: Tensor, gradients: [Tensor]) {
    var value = Tensor(0)
    let (_, gradients) = valueAndGradient(of: inputs) { inputs in
      let out = self(inputs)
      value = out.detached()
      return (out * arriving).sum()
    }
    return (value, gradients)
  }
}
