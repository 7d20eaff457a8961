import Foundation
import SentioMetrics
import SentioModels
import SentioPipeline
import SentioReport

extension MainJob {
  /// Trainings that differ in one thing: which blocks are trained, what is learned from, how is distilled.
  ///
  /// The recipe of the pipeline is the reference of each comparison; the others start from the same weights, see the
  /// songs in the same order, and are tested on the same songs, seed by seed.
  func ablationStage() throws -> PipelineStage? {
    struct Settings: Encodable {
      var ablations: PipelineSettings.Ablations
      var vision: NetworkRecipe
      var student: NetworkRecipe
      var distillation: PipelineSettings.Distillation
      var resamples: Int
      var seed: UInt64
    }
    let wanted = settings.ablations
    guard wanted.unfreezing || wanted.augmentation || wanted.distillation else { return nil }
    let settings = Settings(
      ablations: wanted, vision: visionRecipe, student: studentRecipe,
      distillation: self.settings.distillation, resamples: self.settings.statistics.resamples,
      seed: self.settings.seed)
    return try PipelineStage(
      "ablations", "trains what the networks are compared with",
      inputs: visionInputs.filter { $0.name != "pretrained" } + [
        .outputs(of: "vit"), .outputs(of: "distil"),
      ], settings: settings
    ) { context in
      let trials = try AblationTrials(
        VisionTraining(self, context, settings.vision), student: settings.student,
        distillation: settings.distillation, plan: wanted,
        resampling: Resampling(count: settings.resamples, seed: settings.seed))
      var ablations: [Ablation] = []
      if wanted.unfreezing, let ablation = try trials.unfreezing() { ablations.append(ablation) }
      if wanted.augmentation { ablations.append(try trials.augmentation()) }
      if wanted.distillation { ablations.append(try trials.strategies()) }
      try StageFile.write(ablations, to: context.folder.appending(path: "ablations.json"))
    }
  }
}

extension AblationTrials {
  /// Frozen blocks, all blocks, blocks by and by; nil where the network started from random weights, which are no use
  /// frozen.
  func unfreezing() throws -> Ablation? {
    guard start != nil else { return nil }
    let frozen = Variant("frozen", "frozen", claimed: 0.65) { [self] index in
      try trainVision("frozen", index) { $0.training.unfreezing = [.init(epoch: 1, blocks: 0)] }
    }
    let full = Variant("full", "all blocks from the start", claimed: 0.69) { [self] index in
      try trainVision("full", index) { $0.training.unfreezing = [] }
    }
    return try ablation(
      "unfreezing", "Which blocks are trained", ReportedModel.vit.title,
      visionReference("by and by"), [frozen, full])
  }

  /// Real songs alone, with synthetic ones, with masks and mixup.
  func augmentation() throws -> Ablation {
    let songs = vision.inputs.training
    let real = Variant("real", "real songs only", claimed: 0.68) { [self] index in
      try trainVision("real", index, on: songs)
    }
    let masked = Variant("masked", "real songs, SpecAugment and mixup") { [self] index in
      try trainVision("masked", index, on: songs) {
        $0.augmentation.timeMasks = 2
        $0.augmentation.longestTime = max(1, vision.job.settings.spectrograms.picture / 8)
        $0.augmentation.frequencyMasks = 2
        $0.augmentation.widestFrequency = max(1, vision.job.settings.spectrograms.picture / 8)
        $0.augmentation.mixup = 0.2
      }
    }
    return try ablation(
      "augmentation", "What is learned from", ReportedModel.vit.title,
      visionReference("real and synthetic"), [real, masked])
  }

  /// Outputs; outputs and tokens; outputs, tokens and attention.
  func strategies() throws -> Ablation {
    let claims: [DistillationStrategy: Double] = [
      .response: 0.62, .features: 0.65, .combined: 0.69,
    ]
    func variant(_ strategy: DistillationStrategy) -> Variant {
      Variant(
        "student-\(strategy.rawValue)", strategy.rawValue, claimed: claims[strategy],
        finished: strategy == distillation.strategy ? ("distil", "mobilevit") : nil
      ) { [self] index in
        try trainStudent("student-\(strategy.rawValue)", index, strategy: strategy)
      }
    }
    return try ablation(
      "distillation", "What the student learns of its teacher", ReportedModel.mobilevit.title,
      variant(distillation.strategy),
      DistillationStrategy.allCases.filter { $0 != distillation.strategy }.map(variant))
  }

  private func visionReference(_ name: String) -> Variant {
    Variant("vit", name, claimed: 0.74, finished: ("vit", "vit")) { [self] index in
      try trainVision("vit", index)
    }
  }
}
