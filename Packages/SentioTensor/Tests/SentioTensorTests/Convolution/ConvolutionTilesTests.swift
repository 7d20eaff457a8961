import CSentioTensorKernels
import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// The own loops against sums written out in double precision, in sizes beyond a tile and a piece.
@Suite struct ConvolutionTilesTests {
  static let cases: [ConvolutionGeometry] = [
    // Tiles of 8 × 48 sums with a rest in both directions, and a batch of signals in one plane.
    signal(5, 13, 21, length: 157, kernel: 3, before: 1, after: 1),
    signal(1, 6, 9, length: 1201, kernel: 5, dilation: 3, before: 12, after: 0),
    signal(2, 12, 30, length: 333, kernel: 4, stride: 3, groups: 3, before: 2, after: 1),
    signal(3, 70, 130, length: 66, kernel: 1),
    // More weights than the second cache is left for.
    signal(2, 340, 390, length: 50, kernel: 1),
    image(
      2, 10, 22, WindowAxis(input: 37, kernel: 3, before: 1, after: 1),
      WindowAxis(input: 41, kernel: 3, before: 1, after: 1)),
    image(
      3, 7, 11, WindowAxis(input: 30, kernel: 5, stride: 2, before: 2, after: 2),
      WindowAxis(input: 23, kernel: 3, stride: 3, dilation: 2, before: 0, after: 3)),
    // Many rows, cut into bands.
    image(
      1, 40, 17, WindowAxis(input: 90, kernel: 3, before: 1, after: 1),
      WindowAxis(input: 65, kernel: 2, before: 0, after: 1)),
  ]

  static func signal(
    _ batch: Int, _ channels: Int, _ outputs: Int, length: Int, kernel: Int, stride: Int = 1,
    dilation: Int = 1, groups: Int = 1, before: Int = 0, after: Int = 0
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, inputChannels: channels, outputChannels: outputs, groups: groups,
      height: .single,
      width: WindowAxis(
        input: length, kernel: kernel, stride: stride, dilation: dilation, before: before,
        after: after))
  }

  static func image(
    _ batch: Int, _ channels: Int, _ outputs: Int, _ height: WindowAxis, _ width: WindowAxis
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, inputChannels: channels, outputChannels: outputs, height: height, width: width)
  }

  static let widths: [sentio_convolution_width] = [
    SENTIO_CONVOLUTION_AVX512, SENTIO_CONVOLUTION_AVX2, SENTIO_CONVOLUTION_BASE,
  ].filter { $0.rawValue >= sentio_convolution_width().rawValue }

  @Test(arguments: cases) func sumsAreThoseWrittenOut(_ geometry: ConvolutionGeometry) {
    var stream = RandomStream(seed: 5, "convolution")
    let x = Tensor.normal(geometry.inputShape, from: &stream)
    let weight = Tensor.normal(geometry.weightShape, from: &stream)
    let bias = Tensor.normal([geometry.outputChannels], from: &stream)
    let gradient = Tensor.normal(geometry.outputShape, from: &stream)
    for width in Self.widths {
      var tiles = ConvolutionTiles(geometry, .float32)
      tiles.instructions = width
      Self.check(
        tiles, geometry, x, weight, bias, gradient, "\(geometry) at width \(width.rawValue)")
    }
    guard sentio_convolution_pairs() != 0 else { return }
    // Products of rounded factors are exact in single precision, and so the sums are as close as its own.
    Self.check(
      ConvolutionTiles(geometry, .bfloat16), geometry, Self.rounded(x), Self.rounded(weight), bias,
      Self.rounded(gradient), "\(geometry) in pairs")
  }

  static func rounded(_ x: Tensor) -> Tensor { BFloat16Tensor(x).widened() }

  static func check(
    _ method: any ConvolutionMethod, _ geometry: ConvolutionGeometry, _ x: Tensor, _ weight: Tensor,
    _ bias: Tensor, _ gradient: Tensor, _ comment: String, addsInARow: Bool = false
  ) {
    let expected = WrittenOut(geometry, x, weight, bias, gradient)
    // Sums of up to n terms around 1 in single precision, in any order.
    // One after the other into one sum, the partial sums and their errors grow, to n of 2⁻²⁴ each at worst.
    func tolerance(_ terms: Int) -> Tolerance {
      let parted = 4e-7 * Float(terms).squareRoot() * 8
      return Tolerance(
        relative: 1e-5, absolute: addsInARow ? max(parted, 1.2e-7 * Float(terms)) : parted)
    }
    let y = Tensor(uninitialized: geometry.outputShape)
    method.forward(x, weight, bias: bias, activation: nil, into: y.storage.pointer)
    let terms = geometry.inputsPerGroup * geometry.taps
    expectClose(y, expected.output, within: tolerance(terms), "output of \(comment)")
    let back = Tensor(uninitialized: geometry.inputShape)
    method.backward(gradient, weight, into: back.storage.pointer)
    expectClose(
      back, expected.inputGradient, within: tolerance(geometry.outputsPerGroup * geometry.taps),
      "input gradient of \(comment)")
    let weights = Tensor(uninitialized: geometry.weightShape)
    let biases = Tensor(uninitialized: [geometry.outputChannels])
    method.correlate(
      x, gradient, biasGradient: biases.storage.pointer, into: weights.storage.pointer)
    let places = gradient.count / geometry.outputChannels
    expectClose(
      weights, expected.weightGradient, within: tolerance(places),
      "weight gradient of \(comment)")
    expectClose(
      biases, expected.biasGradient, within: tolerance(places), "bias gradient of \(comment)")
  }

  @Test func sumsDoNotDependOnThreads() {
    let geometry = Self.cases[5]
    var stream = RandomStream(seed: 6, "convolution")
    let inputs = [
      Tensor.normal(geometry.inputShape, from: &stream),
      Tensor.normal(geometry.weightShape, from: &stream),
    ]
    func gradients() -> [Tensor] {
      Compute.with(engine: .openBLAS) {
        valueAndGradient(of: inputs) { $0[0].convolved2D($0[1], padding: .same).squared().sum() }.1
      }
    }
    let many = gradients()
    let before = sentio_enter_alone()
    let alone = gradients()
    sentio_leave_alone(before)
    #expect(many == alone)
  }
}

