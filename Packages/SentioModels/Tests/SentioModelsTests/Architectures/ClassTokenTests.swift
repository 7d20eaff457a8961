import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// What a regressor on the class token computes, and what frozen blocks cost in memory.
struct ClassTokenTests {
  static func network(layers: Int, size: Int = 32) -> VisionEmotionRegressor {
    var stream = RandomStream(seed: 5, "network")
    return VisionEmotionRegressor(
      .init(
        imageSize: HeightWidth(size), patchSize: 8,
        transformer: TransformerSettings(features: 64, layers: layers, heads: 4)), from: &stream)
  }

  static func pictures(_ count: Int, size: Int = 32) -> Tensor {
    var stream = RandomStream(seed: 6, "pictures")
    return .normal([count, 3, size, size], from: &stream)
  }

  @Test func theLastBlockGivesTheSameForTheClassTokenAlone() {
    let (network, x) = (Self.network(layers: 3), Self.pictures(5))
    let tolerance = Tolerance(relative: 1e-5, absolute: 1e-5)
    let all = { (network: VisionEmotionRegressor) in
      network.head(network.transformer(x).selected(0, axis: 1))
    }
    expectClose(network(x), all(network), within: tolerance)
    let alone = valueAndGradient(of: network) { $0(x).squared().sum() }
    let expected = valueAndGradient(of: network) { all($0).squared().sum() }
    for (path, pair) in zip(network.trainablePaths, zip(alone.gradient, expected.gradient)) {
      expectClose(pair.0, pair.1, within: Tolerance(relative: 1e-3, absolute: 1e-4), path)
    }
    let encoder = network.transformer.encoder
    let tokens = network.transformer.embedded(x)
    expectClose(
      encoder.first(2, of: tokens), encoder(tokens).sliced(..<2, axis: 1), within: tolerance)
    expectClose(encoder.first(17, of: tokens), encoder(tokens), within: tolerance)
  }

  /// The bytes that a forward pass leaves for the way back, with the last two blocks and the head in training.
  static func kept(layers: Int, trainsAll: Bool = false, _ precision: ComputePrecision) -> Int {
    var network = network(layers: layers, size: 128)
    let x = pictures(8, size: 128)
    if !trainsAll {
      network.freeze()
      network.unfreeze(
        matching: PathPattern("vit.encoder.layer.{\(layers - 2),\(layers - 1)}"))
      network.unfreeze(matching: "{vit.layernorm,head}")
    }
    return Compute.with(precision: precision) {
      // Packed and rounded weights are made before the count.
      _ = network(x)
      var kept = 0
      let before = TensorMemory.statistics
      _ = valueAndGradient(of: network) { network in
        let y = network(x).squared().sum()
        let now = TensorMemory.statistics
        kept =
          now.bytesInUse - now.bytesInForms - (before.bytesInUse - before.bytesInForms)
        return y
      }
      return kept
    }
  }

  @Test func frozenBlocksRecordNothingAndKeepNothing() async {
    await #expect(processExitsWith: .success) {
      for precision in ComputePrecision.allCases {
        let few = Self.kept(layers: 3, precision)
        let many = Self.kept(layers: 9, precision)
        // Six more frozen blocks keep not one activation more; one of [8, 257, 64] takes 0.5 MB.
        #expect(abs(many - few) < 1 << 18, "\(precision): \(few), \(many)")
        #expect(many > 2 << 20, "\(precision): \(many)")
        #expect(Self.kept(layers: 9, trainsAll: true, precision) > 3 * many)
      }
    }
  }
}
