import Foundation
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// One batch of adversarial training against PyTorch's: outputs, losses, all gradients, and both networks afterwards.
///
/// See Tests/Generators/generate_adversarial.py.
struct GoldenAdversarialTests {
  /// Single precision through three normalizations of small batches, against double precision.
  static let tolerance = Tolerance(relative: 1e-4, absolute: 2e-6)

  static var golden: Safetensors {
    get throws {
      try Safetensors(
        contentsOf: Bundle.module.resourceURL!
          .appending(path: "Golden/Adversarial/adversarial.safetensors"))
    }
  }

  static func tensors(_ file: Safetensors, _ prefix: String) throws -> [String: Tensor] {
    var table: [String: Tensor] = [:]
    for key in file.names where key.hasPrefix(prefix) {
      table[String(key.dropFirst(prefix.count))] = try file.tensor(key)
    }
    return table
  }

  static func networks() throws -> AdversarialNetworks {
    var stream = RandomStream(seed: 1, "golden")
    var networks = AdversarialNetworks(
      generator: SpectrogramGenerator(
        SpectrogramGenerator.Settings(
          mels: 32, frames: 37, noise: 3, gridChannels: 6, filters: [5, 4, 3]), from: &stream),
      discriminator: SpectrogramDiscriminator(
        SpectrogramDiscriminator.Settings(mels: 32, frames: 37, filters: [2, 4, 5, 6]),
        from: &stream))
    try networks.load(tensors(golden, "before."), from: "golden")
    return networks
  }

  @Test func inference() throws {
    let (file, networks) = (try Self.golden, try Self.networks())
    let emotions = try file.tensor("emotions")
    let clips = networks.generator(noise: try file.tensor("noise0"), emotions: emotions)
    expectClose(clips, try file.tensor("inference.generator"), within: Self.tolerance)
    expectClose(
      networks.discriminator(clips, emotions: emotions),
      try file.tensor("inference.discriminator"), within: Self.tolerance)
  }

