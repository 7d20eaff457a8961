import Foundation
import SentioClassical
import SentioMetrics
import SentioModels
import SentioNN
import SentioPipeline
import SentioReport
import SentioTensor

extension MainJob {
  /// The conditional GAN, trained on the training songs' spectrograms.
  func adversarialStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var gan: PipelineSettings.Adversarial
      var spectrograms: PipelineSettings.Spectrograms
      var seed: UInt64
    }
    let settings = Settings(
      gan: self.settings.gan, spectrograms: self.settings.spectrograms, seed: self.settings.seed)
    return try PipelineStage(
      "gan", "trains a generator of spectrograms against a discriminator", inputs: networkInputs,
      settings: settings
    ) { context in
      let frontEnd = settings.spectrograms.standardized
      let inputs = try SongInputs(frontEnd, self, context)
      let records = inputs.training.records()
      let scale = ClipScale(of: records)
      let clips = LabelledBatch(
        ids: inputs.trainingTable.ids, inputs: scale.clips(of: records),
        targets: inputs.training.targets)
      context.note("songs", .integer(clips.ids.count))
      var stream = RandomStream(seed: settings.seed, "GAN")
      let networks = AdversarialNetworks(
        mels: clips.inputs.shape[2], frames: clips.inputs.shape[3], width: settings.gan.width,
        range: SpectrogramRange(isBySample: false),
        emotionGain: Float(settings.gan.emotionGain), readsEmotions: settings.gan.reading > 0,
        from: &stream)
      var training = AdversarialSettings(epochs: settings.gan.epochs, seed: settings.seed)
      training.learningRate = settings.gan.learningRate
      training.discriminatorCeiling =
        settings.gan.discriminatorCeiling < 1 ? settings.gan.discriminatorCeiling : nil
      training.emotions = EmotionTerms(
        mismatch: Float(settings.gan.mismatch), reading: Float(settings.gan.reading))
      training.noise = InstanceNoise(epochs: Double(settings.gan.epochs))
      let judge = settings.gan.judges ? try BandRegressor(clips) : nil
      let batches = try ProgressiveBatches(
        clips, batchSize: min(settings.gan.batchSize, clips.ids.count), seed: settings.seed)
      let line = TrainingLine(measure: "loss", isQuiet: isQuiet)
      let outcome = try AdversarialTrainer(training).train(
        networks, on: batches, reference: clips.rows(0..<min(64, clips.ids.count)),
        judge: judge.map { judge in { try judge.emotions(of: $0) } },
        folder: try context.work().appending(path: "gan"), isCancelled: { context.isCancelled }
      ) { event in
        switch event {
        case .resumed(let place): line.show(.resumed(place))
        case .progress(let progress): line.show(.progress(progress))
        case .epoch(let epoch): show(epoch)
        }
      }
      if outcome.end == .cancelled { throw CancellationError() }
      try outcome.best.write(
        to: context.folder,
        frontEnd: String(decoding: JSONEncoder().encode(frontEnd), as: UTF8.self),
        provenance: Provenance(
          corpus: "gan", rowCount: clips.ids.count, seed: settings.seed, scores: [:],
          notes: [
            "levels": "from 0 to 1, less \(scale.mean), over \(scale.deviation)",
            "sentio": Sentio.configuration.version,
          ]))
      try StageFile.write(
        Self.report(outcome, settings.gan), to: context.folder.appending(path: "training.json"))
    }
  }

  private func show(_ epoch: SentioModels.AdversarialEpoch) {
    guard !isQuiet else { return }
    Terminal.note(
      (Terminal.isInteractive ? "\r\u{1B}[K" : "")
        + "epoch \(epoch.epoch): D right \(Int((100 * epoch.discriminatorAccuracy).rounded())) %, "
        + String(
          format: "loss D %.3f, G %.3f, quality %.1f, %.1f s", epoch.discriminatorLoss,
          epoch.generatorLoss, epoch.qualityScore, epoch.seconds)
        + (epoch.consistency.map {
          String(format: ", V %.2f, A %.2f", $0.valence.correlation, $0.arousal.correlation)
        } ?? "")
        + (epoch.isBest ? ", best so far" : ""))
  }

  private static func report(
    _ outcome: AdversarialOutcome, _ settings: PipelineSettings.Adversarial
  ) -> AdversarialTraining {
    var training = AdversarialTraining(
      epochs: outcome.history.map {
        var epoch = SentioReport.AdversarialEpoch(
          epoch: $0.epoch, generatorLoss: $0.generatorLoss,
          discriminatorLoss: $0.discriminatorLoss,
          discriminatorAccuracy: $0.discriminatorAccuracy, quality: $0.qualityScore,
          seconds: $0.seconds)
        epoch.valenceConsistency = $0.consistency?.valence.correlation
        epoch.arousalConsistency = $0.consistency?.arousal.correlation
        return epoch
      }, bestEpoch: outcome.bestEpoch,
      stopped: outcome.end == .collapsed
        ? "one network had won: the discriminator's accuracy left the allowed band" : nil)
    var additions: [String] = []
    if settings.mismatch > 0 {
      additions.append(
        "\(percent(settings.mismatch)) of what the discriminator should call fake are real songs with other songs' "
          + "labels")
    }
    if settings.reading > 0 {
      additions.append(
        "the discriminator reads emotions, too, and the generator is told how far what is read in its spectrograms is "
          + "from what was asked for (weight \(settings.reading))")
    }
    if settings.emotionGain != 1 {
      additions.append("the emotion enters the generator times \(settings.emotionGain)")
    }
    if settings.judges {
      additions.append(
        "the epoch is kept whose quality times consistency is highest, by a ridge regression on what each mel band "
          + "does")
    }
    training.additions = additions
    return training
  }
}