/// A convolution and its gradients as four sums in double precision.
struct WrittenOut {
  var output: Tensor
  var inputGradient: Tensor
  var weightGradient: Tensor
  var biasGradient: Tensor

  init(
    _ g: ConvolutionGeometry, _ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ gradient: Tensor
  ) {
    let (x, w, b, dy) = (x.scalars, weight.scalars, bias.scalars, gradient.scalars)
    var y = [Double](repeating: 0, count: dy.count)
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    var db = [Double](repeating: 0, count: b.count)
    let (rows, columns) = (g.height, g.width)
    var place = 0
    for n in 0..<g.batch {
      for o in 0..<g.outputChannels {
        let group = o / g.outputsPerGroup
        for i in 0..<rows.output {
          for j in 0..<columns.output {
            var sum = Double(b[o])
            let arriving = Double(dy[place])
            db[o] += arriving
            for c in 0..<g.inputsPerGroup {
              let channel = (n * g.inputChannels + group * g.inputsPerGroup + c) * rows.input
              for k in 0..<rows.kernel {
                let row = i * rows.stride + k * rows.dilation - rows.before
                guard row >= 0 && row < rows.input else { continue }
                let weightRow = ((o * g.inputsPerGroup + c) * rows.kernel + k) * columns.kernel
                for l in 0..<columns.kernel {
                  let column = j * columns.stride + l * columns.dilation - columns.before
                  guard column >= 0 && column < columns.input else { continue }
                  let at = (channel + row) * columns.input + column
                  sum += Double(w[weightRow + l]) * Double(x[at])
                  dx[at] += Double(w[weightRow + l]) * arriving
                  dw[weightRow + l] += Double(x[at]) * arriving
                }
              }
            }
            y[place] = sum
            place += 1
          }
        }
      }
    }
    output = Tensor(y.map(Float.init), shape: g.outputShape)
    inputGradient = Tensor(dx.map(Float.init), shape: g.inputShape)
    weightGradient = Tensor(dw.map(Float.init), shape: g.weightShape)
    biasGradient = Tensor(db.map(Float.init), shape: [g.outputChannels])
  }
}
