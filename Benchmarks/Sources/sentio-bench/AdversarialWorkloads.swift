import SentioModels
import SentioNN
import SentioTensor

/// The conditional GAN at the report's size: a batch of training, one update of the discriminator and two of the
/// generator, and one clip of the generator.
let adversarialWorkloads: [Workload] = bothPrecisions { name, precision in
  [
    Workload("model.gan.train.b8.\(name)") {
      var stream = RandomStream(seed: 0, "benchmark")
      var networks = AdversarialNetworks(from: &stream)
      let real = Tensor.uniform([8, 1, 128, 1292], in: -1..<1, from: &stream)
      let emotions = Tensor.uniform([8, 2], in: -1..<1, from: &stream)
      let noises = (0..<3).map { _ in Tensor.normal([8, 100], from: &stream) }
      func adam() -> Optimizer {
        Optimizer(
          .adam(beta1: 0.5, beta2: 0.999), learningRate: .constant(2e-4), clipping: .norm(1))
      }
      var (ofGenerator, ofDiscriminator) = (adam(), adam())
      let generatorPaths = networks.generator.trainablePaths
      let discriminatorPaths = networks.discriminator.trainablePaths
      return {
        Compute.with(precision: precision) {
          let fake = TrainingPass(seed: 1, step: ofGenerator.step).run(on: &networks.generator) {
            $0(noise: noises[0], emotions: emotions)
          }
          let judged = AdversarialUpdate.ofDiscriminator(
            &networks, real: real, fake: fake, emotions: emotions, realTarget: 0.9,
            pass: TrainingPass(seed: 1, step: ofDiscriminator.step))
          ofDiscriminator.update(
            &networks.discriminator, names: discriminatorPaths, gradients: judged.gradients)
          for noise in noises.dropFirst() {
            let made = AdversarialUpdate.ofGenerator(
              &networks, noise: noise, emotions: emotions,
              pass: TrainingPass(seed: 1, step: ofGenerator.step))
            ofGenerator.update(
              &networks.generator, names: generatorPaths, gradients: made.gradients)
          }
        }
      }
    },
    prediction("model.gan.generate.b1.\(name)", in: precision) { stream in
      (SpectrogramGenerator(from: &stream), .normal([1, 102], from: &stream))
    },
  ]
}
