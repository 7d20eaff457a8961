import SentioNN
import SentioTensor

extension AdversarialRun {
  /// One batch: the discriminator's update, and the generator's.
  func step(_ batch: LabelledBatch) throws {
    let sizes = networks.generator.settings
    try batch.requireClips(mels: sizes.mels, frames: sizes.frames)
    guard batch.ids.count >= 2 else {
      throw AdversarialError.tooFewClips(
        purpose: "a batch", needed: 2, found: batch.ids.count)
    }
    let place = place
    let random = RandomStream(seed: settings.seed, "adversarial")
      .substream("epoch \(state.epoch)").substream("batch \(state.batch)")
    let time = Double(state.epoch) + Double(state.batch) / Double(training.batchesPerEpoch)
    let deviation = settings.noise.deviation(at: time)

    func noise(_ purpose: String) -> Tensor {
      var stream = random.substream(purpose)
      return .normal([batch.ids.count, sizes.noise], from: &stream)
    }
    func disturbed(_ clips: Tensor, _ purpose: String, isReal: Bool = false) -> Tensor {
      guard deviation > 0, isReal || settings.noise.scope == .both else { return clips }
      var stream = random.substream(purpose)
      return clips + Tensor.normal(clips.shape, standardDeviation: deviation, from: &stream)
    }
    func pass(_ network: String) -> TrainingPass {
      TrainingPass(
        seed: settings.seed,
        step: network == "generator" ? generatorOptimizer.step : discriminatorOptimizer.step)
    }

    let real = disturbed(sizes.range.compressed(batch.inputs), "real", isReal: true)
    let source = noise("discriminator")
    let fake = pass("generator").run(on: &networks.generator) {
      $0(noise: source, emotions: batch.targets)
    }
    try updateDiscriminator(real, disturbed(fake, "fake"), batch, pass("discriminator"), place)

    for round in 0..<settings.generatorUpdates {
      let update = AdversarialUpdate.ofGenerator(
        &networks, noise: noise("generator \(round)"), emotions: batch.targets,
        terms: settings.emotions, pass: pass("generator")
      ) { disturbed($0, "disguise \(round)") }
      guard update.loss.isFinite else {
        throw AdversarialError.lossNotFinite(
          network: "generator", value: update.loss, place: place, ids: batch.ids)
      }
      let applied = generatorOptimizer.update(
        &networks.generator, names: generatorPaths, gradients: update.gradients)
      try require(applied, "generator", generatorPaths, update.gradients, place, batch.ids)
      state.sums.generatorLoss += Double(update.loss)
      state.sums.generatorNorm += applied.gradientNorm
      state.sums.generatorUpdates += 1
    }
    state.batch += 1
    state.sums.batches += 1
    state.sums.samples += batch.ids.count
  }

  private func updateDiscriminator(
    _ real: Tensor, _ fake: Tensor, _ batch: LabelledBatch, _ pass: TrainingPass,
    _ place: TrainingPlace
  ) throws {
    let ceiling = settings.discriminatorCeiling
    // At the start nothing is known of the accuracy, and the discriminator must learn something.
    let rests = ceiling.map { (state.recentAccuracy ?? 0) > $0 } ?? false
    let update =
      rests && settings.emotions.reading == 0
      ? AdversarialUpdate.judgement(
        &networks, real: real, fake: fake, emotions: batch.targets,
        realTarget: settings.realTarget, pass: pass)
      : AdversarialUpdate.ofDiscriminator(
        &networks, real: real, fake: fake, emotions: batch.targets,
        realTarget: settings.realTarget, terms: settings.emotions, judges: !rests, pass: pass)
    guard update.loss.isFinite else {
      throw AdversarialError.lossNotFinite(
        network: "discriminator", value: update.loss, place: place, ids: batch.ids)
    }
    if !update.gradients.isEmpty {
      let applied = discriminatorOptimizer.update(
        &networks.discriminator, names: discriminatorPaths, gradients: update.gradients)
      try require(
        applied, "discriminator", discriminatorPaths, update.gradients, place, batch.ids)
      if !rests {
        state.sums.discriminatorNorm += applied.gradientNorm
        state.sums.discriminatorUpdates += 1
      }
    }
    let accuracy = update.accuracy
    if ceiling != nil {
      state.recentAccuracy = state.recentAccuracy.map { 0.9 * $0 + 0.1 * accuracy } ?? accuracy
    }
    state.sums.discriminatorLoss += Double(update.loss)
    state.sums.accuracy += accuracy
  }

  private func require(
    _ applied: Optimizer.Update, _ network: String, _ paths: [String], _ gradients: [Tensor],
    _ place: TrainingPlace, _ ids: [String]
  ) throws {
    guard !applied.isApplied else { return }
    let culprit = zip(paths, gradients).first { !gradientNorm([$1]).isFinite }
    throw AdversarialError.gradientNotFinite(
      parameter: "\(network).\(culprit?.0 ?? "all")", place: place, ids: ids)
  }

  /// Compares synthetic clips of the reference's emotions with the reference, and with what was asked for.
  func measureClips() throws -> (quality: QualityScore, consistency: LabelConsistency?) {
    let sizes = networks.generator.settings
    var stream = RandomStream(seed: settings.seed, "adversarial").substream("quality")
    let count = reference.ids.count
    let noise = Tensor.normal([count, sizes.noise], from: &stream)
    let parts = stride(from: 0, to: count, by: 16).map { first in
      let rows = first..<min(first + 16, count)
      return networks.generator(noise: noise[rows], emotions: reference.targets[rows])
    }
    let clips = sizes.range.clips(.concatenate(parts))
    let quality = QualityScore(SpectrogramStatistics(clips), to: realStatistics)
    guard let judge else { return (quality, nil) }
    // Clips that are no numbers have no emotion.
    guard clips.scalars.allSatisfy(\.isFinite) else { return (quality, nil) }
    let found = try stride(from: 0, to: count, by: 16).map {
      try judge(clips[$0..<min($0 + 16, count)])
    }
    return (
      quality, try LabelConsistency(requested: reference.targets, found: .concatenate(found))
    )
  }
}
