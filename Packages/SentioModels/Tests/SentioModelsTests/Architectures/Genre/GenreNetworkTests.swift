import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// The three networks that tell genres apart by 130 frames of 13 coefficients.
struct GenreNetworkTests {
  static let mlp = GenreMLP.Settings(frames: 22, coefficients: 13, units: [19, 18, 17], genres: 6)
  static let cnn = GenreCNN.Settings(
    frames: 22, coefficients: 13, filters: [4, 5, 6], denseUnits: 9, dropout: 0, genres: 6)
  static let lstm = GenreLSTM.Settings(
    frames: 22, coefficients: 13, units: 8, denseUnits: 9, dropout: 0, genres: 6)

  @Test func theMLPsLayers() {
    var stream = RandomStream(seed: 1, "MLP")
    let network = GenreMLP(from: &stream)
    // outputs · (inputs + bias)
    let count = 512 * (130 * 13 + 1) + 256 * (512 + 1) + 64 * (256 + 1) + 10 * (64 + 1)
    #expect(network.parameterCount.total == count)
    #expect(count == 1_014_218)
    #expect(network(.normal([3, 130, 13], from: &stream)).shape == [3, 10])
  }

  @Test func theCNNsLayers() {
    var stream = RandomStream(seed: 1, "CNN")
    let network = GenreCNN(from: &stream)
    let x = Tensor.normal([3, 130, 13], from: &stream)
    var shapes: [Shape] = []
    var y = x.expanded(at: 1)
    for (index, convolution) in network.convolutions.enumerated() {
      y = convolution(y)
      shapes.append(y.shape)
      if index < 2 {
        y = network.pool(y)
        shapes.append(y.shape)
      }
    }
    #expect(
      shapes == [
        [3, 32, 128, 11], [3, 32, 64, 6], [3, 64, 62, 4], [3, 64, 31, 2], [3, 128, 30, 1],
      ])
    // filters · (channels · taps + bias), outputs · (inputs + bias)
    let count =
      32 * (1 * 9 + 1) + 64 * (32 * 9 + 1) + 128 * (64 * 4 + 1)
      + 64 * (30 * 1 * 128 + 1) + 10 * (64 + 1)
    #expect(network.parameterCount.total == count)
    #expect(count == 298_186)
    #expect(network.dropout.probability == 0.1)
    #expect(network(x).shape == [3, 10])
  }

  @Test func theLSTMsLayers() {
    var stream = RandomStream(seed: 1, "LSTM")
    let network = GenreLSTM(from: &stream)
    // gates · units · (inputs + units + bias), outputs · (inputs + bias)
    let count =
      4 * 64 * (13 + 64 + 1) + 4 * 64 * (64 + 64 + 1) + 64 * (64 + 1) + 10 * (64 + 1)
    #expect(network.parameterCount.total == count)
    #expect(count == 57_802)
    let x = Tensor.normal([3, 130, 13], from: &stream)
    #expect(network.first(x).shape == [3, 130, 64])
    #expect(network.dropout.probability == 0.3)
    #expect(network(x).shape == [3, 10])
  }

  @Test func eightSamplesAreLearnedByHeart() {
    var stream = RandomStream(seed: 2, "samples")
    let x = Tensor.normal([8, 22, 13], from: &stream)
    let labels = [0, 1, 2, 3, 4, 5, 0, 1]
    expectOverfits(GenreMLP(Self.mlp, from: &stream), x) { crossEntropy(logits: $0, labels) }
    expectOverfits(GenreCNN(Self.cnn, from: &stream), x) { crossEntropy(logits: $0, labels) }
    expectOverfits(GenreLSTM(Self.lstm, from: &stream), x) { crossEntropy(logits: $0, labels) }
  }

  @Test func statesMove() throws {
    var stream = RandomStream(seed: 3, "samples")
    let x = Tensor.normal([2, 22, 13], from: &stream)
    try expectStateMoves(
      GenreMLP(Self.mlp, from: &stream), to: GenreMLP(Self.mlp, from: &stream), x)
    try expectStateMoves(
      GenreCNN(Self.cnn, from: &stream), to: GenreCNN(Self.cnn, from: &stream), x)
    try expectStateMoves(
      GenreLSTM(Self.lstm, from: &stream), to: GenreLSTM(Self.lstm, from: &stream), x)
  }
}
