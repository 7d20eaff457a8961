import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// The convolutional recurrent networks of the report and of its validation protocol.
struct CRNNTests {
  static func small(_ convention: RecurrentConvention = .keras, seed: UInt64 = 1) -> CRNN {
    var stream = RandomStream(seed: seed, "CRNN")
    let settings = CRNN.Settings(
      features: 5, frames: 16, filters: [6, 7, 8], units: [4, 3], denseUnits: 9,
      recurrentDropout: 0, dropout: 0, convention: convention)
    return CRNN(settings, from: &stream)
  }

  @Test func reportsLayers() {
    var stream = RandomStream(seed: 1, "CRNN")
    let network = CRNN(from: &stream)
    // filters · (channels · kernel + bias) + gain and offset
    let blocks =
      64 * (40 * 3 + 1) + 2 * 64 + 128 * (64 * 3 + 1) + 2 * 128 + 256 * (128 * 3 + 1) + 2 * 256
    // directions · gates · units · (inputs + units + bias)
    let recurrent = 2 * 4 * 128 * (256 + 128 + 1) + 2 * 4 * 64 * (256 + 64 + 1)
    let dense = 128 * (128 + 1) + 2 * (128 + 1)
    #expect(network.parameterCount.total == blocks + recurrent + dense)
    #expect(network.parameterCount.total == 707_266)
    // running mean and variance of 448 filters, and 3 counts
    #expect(network.parameterCount.buffers == 2 * (64 + 128 + 256) + 3)
    var settings = CRNN.Settings()
    settings.convention = .pyTorch
    #expect(CRNN(settings, from: &stream).parameterCount.total == 707_266 + 2 * 4 * (128 + 64))

    let y = network(.normal([2, 600, 40], from: &stream))
    #expect(y.shape == [2, 2])
    #expect(y.scalars.allSatisfy { abs($0) < 1 })
  }

  @Test func everyLayersOutput() {
    var stream = RandomStream(seed: 1, "CRNN")
    let network = CRNN(from: &stream)
    var x = Tensor.normal([1, 600, 40], from: &stream).transposed()
    var shapes: [Shape] = []
    for block in network.blocks {
      x = block(x)
      shapes.append(x.shape)
    }
    #expect(shapes == [[1, 64, 300], [1, 128, 150], [1, 256, 150]])
    let sequence = network.lstm1(x.transposed())
    #expect(sequence.shape == [1, 150, 256])
    #expect(network.lstm2(sequence).shape == [1, 128])
    #expect(network.sequenceDropout.probability == 0.3)
    #expect(network.dropout.probability == 0.5)
  }

  @Test func protocolsLayers() {
    var stream = RandomStream(seed: 1, "SpectrogramCRNN")
    let network = SpectrogramCRNN(from: &stream)
    let convolutions = 32 * (128 * 3 + 1) + 64 * (32 * 3 + 1) + 128 * (64 * 3 + 1)
    let recurrent = 2 * 4 * 128 * (128 + 128 + 1) + 2 * 4 * 64 * (256 + 64 + 1)
    let dense = 64 * (128 + 1) + 2 * (64 + 1)
    #expect(network.parameterCount.total == convolutions + recurrent + dense)
    #expect(network.parameterCount.total == 479_138)
    #expect(network.settings.leastFrames == 22)  // 22, 20, 10, 8, 4, 2, 1

    let x = Tensor.normal([2, 128, 1292], from: &stream)
    let y = network(x)
    #expect(y.shape == [2, 2])
    #expect(network(x.expanded(at: 1)) == y)
    var lengths: [Int] = []
    var sequence = x
    for convolution in network.convolutions {
      sequence = convolution(sequence).maxPooled1D(2)
      lengths.append(sequence.shape[2])
    }
    #expect(lengths == [645, 321, 159])
  }

  /// The convolutions that hold a normalization compute what the two do one after the other.
  @Test func foldingChangesNothing() {
    var stream = RandomStream(seed: 4, "folding")
    var block = ConvolutionBlock(
      3, 5, kernel: 3, poolSize: 2, convention: .keras, from: &stream)
    block.norm.runningMean = .normal([5], from: &stream)
    block.norm.runningVariance = .uniform([5], in: 0.5..<2, from: &stream)
    block.norm.weight = .normal([5], from: &stream)
    block.norm.bias = .normal([5], from: &stream)
    let x = Tensor.normal([2, 3, 12], from: &stream)
    expectClose(block(x), block.norm(block.convolution(x)).relu().maxPooled1D(2))
  }

  /// The filters that hold a normalization are kept from call to call, but not past a change of what they are made of.
  @Test func keptFiltersFollowTheirSources() {
    var stream = RandomStream(seed: 5, "folding")
    var block = ConvolutionBlock(3, 5, kernel: 3, poolSize: 1, convention: .keras, from: &stream)
    let x = Tensor.normal([2, 3, 12], from: &stream)
    func expectFolded(_ block: ConvolutionBlock) {
      expectClose(block(x), block.norm(block.convolution(x)).relu())
    }
    let copy = block
    expectFolded(block)
    block.norm.runningMean = .normal([5], from: &stream)
    expectFolded(block)
    block.norm.runningVariance.withUnsafeMutableBufferPointer { $0[2] = 4 }
    expectFolded(block)
    block.convolution.weight.withUnsafeMutableBufferPointer { $0[7] = 3 }
    expectFolded(block)
    block.convolution.bias = nil
    expectFolded(block)
    expectFolded(copy)
    let steps = valueAndGradient(of: block) {
      ($0.norm($0.convolution(x)).relu() * x.sum(axes: 1, keepingAxes: true)).sum()
    }
    let folded = valueAndGradient(of: block) {
      ($0(x) * x.sum(axes: 1, keepingAxes: true)).sum()
    }
    for (a, b) in zip(folded.gradient, steps.gradient) {
      expectClose(a, b, within: Tolerance(relative: 1e-4, absolute: 1e-4))
    }
  }

  @Test func eightSamplesAreLearnedByHeart() {
    var stream = RandomStream(seed: 2, "samples")
    let x = Tensor.normal([8, 16, 5], from: &stream)
    let y = Tensor.uniform([8, 2], in: -0.8..<0.8, from: &stream)
    expectOverfits(Self.small(), x) { meanSquaredError($0, y) }
    let settings = SpectrogramCRNN.Settings(
      mels: 7, frames: 41, filters: [6, 7, 8], units: [4, 3], denseUnits: 9, dropout: 0)
    expectOverfits(
      SpectrogramCRNN(settings, from: &stream), .normal([8, 7, 41], from: &stream)
    ) { meanSquaredError($0, y) }
  }

  @Test func stateMoves() throws {
    var stream = RandomStream(seed: 3, "samples")
    let x = Tensor.normal([3, 16, 5], from: &stream)
    var first = Self.small()
    // A step of training, so that running statistics are off their starts.
    _ = TrainingPass(seed: 1, step: 0).run(on: &first) { $0(x) }
    #expect(first.blocks[0].norm.batchCount == Tensor(1))
    try expectStateMoves(first, to: Self.small(seed: 9), x)
    let settings = SpectrogramCRNN.Settings(
      mels: 7, frames: 41, filters: [3, 4, 5], units: [3, 2], denseUnits: 6)
    try expectStateMoves(
      SpectrogramCRNN(settings, from: &stream), to: SpectrogramCRNN(settings, from: &stream),
      .normal([2, 7, 41], from: &stream))
  }
}
