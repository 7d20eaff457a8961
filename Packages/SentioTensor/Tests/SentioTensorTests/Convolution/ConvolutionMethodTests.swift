import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// The library's convolution and single products against sums written out, and against the own loops.
@Suite struct ConvolutionMethodTests {
  static let cases: [ConvolutionGeometry] =
    ConvolutionTilesTests.cases + [
      // Enough channels that the library is the preferred way.
      ConvolutionTilesTests.signal(3, 96, 48, length: 53, kernel: 3, before: 1, after: 1),
      ConvolutionTilesTests.signal(
        2, 160, 64, length: 71, kernel: 5, stride: 2, dilation: 2, groups: 2, before: 4, after: 1),
      ConvolutionTilesTests.image(
        2, 34, 40, WindowAxis(input: 13, kernel: 3, stride: 2, before: 1, after: 0),
        WindowAxis(input: 17, kernel: 4, dilation: 2, before: 3, after: 2)),
    ]

  struct Arguments {
    let x, weight, bias, gradient: Tensor

    init(_ geometry: ConvolutionGeometry) {
      var stream = RandomStream(seed: 7, "methods")
      x = .normal(geometry.inputShape, from: &stream)
      weight = .normal(geometry.weightShape, from: &stream)
      bias = .normal([geometry.outputChannels], from: &stream)
      gradient = .normal(geometry.outputShape, from: &stream)
    }
  }

  #if OneDNN
    @Test(arguments: cases) func librarysSumsAreThoseWrittenOut(_ geometry: ConvolutionGeometry) {
      let a = Arguments(geometry)
      if let library = LibraryConvolution(geometry, tiles: ConvolutionTiles(geometry, .float32)) {
        ConvolutionTilesTests.check(
          library, geometry, a.x, a.weight, a.bias, a.gradient, "\(geometry) by the library",
          addsInARow: true)
      }
      guard Compute.support(for: .bfloat16).isNative,
        let library = LibraryConvolution(geometry, tiles: ConvolutionTiles(geometry, .bfloat16))
      else { return }
      let rounded = ConvolutionTilesTests.rounded
      ConvolutionTilesTests.check(
        library, geometry, rounded(a.x), rounded(a.weight), a.bias, rounded(a.gradient),
        "\(geometry) by the library in bfloat16", addsInARow: true)
    }

    @Test func manyChannelsAreTheLibrarys() {
      for geometry in Self.cases.suffix(3) {
        #expect(geometry.method(weightsAreConstant: false) is LibraryConvolution)
        Compute.with(engine: .openBLAS) {
          #expect(geometry.method(weightsAreConstant: false) is ConvolutionTiles)
        }
      }
    }
  #endif

  @Test func productsAreThoseWrittenOut() {
    let geometry = ConvolutionTilesTests.signal(3, 37, 29, length: 41, kernel: 1)
    let a = Arguments(geometry)
    for engine in ComputeEngine.allCases {
      ConvolutionTilesTests.check(
        ConvolutionProducts(geometry: geometry, engine: engine), geometry, a.x, a.weight, a.bias,
        a.gradient, "products by \(engine)")
    }
  }

  /// Both engines sum the same products, up to some 2,000 of them around 1 in an order of their own.
  static let orderOfSums = Tolerance(relative: 1e-5, absolute: 4e-4)

  @Test func enginesAgree() {
    var stream = RandomStream(seed: 8, "engines")
    func normal(_ shape: Shape) -> Tensor { .normal(shape, from: &stream) }
    let image = [normal([2, 40, 11, 14]), normal([48, 40, 3, 3]), normal([48])]
    let patches = [normal([1, 3, 164, 160]), normal([256, 3, 8, 8]), normal([256])]
    func results(_ inputs: [Tensor], _ engine: ComputeEngine, _ stride: HeightWidth) -> [Tensor] {
      Compute.with(engine: engine) {
        let value = inputs[0].convolved2D(
          inputs[1], bias: inputs[2], stride: stride, activation: .silu)
        let gradients = valueAndGradient(of: inputs) {
          $0[0].convolved2D($0[1], bias: $0[2], stride: stride, activation: .silu).sum()
        }.1
        return [value] + gradients
      }
    }
    for (inputs, stride) in [(image, HeightWidth(1)), (patches, HeightWidth(8))] {
      for (a, b) in zip(results(inputs, .oneDNN, stride), results(inputs, .openBLAS, stride)) {
        expectClose(a, b, within: Self.orderOfSums)
      }
    }
  }
}
