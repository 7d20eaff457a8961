import SentioTensorTestSupport
import Testing

@testable import SentioTensor

@Suite struct QuantizedLinearTests {
  static func random(_ shape: Shape, _ name: String) -> Tensor {
    var stream = RandomStream(seed: 43, name)
    return .normal(shape, from: &stream)
  }

  static let x = random([3, 17, 52], "x")
  static let weight = random([29, 52], "weight")
  static let bias = random([29], "bias")

  static func calibrated(_ x: Tensor, _ method: ActivationCalibrator.Method)
    -> ActivationQuantization
  {
    var calibrator = ActivationCalibrator(method)
    calibrator.observe(x)
    return calibrator.quantization
  }

  @Test func zeroIsExactAndRangesAreCovered() {
    for range: ClosedRange<Float> in [-1...3, 0...5, -2...0, 1...4, -7...(-3), 0...0] {
      let quantization = ActivationQuantization(covering: range)
      #expect((0...255).contains(quantization.zeroPoint))
      // The zero point is rounded, and shifts the range by up to half a step.
      let slack = 0.5001 * quantization.scale
      #expect(quantization.range.lowerBound <= range.lowerBound + slack)
      #expect(quantization.range.upperBound >= range.upperBound - slack)
      let zero = quantization.rounded(Tensor([0])).raw.load(as: UInt8.self)
      #expect(Int(zero) == quantization.zeroPoint)
    }
    #expect(ActivationQuantization(covering: 0...2.55).scale == 0.01)
    #expect(
      ActivationQuantization(covering: -.greatestFiniteMagnitude ... .greatestFiniteMagnitude).scale
        .isFinite)
  }

  @Test func roundingClampsAndTakesTheEvenOfTwo() {
    let quantization = ActivationQuantization(covering: 0...255)
    let bytes = quantization.rounded(Tensor([0.5, 1.5, 2.4, -3, 400, .nan, .infinity, -.infinity]))
    let values = (0..<8).map { bytes.raw.load(fromByteOffset: $0, as: UInt8.self) }
    #expect(values == [0, 2, 2, 0, 255, 0, 255, 0])
  }

  @Test func weightsAreRoundedRowByRow() {
    let layer = QuantizedLinear(
      weight: [[1, -2, 0.5], [0, 0, 0], [100, 25, -127]],
      input: ActivationQuantization(covering: 0...1))
    #expect(layer.weightScales == [2 / 127, 0, 1])
    expectClose(
      layer.dequantizedWeight(),
      Tensor([64 * 2 / 127, -2, 32 * 2 / 127, 0, 0, 0, 100, 25, -127], shape: [3, 3]),
      within: .float)
  }

  @Test(arguments: [Activation.identity, .relu, .gelu()])
  func staysWithinItsBound(_ activation: Activation) {
    let input = Self.calibrated(Self.x, .minMax)
    let layer = QuantizedLinear(
      weight: Self.weight, bias: Self.bias, activation: activation, input: input)
    let expected = Self.x.linear(Self.weight, bias: Self.bias, activation: activation)
    let error = (layer(Self.x) - expected).absolute()
    // Σ (s/2·|w| + t/2·|x| + s·t/4); the slope of these activations is at most 1.13. The calibrated range's
    // ends may be off by half a step, which doubles the first term there.
    let halves = Tensor(layer.weightScales) * 0.5
    let ofX = Self.weight.absolute().sum(axes: 1) * input.scale
    let ofWeights = Self.x.absolute().sum(axes: -1, keepingAxes: true) * halves
    let bound = (ofX + ofWeights + halves * (52 * input.scale)) * 1.13 + 1e-5
    #expect((error - bound).scalars.allSatisfy { $0 < 0 })
    // And the usual error is far below it.
    #expect(error.mean().scalar < 0.1)
  }

  @Test(arguments: [1, 7, 8, 9, 64]) func enginesGiveTheSameBits(_ rows: Int) {
    let x = Self.random([rows, 52], "rows \(rows)")
    for activation in [Activation.identity, .silu] {
      let layer = QuantizedLinear(
        weight: Self.weight, bias: Self.bias, activation: activation,
        input: Self.calibrated(x, .percentile(0.99)))
      #expect(layer(x) == Compute.with(engine: .openBLAS) { layer(x) })
    }
  }

  @Test func theLargestSumsAreExact() {
    let inputs = QuantizedLinear.maximumInputs
    let layer = QuantizedLinear(
      weight: .ones([2, inputs]), input: ActivationQuantization(covering: 0...255))
    let x = Tensor(repeating: 255, [1, inputs])
    let expected = Float(255 * inputs)
    for engine in ComputeEngine.allCases {
      let y = Compute.with(engine: engine) { layer(x) }
      expectClose(y, Tensor(repeating: expected, [1, 2]), within: Tolerance(relative: 1e-6))
    }
  }

  @Test func emptyBatchesAreFine() {
    let layer = QuantizedLinear(
      weight: Self.weight, input: ActivationQuantization(covering: 0...1))
    #expect(layer(.zeros([0, 52])).shape == [0, 29])
  }

  @Test func calibratorsCoverWhatTheySaw() {
    var all = ActivationCalibrator(.minMax)
    var most = ActivationCalibrator(.percentile(0.99))
    #expect(all.range == 0...0 && most.range == 0...0)
    // 0…9,999 in three batches of growing size of numbers, and one far away.
    for range in [0..<10, 10..<1000, 1000..<10_000] {
      let batch = Tensor.ramp(range.count, from: Double(range.lowerBound))
      all.observe(batch)
      most.observe(batch)
    }
    #expect(all.range == 0...9999)
    #expect(all.count == 10_000 && most.count == 10_000)
    // Bins of the doubled limit are 8 wide.
    #expect(abs(most.range.lowerBound - 50) <= 8)
    #expect(abs(most.range.upperBound - 9950) <= 8)
    all.observe(Tensor([1e6, .nan, .infinity]))
    most.observe(Tensor([1e6, .nan, .infinity]))
    #expect(all.range.upperBound == 1e6)
    // The bins are wider now by as much as the limit grew.
    #expect(most.range.upperBound < 11_000)
    #expect(most.count == 10_001)
  }

  @Test func integerInferenceFollowsAModelsOutputs() {
    // A layer behind another: what the calibrator saw decides how well the second one does.
    let first = Self.random([64, 52], "first") * 0.2
    let second = Self.random([10, 64], "second") * 0.2
    let hidden = Self.x.linear(first, activation: .gelu())
    let layer = QuantizedLinear(weight: second, input: Self.calibrated(hidden, .percentile(0.9999)))
    let expected = hidden.linear(second)
    let error = (layer(hidden) - expected).squared().mean().scalar
    let size = expected.squared().mean().scalar
    // 8 bits: a hundredth of the size, squared.
    #expect(error < 1e-4 * size)
  }

  @Test(arguments: [Activation.identity, .relu, .gelu()])
  func twoLayersInOneAreTwoLayers(_ activation: Activation) {
    let inner = QuantizedLinear(
      weight: Self.weight, bias: Self.bias, activation: activation,
      input: Self.calibrated(Self.x, .minMax))
    let between = inner(Self.x)
    let outer = QuantizedLinear(
      weight: Self.random([52, 29], "outer"), bias: Self.random([52], "outer bias"),
      input: Self.calibrated(between, .minMax))
    #expect(inner.followed(by: outer, Self.x) == outer(between))
    let sum = inner.followed(by: outer, Self.x, residual: Self.x)
    expectClose(sum, outer(between) + Self.x, within: .float)
    expectClose(outer(between, residual: Self.x), sum, within: .exact)
  }

  @Test func integersAndScalesMakeTheLayerAgain() {
    let layer = QuantizedLinear(
      weight: Self.weight, bias: Self.bias, activation: .silu,
      input: Self.calibrated(Self.x, .minMax))
    let again = QuantizedLinear(
      integers: layer.weightIntegers, scales: layer.weightScales, bias: Self.bias,
      activation: .silu, input: layer.input)
    #expect(again(Self.x) == layer(Self.x))
    #expect(again.dequantizedWeight() == layer.dequantizedWeight())
    #expect(ActivationQuantization(scale: 0.5, zeroPoint: 7)?.zeroPoint == 7)
    for (scale, zero) in [(Float(0), 3), (-1, 3), (.nan, 3), (.infinity, 3), (1, -1), (1, 256)] {
      #expect(ActivationQuantization(scale: scale, zeroPoint: zero) == nil)
    }
  }
}