  @Test func oneBatch() throws {
    let file = try Self.golden
    var networks = try Self.networks()
    let emotions = try file.tensor("emotions")
    func optimizer() -> Optimizer {
      Optimizer(
        .adam(beta1: 0.5, beta2: 0.999), learningRate: .constant(2e-4), clipping: .norm(1))
    }
    var (ofGenerator, ofDiscriminator) = (optimizer(), optimizer())
    let generatorPaths = networks.generator.trainablePaths
    let discriminatorPaths = networks.discriminator.trainablePaths

    func check(_ update: AdversarialUpdate, _ paths: [String], _ word: String) throws {
      expectClose(
        Tensor(update.loss), try file.tensor("\(word).loss"), within: Self.tolerance, word)
      expectClose(
        update.fakeLogits, try file.tensor("\(word).synthetic"), within: Self.tolerance, word)
      let expected = try Self.tensors(file, "\(word).gradient.")
      #expect(Set(expected.keys) == Set(paths))
      for (path, gradient) in zip(paths, update.gradients) {
        expectClose(
          gradient, try #require(expected[path]), within: Self.tolerance, "\(word), \(path)")
      }
    }

    let pass = TrainingPass(seed: 0, step: 0)
    let noise = try file.tensor("noise0")
    let fake = pass.run(on: &networks.generator) { $0(noise: noise, emotions: emotions) }
    expectClose(fake, try file.tensor("discriminator.fake"), within: Self.tolerance)
    let update = AdversarialUpdate.ofDiscriminator(
      &networks, real: try file.tensor("real"), fake: fake, emotions: emotions, realTarget: 0.9,
      pass: TrainingPass(seed: 0, step: 0))
    try check(update, discriminatorPaths, "discriminator")
    expectClose(
      try #require(update.realLogits), try file.tensor("discriminator.real"),
      within: Self.tolerance)
    let applied = ofDiscriminator.update(
      &networks.discriminator, names: discriminatorPaths, gradients: update.gradients)
    let norm = try file.tensor("discriminator.norm").scalar
    #expect(abs(Float(applied.gradientNorm) - norm) < 1e-4 * norm)

    for index in 0..<2 {
      let update = AdversarialUpdate.ofGenerator(
        &networks, noise: try file.tensor("noise\(1 + index)"), emotions: emotions,
        pass: TrainingPass(seed: 0, step: index))
      try check(update, generatorPaths, "generator\(index)")
      ofGenerator.update(
        &networks.generator, names: generatorPaths, gradients: update.gradients)
    }
    let state = networks.stateDictionary
    for (path, value) in try Self.tensors(file, "after.") {
      expectClose(try #require(state[path]), value, within: Self.tolerance, "\(path) afterwards")
    }
  }

  /// One update of each network with the terms that make them heed the emotion.
  @Test func emotionTerms() throws {
    let file = try Safetensors(
      contentsOf: Bundle.module.resourceURL!
        .appending(path: "Golden/Adversarial/emotions.safetensors"))
    var stream = RandomStream(seed: 1, "golden")
    var networks = AdversarialNetworks(
      generator: SpectrogramGenerator(
        SpectrogramGenerator.Settings(
          mels: 32, frames: 37, noise: 3, gridChannels: 6, filters: [5, 4, 3], emotionGain: 3),
        from: &stream),
      discriminator: SpectrogramDiscriminator(
        SpectrogramDiscriminator.Settings(
          mels: 32, frames: 37, filters: [2, 4, 5, 6], readsEmotions: true), from: &stream))
    try networks.load(Self.tensors(file, "before."), from: "golden")
    let emotions = try file.tensor("emotions")
    let terms = EmotionTerms(mismatch: 0.4, reading: 0.7)
    let pass = TrainingPass(seed: 0, step: 0)

    func check(_ update: AdversarialUpdate, _ paths: [String], _ word: String) throws {
      expectClose(
        Tensor(update.loss), try file.tensor("\(word).loss"), within: Self.tolerance, word)
      expectClose(
        Tensor(try #require(update.readingLoss)), try file.tensor("\(word).reading"),
        within: Self.tolerance, word)
      expectClose(
        update.fakeLogits, try file.tensor("\(word).synthetic"), within: Self.tolerance, word)
      let expected = try Self.tensors(file, "\(word).gradient.")
      #expect(Set(expected.keys) == Set(paths))
      for (path, gradient) in zip(paths, update.gradients) {
        expectClose(
          gradient, try #require(expected[path]), within: Self.tolerance, "\(word), \(path)")
      }
    }
    let noise = try file.tensor("noise0")
    let fake = pass.run(on: &networks.generator) { $0(noise: noise, emotions: emotions) }
    expectClose(fake, try file.tensor("discriminator.fake"), within: Self.tolerance)
    let update = AdversarialUpdate.ofDiscriminator(
      &networks, real: try file.tensor("real"), fake: fake, emotions: emotions, realTarget: 0.9,
      terms: terms, pass: pass)
    try check(update, networks.discriminator.trainablePaths, "discriminator")
    // The discriminator's statistics have taken up three batches.
    let own = AdversarialUpdate.ofGenerator(
      &networks, noise: try file.tensor("noise1"), emotions: emotions, terms: terms,
      pass: TrainingPass(seed: 0, step: 1))
    try check(own, networks.generator.trainablePaths, "generator")
  }

  /// A discriminator that rests learns to read, and nothing of judging.
  @Test func restingLearnsToRead() throws {
    let file = try Safetensors(
      contentsOf: Bundle.module.resourceURL!
        .appending(path: "Golden/Adversarial/emotions.safetensors"))
    var stream = RandomStream(seed: 1, "resting")
    var networks = AdversarialNetworks(
      mels: 32, frames: 37, width: 1 / 64, noise: 3, readsEmotions: true, from: &stream)
    let real = try file.tensor("real")
    let update = AdversarialUpdate.ofDiscriminator(
      &networks, real: real, fake: real * 0.5, emotions: try file.tensor("emotions"),
      realTarget: 0.9, terms: EmotionTerms(mismatch: 0.5, reading: 1), judges: false,
      pass: TrainingPass(seed: 0, step: 0))
    let gradients = Dictionary(
      uniqueKeysWithValues: zip(networks.discriminator.trainablePaths, update.gradients))
    #expect(try #require(gradients["head.weight"]).scalars.allSatisfy { $0 == 0 })
    #expect(try #require(gradients["emotion.weight"]).scalars.contains { $0 != 0 })
    #expect(try #require(gradients["conv.0.weight"]).scalars.contains { $0 != 0 })
    #expect(update.loss > 0.3)
  }
}
