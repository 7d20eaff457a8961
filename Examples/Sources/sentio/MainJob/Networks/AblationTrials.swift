import Foundation
import SentioMetrics
import SentioModels
import SentioPipeline
import SentioReport

/// The trainings of comparisons, several seeds of each, and what they come to on the test songs.
final class AblationTrials {
  let vision: VisionTraining
  let distillation: PipelineSettings.Distillation
  /// The weights that the pipeline's network started from; nil for random ones.
  let start: NetworkFile?
  private let studentRecipe: NetworkRecipe
  private let plan: PipelineSettings.Ablations
  private let resampling: Resampling
  /// What was trained already, by key and seed: two comparisons share their reference.
  private var finished: [String: Trial] = [:]

  /// One way of training.
  struct Variant {
    let key: String
    let name: String
    let claimed: Double?
    /// Stage and model of the pipeline that are this variant's first seed.
    let finished: (stage: String, model: String)?
    /// Trains with the seed of a number.
    let train: (Int) throws -> Trial

    init(
      _ key: String, _ name: String, claimed: Double? = nil,
      finished: (stage: String, model: String)? = nil, train: @escaping (Int) throws -> Trial
    ) {
      self.key = key
      self.name = name
      self.claimed = claimed
      self.finished = finished
      self.train = train
    }
  }

  /// One training with its predictions of the test songs.
  struct Trial {
    var points: [ValenceArousal]
    var examples: Int
    var bestEpoch: Int?
    var seconds: Double?
  }

  init(
    _ vision: VisionTraining, student: NetworkRecipe,
    distillation: PipelineSettings.Distillation, plan: PipelineSettings.Ablations,
    resampling: Resampling
  ) throws {
    self.vision = vision
    studentRecipe = student
    self.distillation = distillation
    self.plan = plan
    self.resampling = resampling
    let file = vision.context.folder(of: "vit").appending(path: "start.sentio")
    start =
      FileManager.default.fileExists(atPath: file.path) ? try NetworkFile(contentsOf: file) : nil
  }

  /// Trains a vision transformer with the seed of a number.
  func trainVision(
    _ key: String, _ index: Int, on songs: TrainingSongs? = nil,
    change: (inout NetworkRecipe) -> Void = { _ in }
  ) throws -> Trial {
    let songs = songs ?? vision.mixed
    let network = try vision.train("\(key)-\(index + 1)", title: key, on: songs, from: start) {
      change(&$0)
      shorten(&$0, index)
    }
    return try trial(network, examples: songs.count)
  }

  /// Trains a student with the seed of a number.
  func trainStudent(_ key: String, _ index: Int, strategy: DistillationStrategy) throws -> Trial {
    var recipe = studentRecipe
    shorten(&recipe, index)
    let network = try StudentTraining(vision, recipe, distillation)
      .train("\(key)-\(index + 1)", strategy: strategy)
    return try trial(network, examples: vision.mixed.count)
  }

  /// Another seed, and as many epochs as comparisons have; unfreezing at the same shares of the training.
  private func shorten(_ recipe: inout NetworkRecipe, _ index: Int) {
    recipe.training.seed &+= 100 &* UInt64(index)
    let full = recipe.training.epochs
    guard plan.epochs > 0, plan.epochs != full else { return }
    recipe.training.epochs = plan.epochs
    recipe.training.unfreezing = recipe.training.unfreezing.map {
      .init(epoch: 1 + ($0.epoch - 1) * plan.epochs / full, blocks: $0.blocks)
    }
  }

  private func trial(_ network: TrainedNetwork, examples: Int) throws -> Trial {
    let scale = vision.inputs.testTable.scale
    let points = try TrainedNetwork.predictions(
      of: network.file, on: vision.inputs.test, scale: scale
    ).points
    return Trial(
      points: points.map { ValenceArousal(valence: $0[0], arousal: $0[1], scale: scale) },
      examples: examples, bestEpoch: network.bestEpoch, seconds: network.trainingSeconds)
  }

  private func trials(of variant: Variant) throws -> [Trial] {
    try (0..<plan.seeds).map { index in
      let key = "\(variant.key)-\(index + 1)"
      if let known = finished[key] { return known }
      let trial: Trial
      if index == 0, plan.epochs == 0, let (stage, model) = variant.finished {
        let card = try ModelCard.read(model, from: vision.context.folder(of: stage))
        trial = Trial(
          points: card.points(vision.inputs.testTable.scale),
          examples: (card.realExamples ?? 0) + (card.syntheticExamples ?? 0),
          bestEpoch: card.bestEpoch, seconds: card.trainingSeconds)
      } else {
        trial = try variant.train(index)
      }
      finished[key] = trial
      return trial
    }
  }

  /// Trains all variants and compares them with the first.
  func ablation(
    _ name: String, _ title: String, _ model: String, _ reference: Variant, _ others: [Variant]
  ) throws -> Ablation {
    let test = vision.inputs.testTable
    var scored: [RepeatedTrainings] = []
    var entries: [AblationVariant] = []
    for variant in [reference] + others {
      let trials = try trials(of: variant)
      let result = try RepeatedTrainings(
        predictions: trials.map(\.points), truth: test.points, scale: test.scale,
        resampling: resampling)
      scored.append(result)
      var entry = AblationVariant(
        name: variant.name, isReference: entries.isEmpty, ccc: Interval(result.mean),
        valenceCCC: Interval(result.valence), arousalCCC: Interval(result.arousal),
        trainingExamples: trials.first?.examples,
        bestEpoch: trials.count == 1 ? trials.first?.bestEpoch : nil,
        seconds: trials.compactMap(\.seconds).reduce(0, +) / Double(max(1, trials.count)),
        seeds: trials.count, claimedCCC: variant.claimed)
      if trials.count > 1 {
        entry.scores = result.scores
        entry.overSeeds = Interval(result.overTrainings)
      }
      entries.append(entry)
    }
    let differences = try scored.dropFirst().map { try $0.less(scored[0], resampling: resampling) }
    let known = differences.indices.filter { !differences[$0].permutationProbability.isNaN }
    let corrected = try holmCorrection(known.map { differences[$0].permutationProbability })
    for (index, difference) in differences.enumerated() {
      entries[index + 1].difference = Interval(difference.songs)
      if plan.seeds > 1 {
        entries[index + 1].differenceOverSeeds = Interval(difference.overTrainings)
      }
    }
    for (index, probability) in zip(known, corrected) { entries[index + 1].pHolm = probability }
    return Ablation(name: name, title: title, model: model, setting: setting, variants: entries)
  }

  private var setting: String {
    let songs = "\(vision.inputs.testTable.songs.count) test songs, preset \(vision.job.preset)"
    let seeds =
      plan.seeds == 1
      ? "one seed, so that nothing is known of what another would lead to"
      : "\(plan.seeds) seeds; intervals over songs hold the seeds fixed, those over seeds (Student's) the songs"
    let length =
      plan.epochs == 0
      ? ""
      : "; every variant was trained for \(plan.epochs) epochs, shorter than the pipeline's own networks"
    return "\(songs), \(seeds)\(length)."
  }
}

extension Interval {
  init(_ value: MeanInterval) {
    self.init(estimate: value.mean, lower: value.lower, upper: value.upper)
  }
}
