import SentioTensorTestSupport
import Testing

@testable import SentioTensor

@Suite struct QuantizedConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var x: Shape
    var weight: Shape
    var stride: HeightWidth = 1
    var dilation: HeightWidth = 1
    var groups = 1
    var padding = ConvolutionPadding.valid
    var activation = Activation.identity
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "signal", x: [2, 5, 83], weight: [7, 5, 3], padding: .same),
    Case(
      name: "causal signal", x: [3, 4, 70], weight: [6, 4, 3], dilation: 2, padding: .causal,
      activation: .relu),
    Case(
      name: "signal of one window", x: [2, 3, 9], weight: [13, 3, 9], activation: .gelu()),
    Case(
      name: "signal in steps", x: [2, 6, 131], weight: [4, 6, 5], stride: 3,
      padding: .explicit([.init(before: 4, after: 1)])),
    Case(name: "image", x: [2, 8, 11, 13], weight: [9, 8, 3, 3], padding: .symmetric(1)),
    Case(
      name: "image, uneven", x: [3, 5, 17, 14], weight: [6, 5, 4, 3],
      stride: .init(height: 3, width: 2), dilation: .init(height: 1, width: 2),
      padding: .explicit([.init(before: 2, after: 0), .init(before: 1, after: 3)]),
      activation: .silu),
    Case(
      name: "groups", x: [2, 6, 10, 9], weight: [14, 3, 3, 2], groups: 2, padding: .same,
      activation: .tanh),
    Case(name: "depthwise", x: [2, 5, 12, 9], weight: [10, 1, 3, 3], groups: 5, padding: .same),
    Case(name: "patches", x: [2, 3, 24, 32], weight: [5, 3, 8, 8], stride: 8),
    Case(name: "steps beyond the window", x: [2, 3, 19, 23], weight: [5, 3, 2, 2], stride: 5),
  ]

  static func random(_ shape: Shape, _ name: String) -> Tensor {
    var stream = RandomStream(seed: 44, name)
    return .normal(shape, from: &stream)
  }

  static func operands(_ c: Case) -> (x: Tensor, weight: Tensor, bias: Tensor) {
    (random(c.x, "x"), random(c.weight, "weight"), random([c.weight[0]], "bias"))
  }

  static func input(_ x: Tensor) -> ActivationQuantization {
    var calibrator = ActivationCalibrator(.minMax)
    calibrator.observe(x)
    return calibrator.quantization
  }

  static func layer(_ c: Case, _ weight: Tensor, _ bias: Tensor?, _ input: ActivationQuantization)
    -> QuantizedConvolution
  {
    QuantizedConvolution(
      weight: weight, bias: bias, stride: c.stride, dilation: c.dilation, groups: c.groups,
      padding: c.padding, activation: c.activation, input: input)
  }

  static func single(_ c: Case, _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
    c.x.rank == 3
      ? x.convolved1D(
        weight, bias: bias, stride: c.stride.width, dilation: c.dilation.width, groups: c.groups,
        padding: c.padding, activation: c.activation)
      : x.convolved2D(
        weight, bias: bias, stride: c.stride, dilation: c.dilation, groups: c.groups,
        padding: c.padding, activation: c.activation)
  }

  @Test(arguments: cases) func enginesGiveTheSameBits(_ c: Case) {
    let (x, weight, bias) = Self.operands(c)
    for quantization in [Self.input(x), ActivationQuantization(covering: 0...2)] {
      let layer = Self.layer(c, weight, bias, quantization)
      let y = layer(x)
      #expect(y == Compute.with(engine: .openBLAS) { layer(x) })
      #expect(y.scalars.contains { $0 != y.scalars[0] })
    }
  }

  /// Integers are convolved without any error, so that a wrong tap, padding or channel shows.
  @Test(arguments: cases) func integersAreExact(_ c: Case) {
    var c = c
    c.activation = .identity
    var stream = RandomStream(seed: 45, c.name)
    let x = Tensor.uniform(c.x, in: -101..<154, from: &stream).rounded()
    var weight = Tensor.uniform(c.weight, in: -127..<127, from: &stream).rounded()
    // Every row has a 127, and so a scale of 1.
    let columns = weight.count / c.weight[0]
    let ends = Tensor((0..<weight.count).map { $0 % columns == 0 ? 1 : 0 }, shape: c.weight)
    weight = weight * (Tensor(1) - ends) + ends * 127
    let layer = Self.layer(c, weight, nil, ActivationQuantization(covering: -101...154))
    #expect(layer.input.scale == 1 && layer.input.zeroPoint == 101)
    #expect(layer.dequantizedWeight() == weight)
    // Sums below 2²⁴ are exact in single precision too; the fast products of the peer may add in any order.
    #expect(layer(x) == Self.single(c, x, weight))
  }

  @Test(arguments: cases) func staysWithinItsBound(_ c: Case) {
    let (x, weight, bias) = Self.operands(c)
    let input = Self.input(x)
    let layer = Self.layer(c, weight, bias, input)
    let error = (layer(x) - Self.single(c, x, weight, bias)).absolute()
    // Σ (s/2·|w| + t/2·|x| + s·t/4) over what a window sees of the input; the ends of the range may be off by
    // half a step, and the slope of these activations is at most 1.13.
    var plain = c
    plain.activation = .identity
    let perChannel = Shape([c.weight[0]] + [Int](repeating: 1, count: c.weight.rank - 1))
    let halves = Tensor(layer.weightScales.map { $0 / 2 }, shape: perChannel)
    let ofX = Self.single(plain, .ones(c.x), weight.absolute()) * input.scale
    let steps = Tensor.zeros(c.weight) + halves
    let ofWeights = Self.single(plain, x.absolute() + input.scale, steps)
    #expect((error - (ofX + ofWeights) * 1.13 - 1e-5).scalars.allSatisfy { $0 < 0 })
    // And the usual error is far below it.
    #expect(error.mean().scalar < 0.15)
  }

  @Test func paddingIsZeroWhateverTheZeroPoint() {
    // A constant image far from 0: the edges must see zeros beside it.
    let x = Tensor(repeating: 5, [1, 2, 4, 6])
    let layer = QuantizedConvolution(
      weight: .ones([1, 2, 3, 3]), padding: .symmetric(1),
      input: ActivationQuantization(covering: -5...5))
    let expected = x.convolved2D(.ones([1, 2, 3, 3]), padding: .symmetric(1))
    // Half a step of 10/255 in each of 18 terms, and roundings.
    expectClose(layer(x), expected, within: Tolerance(absolute: 18 * 5.01 / 255))
    #expect(abs(layer(x).scalars[0] - 40) < 1)
  }

  @Test func aWindowOfOneIsTheLinearLayer() {
    let x = Self.random([2, 52, 31], "pointwise")
    let weight = Self.random([29, 52], "pointwise weight")
    let bias = Self.random([29], "pointwise bias")
    let input = Self.input(x)
    let linear = QuantizedLinear(weight: weight, bias: bias, input: input)
    let convolution = QuantizedConvolution(
      weight: weight.reshaped([29, 52, 1]), bias: bias, input: input)
    let expected = linear(x.permuted([0, 2, 1])).permuted([0, 2, 1])
    expectClose(convolution(x), expected, within: .float)
  }

  @Test func emptyBatchesAndNumbersThatAreNone() {
    let layer = QuantizedConvolution(
      weight: .ones([3, 2, 2]), input: ActivationQuantization(covering: -1...1))
    #expect(layer(.zeros([0, 2, 9])).shape == [0, 3, 8])
    #expect(layer(.zeros([1, 2, 0])).shape == [1, 3, 0])
    let y = layer(Tensor([.nan, 0, .infinity, 0, 0, -.infinity], shape: [1, 2, 3]))
    let top = layer.input.range.upperBound
    let bottom = layer.input.range.lowerBound
    for output in 0..<3 {
      expectClose(
        y.selected(0, axis: 0).selected(output, axis: 0), Tensor([0, top + bottom]),
        within: Tolerance(absolute: 1e-6))
    }
  }
}
