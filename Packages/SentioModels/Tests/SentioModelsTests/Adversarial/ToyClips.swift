import Foundation
import SentioModels
import SentioNN
import SentioTensor

/// Clips whose level follows valence in the upper bands and arousal in the lower ones, with noise of their own.
enum ToyClips {
  static let (mels, frames) = (8, 8)

  /// Clips of two clusters: valence and arousal are both near 0.6 or both near −0.6.
  static func clips(_ count: Int, seed: UInt64) -> LabelledBatch {
    var stream = RandomStream(seed: seed, "toy")
    let signs = (0..<count).map { $0 % 2 == 0 ? Float(0.6) : -0.6 }
    let jitter = Tensor.uniform([count, 2], in: -0.2..<0.2, from: &stream)
    let labels = Tensor(signs.flatMap { [$0, $0] }, shape: [count, 2]) + jitter
    let noise = Tensor.normal([count, 1, mels, frames], standardDeviation: 0.3, from: &stream)
    return LabelledBatch(
      ids: (0..<count).map { "clip \($0)" }, inputs: pattern(labels) + noise, targets: labels)
  }

  /// The mean clip of each emotion: bands above the middle at 2 · valence, bands below at 2 · arousal.
  static func pattern(_ labels: Tensor) -> Tensor {
    let count = labels.shape[0]
    let halves = [0, 1].map { column in
      (labels.sliced(column..<column + 1, axis: 1) * 2).reshaped([count, 1, 1, 1])
        .broadcast(to: [count, 1, mels / 2, frames])
    }
    return .concatenate(halves, axis: 2)
  }

  static func networks(seed: UInt64 = 1) -> AdversarialNetworks {
    var stream = RandomStream(seed: seed, "toy networks")
    return AdversarialNetworks(
      generator: SpectrogramGenerator(
        SpectrogramGenerator.Settings(
          mels: mels, frames: frames, noise: 4, gridChannels: 16, filters: [12]), from: &stream),
      discriminator: SpectrogramDiscriminator(
        SpectrogramDiscriminator.Settings(mels: mels, frames: frames, filters: [8, 12]),
        from: &stream))
  }

  static func settings(epochs: Int = 4) -> AdversarialSettings {
    var settings = AdversarialSettings(epochs: epochs, seed: 3)
    settings.collapse = nil
    settings.noise = InstanceNoise(deviation: 0.1, epochs: 4)
    return settings
  }

  static func batches(_ clips: LabelledBatch, size: Int = 8) throws -> ProgressiveBatches {
    try ProgressiveBatches(clips, batchSize: size, seed: 5, curriculum: Curriculum(epochs: 2))
  }
}

extension AdversarialNetworks {
  /// Every bit of the state, to compare two trainings.
  var bits: [String: [UInt32]] { stateDictionary.mapValues { $0.scalars.map(\.bitPattern) } }
}
