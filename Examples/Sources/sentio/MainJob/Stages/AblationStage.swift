import Foundation
import SentioMetrics
import SentioModels
import SentioPipeline
import SentioReport

extension MainJob {
  /// Trainings that differ in one thing: which blocks are trained, what is learned from, how is distilled.
  ///
  /// The network of the pipeline is the reference of each comparison; the others start from the same weights, see the
  /// songs in the same order, and are tested on the same songs.
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
        distillation: settings.distillation,
        resampling: Resampling(count: settings.resamples, seed: settings.seed))
      var ablations: [Ablation] = []
      if wanted.unfreezing, let ablation = try trials.unfreezing() { ablations.append(ablation) }
      if wanted.augmentation { ablations.append(try trials.augmentation()) }
      if wanted.distillation { ablations.append(try trials.strategies()) }
      try StageFile.write(ablations, to: context.folder.appending(path: "ablations.json"))
    }
  }
}

/// The trainings of the three comparisons.
private struct AblationTrials {
  private let vision: VisionTraining
  private let student: NetworkRecipe
  private let distillation: PipelineSettings.Distillation
  private let resampling: Resampling
  /// The weights that the pipeline's network started from; nil for random ones.
  private let start: NetworkFile?

  /// One variant with its predictions of the test songs.
  private struct Trial {
    var name: String
    var points: [ValenceArousal]
    var examples: Int
    var bestEpoch: Int?
    var seconds: Double?
    var claimed: Double?
  }

  init(
    _ vision: VisionTraining, student: NetworkRecipe,
    distillation: PipelineSettings.Distillation, resampling: Resampling
  ) throws {
    self.vision = vision
    self.student = student
    self.distillation = distillation
    self.resampling = resampling
    let file = vision.context.folder(of: "vit").appending(path: "start.sentio")
    start =
      FileManager.default.fileExists(atPath: file.path) ? try NetworkFile(contentsOf: file) : nil
  }

  /// Frozen blocks, all blocks, blocks by and by; nil where the network started from random weights, which are no use
  /// frozen.
  func unfreezing() throws -> Ablation? {
    guard start != nil else { return nil }
    let frozen = try trial("frozen", "frozen", claimed: 0.65) {
      $0.training.unfreezing = [.init(epoch: 1, blocks: 0)]
    }
    let full = try trial("full", "all blocks from the start", claimed: 0.69) {
      $0.training.unfreezing = []
    }
    return try ablation(
      "unfreezing", "Which blocks are trained", ReportedModel.vit.title,
      try reference("vit", "vit", "by and by", claimed: 0.74), [frozen, full])
  }

  /// Real songs alone, with synthetic ones, with masks and mixup.
  func augmentation() throws -> Ablation {
    let real = try trial("real", "real songs only", on: vision.inputs.training, claimed: 0.68)
    let masked = try trial(
      "masked", "real songs, SpecAugment and mixup", on: vision.inputs.training
    ) {
      $0.augmentation.timeMasks = 2
      $0.augmentation.longestTime = max(1, vision.job.settings.spectrograms.picture / 8)
      $0.augmentation.frequencyMasks = 2
      $0.augmentation.widestFrequency = max(1, vision.job.settings.spectrograms.picture / 8)
      $0.augmentation.mixup = 0.2
    }
    return try ablation(
      "augmentation", "What is learned from", ReportedModel.vit.title,
      try reference("vit", "vit", "real and synthetic", claimed: 0.74), [real, masked])
  }

  /// Outputs; outputs and tokens; outputs, tokens and attention.
  func strategies() throws -> Ablation {
    let claims: [DistillationStrategy: Double] = [
      .response: 0.62, .features: 0.65, .combined: 0.69,
    ]
    let training = try StudentTraining(vision, student, distillation)
    let trials = try DistillationStrategy.allCases.filter { $0 != distillation.strategy }.map {
      strategy in
      let network = try training.train("student-\(strategy.rawValue)", strategy: strategy)
      return try trial(
        strategy.rawValue, network, examples: vision.mixed.count, claimed: claims[strategy])
    }
    return try ablation(
      "distillation", "What the student learns of its teacher", ReportedModel.mobilevit.title,
      try reference(
        "distil", "mobilevit", distillation.strategy.rawValue,
        claimed: claims[distillation.strategy]), trials)
  }

  private func trial(
    _ key: String, _ name: String, on songs: TrainingSongs? = nil, claimed: Double? = nil,
    change: (inout NetworkRecipe) -> Void = { _ in }
  ) throws -> Trial {
    let songs = songs ?? vision.mixed
    let network = try vision.train(key, title: name, on: songs, from: start, change: change)
    return try trial(name, network, examples: songs.count, claimed: claimed)
  }

  private func trial(
    _ name: String, _ network: TrainedNetwork, examples: Int, claimed: Double?
  ) throws -> Trial {
    let scale = vision.inputs.testTable.scale
    let points = try TrainedNetwork.predictions(
      of: network.file, on: vision.inputs.test, scale: scale
    ).points
    return Trial(
      name: name,
      points: points.map { ValenceArousal(valence: $0[0], arousal: $0[1], scale: scale) },
      examples: examples, bestEpoch: network.bestEpoch,
      seconds: network.trainingSeconds, claimed: claimed)
  }

  private func reference(
    _ stage: String, _ key: String, _ name: String, claimed: Double?
  ) throws -> Trial {
    let card = try ModelCard.read(key, from: vision.context.folder(of: stage))
    return Trial(
      name: name, points: card.points(vision.inputs.testTable.scale),
      examples: (card.realExamples ?? 0) + (card.syntheticExamples ?? 0),
      bestEpoch: card.bestEpoch, seconds: card.trainingSeconds, claimed: claimed)
  }

  private func ablation(
    _ name: String, _ title: String, _ model: String, _ reference: Trial, _ trials: [Trial]
  ) throws -> Ablation {
    let test = vision.inputs.testTable
    let all = [reference] + trials
    let pairs = try PairwiseComparison(
      models: all.map { PairwiseComparison.Model(name: $0.name, prediction: $0.points) },
      truth: test.points, scale: test.scale, metrics: [.concordanceCorrelation],
      resampling: resampling)
    let variants = try all.enumerated().map { index, trial in
      let intervals = try EmotionIntervals(
        prediction: trial.points, truth: test.points, scale: test.scale,
        metrics: [.concordanceCorrelation], resampling: resampling)
      var variant = AblationVariant(
        name: trial.name, isReference: index == 0,
        ccc: Interval(intervals.mean[.concordanceCorrelation]),
        valenceCCC: Interval(intervals.valence[.concordanceCorrelation]),
        arousalCCC: Interval(intervals.arousal[.concordanceCorrelation]),
        trainingExamples: trial.examples, bestEpoch: trial.bestEpoch, seconds: trial.seconds,
        claimedCCC: trial.claimed)
      let pair = pairs.pairs.first { $0.first == reference.name && $0.second == trial.name }
      if index > 0, let pair {
        // Of the variant less the reference: the pair's is the other way round.
        let difference = pair.comparison.mean[0].difference
        variant.difference = Interval(
          estimate: -difference.estimate, lower: -difference.upper, upper: -difference.lower)
        variant.pHolm = pair.correctedProbability(of: .concordanceCorrelation)
      }
      return variant
    }
    return Ablation(
      name: name, title: title, model: model,
      setting: "\(test.songs.count) test songs, one seed, preset \(vision.job.preset)",
      variants: variants)
  }
}
