import Foundation
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
      let clips = LabelledBatch(
        ids: inputs.trainingTable.ids, inputs: frontEnd.inputs(inputs.training.records()),
        targets: inputs.training.targets)
      context.note("songs", .integer(clips.ids.count))
      var stream = RandomStream(seed: settings.seed, "GAN")
      let networks = AdversarialNetworks(
        mels: clips.inputs.shape[2], frames: clips.inputs.shape[3], width: settings.gan.width,
        from: &stream)
      var training = AdversarialSettings(epochs: settings.gan.epochs, seed: settings.seed)
      training.learningRate = settings.gan.learningRate
      training.discriminatorCeiling =
        settings.gan.discriminatorCeiling < 1 ? settings.gan.discriminatorCeiling : nil
      let batches = try ProgressiveBatches(
        clips, batchSize: min(settings.gan.batchSize, clips.ids.count), seed: settings.seed)
      let line = TrainingLine(measure: "loss", isQuiet: isQuiet)
      let outcome = try AdversarialTrainer(training).train(
        networks, on: batches, reference: clips.rows(0..<min(64, clips.ids.count)),
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
        frontEnd: String(decoding: JSONEncoder().encode(frontEnd), as: UTF8.self))
      try StageFile.write(
        Self.report(outcome), to: context.folder.appending(path: "training.json"))
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
        + (epoch.isBest ? ", best so far" : ""))
  }

  private static func report(_ outcome: AdversarialOutcome) -> AdversarialTraining {
    AdversarialTraining(
      epochs: outcome.history.map {
        SentioReport.AdversarialEpoch(
          epoch: $0.epoch, generatorLoss: $0.generatorLoss,
          discriminatorLoss: $0.discriminatorLoss,
          discriminatorAccuracy: $0.discriminatorAccuracy, quality: $0.qualityScore,
          seconds: $0.seconds)
      }, bestEpoch: outcome.bestEpoch,
      stopped: outcome.end == .collapsed
        ? "one network had won: the discriminator's accuracy left the allowed band" : nil)
  }
}
