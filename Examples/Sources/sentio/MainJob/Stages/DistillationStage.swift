import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioPipeline
import SentioReport
import SentioTensor

extension MainJob {
  var studentRecipe: NetworkRecipe {
    settings.student.recipe(
      .student, .mobileStudent(settings.student.sizes), settings.spectrograms.pictured,
      seed: settings.seed)
  }

  /// The student of the vision transformer, and the same in 8-bit integers.
  func distillationStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var recipe: NetworkRecipe
      var distillation: PipelineSettings.Distillation
    }
    let recipe = studentRecipe
    return try PipelineStage(
      "distil", "distils the vision transformer into a small network",
      inputs: visionInputs.filter { $0.name != "pretrained" } + [
        .outputs(of: "vit", ["vit.sentio"])
      ],
      settings: Settings(recipe: recipe, distillation: settings.distillation)
    ) { context in
      let vision = try VisionTraining(self, context, recipe)
      context.note("songs", .integer(vision.mixed.count))
      let distillation = try StudentTraining(vision, recipe, settings.distillation)
      let student = try distillation.train("mobilevit", strategy: settings.distillation.strategy)
      try student.write(
        into: context.folder, vision.inputs, synthetic: vision.synthetic.count, recipe: recipe)
      try writeIntegers(student, vision.inputs, recipe, context)
    }
  }

  private func writeIntegers(
    _ student: TrainedNetwork, _ inputs: SongInputs, _ recipe: NetworkRecipe,
    _ context: StageContext
  ) throws {
    let data = InputBatches(
      inputs.training.source, targets: inputs.training.targets, frontEnd: recipe.input,
      batchSize: 16)
    let next = data.batches(epoch: 0, from: 0)
    var calibration: [Tensor] = []
    while calibration.count < 8, let batch = try next() { calibration.append(batch.inputs) }
    let quantized = QuantizedNetwork(student.file.network, calibration: calibration)
    var file = student.file
    file.network = quantized.network
    let integers = TrainedNetwork(
      key: "mobilevit-int8", title: "MobileViT student, int8", file: file, history: [],
      bestEpoch: student.bestEpoch, end: .finished,
      trainingSeconds: student.trainingSeconds)
    var changed = recipe
    changed.training.precision = "int8"
    try integers.write(into: context.folder, inputs, recipe: changed)
  }
}

/// The student's trainings: the pipeline's own, and those that it is compared with.
struct StudentTraining {
  private let vision: VisionTraining
  private let recipe: NetworkRecipe
  private let settings: PipelineSettings.Distillation
  private let teacher: VisionEmotionRegressor

  init(
    _ vision: VisionTraining, _ recipe: NetworkRecipe, _ settings: PipelineSettings.Distillation
  ) throws {
    self.vision = vision
    self.recipe = recipe
    self.settings = settings
    let file = try NetworkFile(
      contentsOf: vision.context.folder(of: "vit").appending(path: "vit.sentio"))
    guard let teacher = file.network as? VisionEmotionRegressor else {
      throw CommandError("the teacher is a \(file.configuration.network.title)")
    }
    self.teacher = teacher
  }

  /// Trains a student by one of the three strategies, always from the same weights.
  func train(_ key: String, strategy: DistillationStrategy) throws -> TrainedNetwork {
    let begin = ContinuousClock.now
    let context = vision.context
    guard case .mobileStudent(let sizes) = recipe.network else {
      preconditionFailure("a student's recipe is of \(recipe.network.title)")
    }
    var stream = RandomStream(seed: recipe.training.seed, "weights")
    let songs = vision.mixed
    let training = recipe.training
    func batches(_ songs: TrainingSongs, seed: UInt64?) -> InputBatches {
      InputBatches(
        songs.source, targets: songs.targets, frontEnd: recipe.input,
        batchSize: training.batchSize, seed: seed)
    }
    let data = batches(songs, seed: training.seed)
    var plan = TrainingSettings(epochs: training.epochs, seed: training.seed)
    plan.monitor = training.monitor == .concordance ? .concordance : .loss
    plan.precision = ComputePrecision(rawValue: training.precision) ?? .float32
    // The teacher's answers are made on the thread that trains: the two do not share the cores.
    plan.prefetch = 0
    let line = TrainingLine(measure: "ccc", isQuiet: vision.job.isQuiet)
    let outcome = try distill(
      MobileStudent(sizes, from: &stream), from: teacher, on: data,
      validation: batches(vision.inputs.validation, seed: nil),
      settings: DistillationSettings(
        strategy, hardShare: Float(settings.hardShare), temperature: Float(settings.temperature)),
      optimizer: Optimizer(
        .adam(),
        learningRate: .cosine(
          training.learningRate, over: max(1, training.epochs * data.batchesPerEpoch)),
        decay: training.weightDecay > 0 ? .decoupled(training.weightDecay) : .none,
        clipping: training.clip > 0 ? .norm(training.clip) : nil),
      training: plan, folder: try context.work().appending(path: key),
      isCancelled: { context.isCancelled }, onEvent: line.show)
    if outcome.end == .cancelled { throw CancellationError() }
    var configuration = NetworkFile.Configuration(
      recipe.network, outputs: ["valence", "arousal"],
      labelScale: vision.inputs.trainingTable.scale,
      provenance: Provenance(
        corpus: "distilled", rowCount: songs.count, seed: training.seed, scores: [:],
        notes: ["sentio": Sentio.configuration.version, "strategy": strategy.rawValue]))
    try configuration.setFrontEnd(recipe.input)
    return TrainedNetwork(
      key: key, title: ReportedModel.mobilevit.title,
      file: NetworkFile(outcome.student, configuration), history: outcome.history,
      bestEpoch: outcome.bestEpoch, end: outcome.end,
      trainingSeconds: (ContinuousClock.now - begin) / .seconds(1))
  }
}
