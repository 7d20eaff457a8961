import Foundation
import SentioClassical
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Sizes, counts and files of the generator and the discriminator.
struct AdversarialNetworksTests {
  static func small(seed: UInt64 = 1) -> AdversarialNetworks {
    var stream = RandomStream(seed: seed, "GAN")
    return AdversarialNetworks(mels: 16, frames: 21, width: 1 / 64, noise: 5, from: &stream)
  }

  @Test func theReportsGenerator() {
    var stream = RandomStream(seed: 1, "generator")
    let generator = SpectrogramGenerator(from: &stream)
    // inputs and bias; taps · channels · filters; gain and offset
    let linear = (102 + 1) * 663_552
    let kernels = 16 * (1024 * 256 + 256 * 128 + 128 * 64 + 64) + 1
    #expect(generator.parameterCount.total == linear + kernels + 2 * (256 + 128 + 64))
    #expect(generator.parameterCount.total == 73_197_441)
    #expect(generator.settings.grid == HeightWidth(height: 8, width: 81))
    let clips = generator(
      noise: .normal([1, 100], from: &stream), emotions: Tensor([0.5, -0.5], shape: [1, 2]))
    #expect(clips.shape == [1, 1, 128, 1292])
    #expect(clips.scalars.allSatisfy { abs($0) < 1 })
  }

  /// The same count for the drawn widths, from the sizes alone: no need for 270 MB of weights.
  @Test func theDrawnWidths() {
    let settings = SpectrogramGenerator.Settings.drawn
    let kernels = 16 * (1024 * 128 + 128 * 64 + 64 * 32 + 32) + 1
    #expect(settings.filters == [128, 64, 32])
    #expect((102 + 1) * 663_552 + kernels + 2 * (128 + 64 + 32) == 70_607_809)
  }

  @Test func theReportsDiscriminator() {
    var stream = RandomStream(seed: 1, "discriminator")
    let network = SpectrogramDiscriminator(from: &stream)
    let kernels = 16 * (3 * 32 + 32 * 64 + 64 * 128 + 128 * 256) + 32
    #expect(
      network.parameterCount.total == kernels + 2 * (64 + 128 + 256) + 256 * 8 * 80 + 1)
    #expect(network.parameterCount.total == 854_433)
    let logits = network(
      .normal([2, 1, 128, 1292], from: &stream), emotions: .zeros([2, 2]))
    #expect(logits.shape == [2, 1])
  }

  /// Frames that the grid does not divide are cut evenly, and the planes are the emotion everywhere.
  @Test func oddSizes() {
    let networks = Self.small()
    #expect(networks.generator.settings.grid == HeightWidth(height: 1, width: 2))
    let emotions = Tensor([0.25, -0.75, 1, -1], shape: [2, 2])
    let clips = networks.generator(noise: .ones([2, 5]), emotions: emotions)
    #expect(clips.shape == [2, 1, 16, 21])
    let planes = Tensor.concatenate(
      [
        clips,
        Tensor.concatenate(
          [
            Tensor.stack([.init(repeating: 0.25, [16, 21]), .init(repeating: -0.75, [16, 21])])
              .expanded(at: 0),
            Tensor.stack([.init(repeating: 1, [16, 21]), .init(repeating: -1, [16, 21])])
              .expanded(at: 0),
          ]),
      ], axis: 1)
    #expect(networks.discriminator(planes) == networks.discriminator(clips, emotions: emotions))
    let confidences = networks.discriminator.confidence(clips, emotions: emotions)
    #expect(confidences.count == 2 && confidences.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test func rangeLeadsThereAndBack() {
    let range = SpectrogramRange(deviations: 4)
    let x = Tensor([-9, -4, -1, 0, 2, 4, 5])
    #expect(range.compressed(x) == Tensor([-1, -1, -0.25, 0, 0.5, 1, 1]))
    #expect(range.expanded(range.compressed(x)) == Tensor([-4, -4, -1, 0, 2, 4, 4]))
  }

  @Test func filesGiveTheSameNetworksBack() throws {
    let folder = try TemporaryFolder()
    var networks = Self.small()
    // A step of training, so that running statistics are off their starts.
    _ = TrainingPass(seed: 1, step: 0).run(on: &networks.generator) {
      $0(noise: .ones([2, 5]), emotions: .zeros([2, 2]))
    }
    try networks.write(to: folder.url, frontEnd: "{}")
    let again = try AdversarialNetworks(contentsOf: folder.url)
    #expect(again.stateDictionary == networks.stateDictionary)
    #expect(again.generator.settings == networks.generator.settings)
    let file = try NetworkFile(contentsOf: folder(AdversarialNetworks.generatorName))
    #expect(file.configuration.network == .spectrogramGenerator(networks.generator.settings))
    #expect(file.configuration.network.inputShape == [7])
    #expect(file.configuration.frontEnd == "{}")
    let summary = file.network.summary(inputShape: [1, 7])
    #expect("\(summary)".contains("upsampling.3"))

    // The discriminator in the generator's place, and one of another size.
    let judge = folder(AdversarialNetworks.discriminatorName)
    try FileManager.default.removeItem(at: folder(AdversarialNetworks.generatorName))
    try FileManager.default.copyItem(at: judge, to: folder(AdversarialNetworks.generatorName))
    #expect(throws: ModelFileError.self) { try AdversarialNetworks(contentsOf: folder.url) }
    var stream = RandomStream(seed: 1, "other")
    try AdversarialNetworks(mels: 16, frames: 32, width: 1 / 64, from: &stream)
      .write(to: folder.url)
    try FileManager.default.removeItem(at: judge)
    let other = try TemporaryFolder()
    try networks.write(to: other.url)
    try FileManager.default.copyItem(at: other(AdversarialNetworks.discriminatorName), to: judge)
    #expect {
      try AdversarialNetworks(contentsOf: folder.url)
    } throws: {
      "\($0)".contains("expected 16 x 32, as the generator's, found 16 x 21")
    }
  }

  /// Sizes that a file claims are checked before memory is taken for them.
  @Test(arguments: [
    ("\"mels\":16", "\"mels\":17"), ("\"mels\":16", "\"mels\":-16"),
    ("\"gridChannels\":16", "\"gridChannels\":16384"), ("\"frames\":21", "\"frames\":1000000000"),
    ("\"noise\":5", "\"noise\":4000000000000000000"), ("\"filters\":[4,2,1]", "\"filters\":[]"),
    ("\"deviations\":5", "\"deviations\":0"),
  ])
  func hostileSizesAreErrors(_ from: String, _ to: String) throws {
    let folder = try TemporaryFolder()
    let networks = Self.small()
    try networks.write(to: folder.url)
    let url = folder(AdversarialNetworks.generatorName)
    let file = try Safetensors(contentsOf: url)
    let text = try #require(file.metadata["sentio.config"])
    #expect(text.contains(from))
    var metadata = file.metadata
    metadata["sentio.config"] = text.replacingOccurrences(of: from, with: to)
    try Safetensors.write(
      networks.generator.stateDictionary.map { Safetensors.Content($0, $1) }, metadata: metadata,
      to: url)
    #expect(throws: ModelFileError.self) { try NetworkFile(contentsOf: url) }
  }
}
