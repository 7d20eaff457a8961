import Foundation
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Rollouts beside those that NumPy makes of transformers' attention; see Tests/Generators/generate_explanation.py.
struct AttentionRolloutTests {
  /// Attention is equal to some roundings; products of two blocks keep that.
  static let tolerance = Tolerance(relative: 1e-4, absolute: 1e-6)

  struct Golden: Decodable { let cases: [String: [[Float]]] }

  static func cases() throws -> [String: [[Float]]] {
    let url = CheckpointTests.golden.deletingLastPathComponent()
      .appending(path: "Explanation/rollout.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url)).cases
  }

  @Test(arguments: ["plain", "resized"], HeadFusion.allCases)
  func productsAreThoseOfPeers(_ input: String, _ fusion: HeadFusion) throws {
    let file = try HuggingFaceCheckpoint(
      folder: CheckpointTests.golden.appendingPathComponent("vit-model")
    ).network()
    let network = try #require(file.network as? VisionTransformer)
    let x = try CheckpointTests.results().tensor("vit-model.\(input).input")
    let expected = try #require(Self.cases()["\(input).\(fusion.rawValue)"])
    let found = attentionRollout(of: network, x, fusion: fusion)
    #expect(found.count == expected.count)
    for (rollout, values) in zip(found, expected) {
      let tokens = rollout.product.shape[0]
      #expect(tokens == 1 + rollout.grid.height * rollout.grid.width)
      expectClose(
        rollout.product, Tensor(values, shape: [tokens, tokens]), within: Self.tolerance)
      #expect(rollout.shares == Array(rollout.product.scalars[..<tokens]))
      #expect(rollout.map.values == Array(rollout.shares.dropFirst()))
      for row in 0..<tokens {
        let sum = rollout.product.scalars[row * tokens..<(row + 1) * tokens].reduce(0, +)
        #expect(abs(sum - 1) < 1e-5)
      }
    }
  }

  /// The mean of tokens as the readout, a spectrogram that is not square, and another length than trained.
  @Test func audioMapsKeepTheirAxes() {
    var stream = RandomStream(seed: 4, "rollout")
    let sizes = AudioEmotionTransformer.Settings(
      spectrogramSize: HeightWidth(height: 24, width: 40), patchSize: 8,
      transformer: TransformerSettings(features: 12, layers: 3, heads: 2))
    let network = AudioEmotionTransformer(sizes, from: &stream)
    let x = Tensor.uniform([2, 1, 24, 64], in: 0..<1, from: &stream)
    let found = attentionRollout(of: network, x)
    #expect(found.map(\.grid) == Array(repeating: HeightWidth(height: 3, width: 8), count: 2))
    for rollout in found {
      #expect(rollout.leadingTokens == 0 && rollout.shares.count == 24)
      #expect(abs(rollout.shares.reduce(0, +) - 1) < 1e-5)
      let map = rollout.map.resized(bands: 24, frames: 64)
      #expect(map.values.count == 24 * 64 && map.byFrame.count == 64 && map.byBand.count == 24)
    }
    // The same song alone gives the same map, so that memory need not grow with the songs.
    let alone = attentionRollout(of: network, x.sliced(1..<2, axis: 0))[0]
    #expect(alone.product == found[1].product)
  }

  @Test func showingBlocksChangesNothing() {
    var stream = RandomStream(seed: 5, "rollout")
    let small = TransformerSettings(features: 12, layers: 3, heads: 2)
    let student = MobileStudent(
      .init(imageSize: 24, patchSize: 8, transformer: small), from: &stream)
    let teacher = VisionEmotionRegressor(
      .init(imageSize: 24, patchSize: 8, transformer: small), from: &stream)
    let x = Tensor.uniform([2, 3, 24, 24], in: -1..<1, from: &stream)
    func check(_ network: some AttentiveNetwork) {
      for attention in [false, true] {
        var shapes: [Shape] = []
        var sums: [Float] = []
        let y = network.forward(x, attention: attention) { block in
          #expect(block.index == shapes.count)
          shapes.append(block.tokens.shape)
          #expect((block.attention != nil) == attention)
          if let weights = block.attention {
            #expect(weights.shape == [2, 2, 10, 10])
            sums += weights.sum(axes: 3).scalars
          }
        }
        #expect(shapes == Array(repeating: [2, 10, 12], count: 3))
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 })
        expectClose(y, network(x), within: Tolerance(relative: 1e-4, absolute: 1e-5))
      }
    }
    check(student)
    check(teacher)
    check(teacher.transformer)
  }

  /// A token that takes everything from one patch: the share of that patch is half, the other half its own.
  @Test func closedForm() {
    let map = SpectrogramMap(bands: 2, frames: 3, values: [0, 1, 2, 3, 4, 5])
    #expect(map[1, 2] == 5 && map.byFrame == [1.5, 2.5, 3.5] && map.byBand == [1, 4])
    #expect(map.threshold(top: 0.5) == 3 && map.threshold(top: 1) == 0)
    #expect(map.resized(bands: 2, frames: 3) == map)
    let large = map.resized(bands: 8, frames: 12)
    #expect(large[0, 0] == 0 && large[7, 11] == 5 && large[0, 11] == 2)
  }
}
