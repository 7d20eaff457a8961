import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct InitializerTests {
  @Test func fansAreThoseOfLinearAndConvolutionalWeights() {
    #expect(Fans(ofWeight: [8, 5]) == Fans(input: 5, output: 8))
    #expect(Fans(ofWeight: [8, 5, 3, 7]) == Fans(input: 105, output: 168))
  }

  /// Initializer, the variance it promises for `[200, 50, 10]`, and its largest value over its deviation.
  static let promises: [(Initializer, variance: Double, extreme: Double)] = [
    (.glorot(), 2.0 / 2500, 3.0.squareRoot()), (.glorot(.normal), 2.0 / 2500, 6.7),
    (.he(), 2.0 / 500, 6.7), (.he(.uniform, slope: 0.2), 2 / 1.04 / 500, 3.0.squareRoot()),
    (.he(.truncatedNormal, fan: .output), 2.0 / 2000, 2 / 0.8796),
    (.leCun(), 1.0 / 500, 2 / 0.8796), (.leCun(.uniform), 1.0 / 500, 3.0.squareRoot()),
    (.he(.uniform, slope: Float(5).squareRoot()), 1.0 / 3 / 500, 3.0.squareRoot()),
    (.varianceScaling(scale: 3, fan: .output, .normal), 3.0 / 2000, 6.7),
    (.uniform(limit: 0.3), 0.03, 3.0.squareRoot()), (.normal(standardDeviation: 0.1), 0.01, 6.7),
    (.truncatedNormal(standardDeviation: 0.1), 0.01 * 0.7737, 2 / 0.8796),
  ]

  @Test(arguments: promises.indices) func momentsAreThoseThatArePromised(_ index: Int) {
    let (initializer, variance, extreme) = Self.promises[index]
    var stream = RandomStream(seed: 7, "weights \(index)")
    let weight = initializer.tensor([200, 50, 10], from: &stream)
    let deviation = variance.squareRoot()
    // Five standard errors of 100,000 numbers: of the mean, and of the normal distribution's variance.
    #expect(abs(Double(weight.mean().scalar)) < 5 * deviation / 316)
    #expect(abs(Double(weight.variance().scalar) / variance - 1) < 5 * 0.0045)
    #expect(Double(weight.absolute().max().scalar) <= extreme * deviation * 1.00001)
    var again = RandomStream(seed: 7, "weights \(index)")
    #expect(initializer.tensor([200, 50, 10], from: &again) == weight)
  }

  @Test(arguments: [[5, 9], [9, 5], [6, 6], [4, 3, 2], [1, 7], [130, 70]])
  func orthogonalRowsOrColumnsAre(_ extents: [Int]) {
    var stream = RandomStream(seed: 8, "orthogonal")
    let weight = Initializer.orthogonal(gain: 2).tensor(Shape(extents), from: &stream)
    #expect(weight.shape == Shape(extents))
    let matrix = weight.reshaped([extents[0], -1])
    let isWide = matrix.shape[1] >= matrix.shape[0]
    let gram =
      isWide ? matrix.matmul(matrix, transposeB: true) : matrix.matmul(matrix, transposeA: true)
    expectClose(gram, Tensor.identity(gram.shape[0]) * 4, within: Tolerance(absolute: 3e-6))
  }

  @Test func orthogonalDirectionsAreFair() {
    // Of many random rotations of the plane the first row points everywhere: its moments vanish.
    var stream = RandomStream(seed: 9, "directions")
    var sum = Tensor.zeros([2, 2])
    for _ in 0..<4000 { sum += Initializer.orthogonal().tensor([2, 2], from: &stream) }
    // Five standard errors of a mean of cosines.
    #expect((sum / 4000).absolute().max().scalar < 5 * 0.0112)
  }

  @Test func constantsAndOtherFans() {
    var stream = RandomStream(seed: 10, "constants")
    #expect(Initializer.zeros.tensor([2], from: &stream) == [0, 0])
    #expect(Initializer.constant(3).tensor([1, 2], from: &stream) == [[3, 3]])
    #expect(Initializer.uniform(limit: 0).tensor([2], from: &stream) == [0, 0])
    #expect(stream.position == 0)
    let narrow = Initializer.glorot().tensor(
      [3000], fans: Fans(input: 300, output: 300), from: &stream)
    #expect(narrow.absolute().max().scalar <= 0.1)
    #expect(narrow.absolute().max().scalar > 0.099)
  }
}
