import Foundation
import SentioNN
import SentioTensor

/// One adversarial training from its start, or from a checkpoint, to its end.
final class AdversarialRun {
  let settings: AdversarialSettings
  let training: any TrainingData<LabelledBatch>
  let reference: LabelledBatch
  let realStatistics: SpectrogramStatistics
  /// Says the emotions of clips; nil where the quality alone decides which epoch is the best.
  let judge: ((Tensor) throws -> Tensor)?
  let onEvent: (AdversarialEvent) -> Void
  private let isCancelledByCaller: () -> Bool

  var networks: AdversarialNetworks
  var generatorOptimizer: Optimizer
  var discriminatorOptimizer: Optimizer
  var state: AdversarialState
  /// The best epoch's networks, where no folder keeps them.
  var best: AdversarialNetworks?
  private var folder: CheckpointFolder?
  private var log: TrainingLog?
  private var board: TensorBoardWriter?
  private var lastSave: ContinuousClock.Instant
  let generatorPaths: [String]
  let discriminatorPaths: [String]

  let clock = ContinuousClock()
  let start: ContinuousClock.Instant
  private var samplesOfThisProcess = 0

  init(
    _ settings: AdversarialSettings, _ networks: AdversarialNetworks,
    _ training: any TrainingData<LabelledBatch>, _ reference: LabelledBatch,
    judge: ((Tensor) throws -> Tensor)?, isCancelled: @escaping () -> Bool,
    onEvent: @escaping (AdversarialEvent) -> Void
  ) throws {
    self.settings = settings
    self.networks = networks
    self.training = training
    self.reference = reference
    self.judge = judge
    self.onEvent = onEvent
    isCancelledByCaller = isCancelled
    let rule = UpdateRule.adam(beta1: settings.beta1, beta2: settings.beta2)
    generatorOptimizer = Optimizer(
      rule, learningRate: .constant(settings.learningRate), clipping: .norm(settings.gradientNorm))
    discriminatorOptimizer = generatorOptimizer
    generatorPaths = networks.generator.trainablePaths
    discriminatorPaths = networks.discriminator.trainablePaths
    start = clock.now
    lastSave = start
    guard !generatorPaths.isEmpty, !discriminatorPaths.isEmpty else {
      throw TrainingError.nothingToTrain
    }
    guard training.batchesPerEpoch > 0 else {
      throw TrainingError.noBatches(data: training.fingerprint)
    }
    guard reference.ids.count >= 2 else {
      throw AdversarialError.tooFewClips(
        purpose: "the reference of the quality score", needed: 2, found: reference.ids.count)
    }
    let sizes = networks.generator.settings
    try reference.requireClips(mels: sizes.mels, frames: sizes.frames)
    realStatistics = SpectrogramStatistics(reference.inputs)
    state = AdversarialState(
      identity: try Self.identity(of: settings, networks, training, reference))
  }

  /// Settings without which a resumed run would not go on bit for bit; the number of epochs and the collapse rule may
  /// change.
  private static func identity(
    of settings: AdversarialSettings, _ networks: AdversarialNetworks,
    _ training: any TrainingData<LabelledBatch>, _ reference: LabelledBatch
  ) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ sizes: some Encodable) throws -> String {
      String(decoding: try encoder.encode(sizes), as: UTF8.self)
    }
    var checksum = DataChecksum()
    checksum.combine(reference.inputs)
    checksum.combine(reference.targets)
    let noise = settings.noise
    return [
      "seed": "\(settings.seed)",
      "training data": training.fingerprint,
      "reference": "\(reference.ids.count) clips, \(checksum)",
      "generator": try text(networks.generator.settings),
      "discriminator": try text(networks.discriminator.settings),
      "update rule":
        "Adam \(settings.learningRate), \(settings.beta1), \(settings.beta2), norm \(settings.gradientNorm)",
      "real target": "\(settings.realTarget)",
      "noise": "\(noise.deviation) over \(noise.epochs) epochs on \(noise.scope.rawValue)",
      "emotions": "mismatch \(settings.emotions.mismatch), reading \(settings.emotions.reading)",
      "generator updates": "\(settings.generatorUpdates)",
      "discriminator ceiling": settings.discriminatorCeiling.map { "\($0)" } ?? "none",
      "precision": settings.precision.rawValue,
    ]
  }

  /// Takes a folder, and the training that it holds.
  func open(_ url: URL, startsOver: Bool) throws {
    let folder = try CheckpointFolder(url, policy: CheckpointPolicy())
    self.folder = folder
    if startsOver { try folder.clear() }
    if folder.holdsTraining {
      let checkpoint = try AdversarialCheckpoint(contentsOf: folder.last)
      for (setting, expected) in state.identity.sorted(by: { $0.key < $1.key }) {
        let found = checkpoint.state.identity[setting] ?? "none"
        guard found == expected else {
          throw TrainingError.otherRun(
            path: url.path, setting: setting, expected: expected, found: found)
        }
      }
      try checkpoint.load(into: &networks)
      try checkpoint.restore(
        generator: &generatorOptimizer, discriminator: &discriminatorOptimizer, of: networks)
      state = checkpoint.state
      // What a process that was killed after saving had no time for.
      if state.batch == 0, state.epoch > 0, state.bestEpoch == state.epoch { try folder.keepBest() }
      onEvent(.resumed(place))
    }
    log = try TrainingLog(folder.log, history: state.history)
    if settings.writesTensorBoard {
      board = try TensorBoardWriter(folder: url, from: generatorOptimizer.step)
    }
  }

  var place: TrainingPlace {
    TrainingPlace(
      epoch: state.epoch + 1, batch: state.batch + 1, step: generatorOptimizer.step)
  }

  private var isCancelled: Bool { Task.isCancelled || isCancelledByCaller() }

  func run() throws -> AdversarialOutcome {
    // Training that collapsed has ended, and one that was finished may have been given more epochs.
    if state.end == .collapsed || state.epoch >= settings.epochs { return try outcome() }
    state.end = nil
    while state.epoch < settings.epochs, state.end == nil {
      if isCancelled { return try cancelled() }
      let batches = try training.batches(epoch: state.epoch, from: state.batch)
      var instant = clock.now
      while let batch = try batches() {
        try step(batch)
        let now = clock.now
        state.sums.seconds += (now - instant) / .seconds(1)
        instant = now
        samplesOfThisProcess += batch.ids.count
        report()
        if isCancelled { return try cancelled() }
        if settings.checkpointInterval.map({ state.batch % $0 == 0 }) ?? false
          || (now - lastSave) / .seconds(1) > settings.checkpointSeconds
        {
          try save()
        }
      }
      try finishEpoch()
    }
    return try outcome()
  }

  private func cancelled() throws -> AdversarialOutcome {
    try save()
    return try outcome(.cancelled)
  }

  private func outcome(_ end: AdversarialEnd? = nil) throws -> AdversarialOutcome {
    var best = self.best ?? networks
    if self.best == nil, let folder, FileManager.default.fileExists(atPath: folder.best.path) {
      try AdversarialCheckpoint(contentsOf: folder.best).load(into: &best)
    }
    return AdversarialOutcome(
      last: networks, best: best, bestEpoch: state.bestEpoch, history: state.history,
      end: end ?? state.end ?? .finished)
  }

  private func save() throws {
    guard let folder else { return }
    defer { lastSave = clock.now }
    try AdversarialCheckpoint.write(
      state, networks, generator: generatorOptimizer, discriminator: discriminatorOptimizer,
      metadata: settings.metadata, to: folder.last)
  }

  /// Closes the epoch: measures, decides what is best and whether to end, saves, logs.
  private func finishEpoch() throws {
    let instant = clock.now
    let (quality, consistency) = try measureClips()
    let score = quality.value * (consistency?.weight ?? 1)
    let sums = state.sums
    let batches = Double(max(1, sums.batches))
    let former = state.bestEpoch.map { state.history[$0 - 1].score }
    let isBest = former.map { score > $0 } ?? true
    let record = AdversarialEpoch(
      epoch: state.epoch + 1, step: generatorOptimizer.step,
      discriminatorLoss: sums.discriminatorLoss / batches,
      generatorLoss: sums.generatorLoss / Double(max(1, sums.generatorUpdates)),
      discriminatorAccuracy: sums.accuracy / batches,
      discriminatorUpdates: Double(sums.discriminatorUpdates) / batches,
      discriminatorGradientNorm: sums.discriminatorNorm / Double(max(1, sums.discriminatorUpdates)),
      generatorGradientNorm: sums.generatorNorm / Double(max(1, sums.generatorUpdates)),
      noise: Double(settings.noise.deviation(at: Double(state.epoch + 1))), quality: quality,
      qualityScore: quality.value, consistency: consistency, isBest: isBest,
      seconds: sums.seconds + (clock.now - instant) / .seconds(1),
      clipsPerSecond: sums.seconds > 0 ? Double(sums.samples) / sums.seconds : 0)
    state.history.append(record)
    state.epoch += 1
    state.batch = 0
    state.sums = .init()
    if isBest { state.bestEpoch = state.epoch }
    if settings.collapse?.hasCollapsed(state.history.map(\.discriminatorAccuracy)) ?? false {
      state.end = .collapsed
    } else if state.epoch >= settings.epochs {
      state.end = .finished
    }
    if folder == nil, isBest { best = networks }
    try save()
    if isBest { try folder?.keepBest() }
    try log?.append(record)
    try show(record)
    onEvent(.epoch(record))
  }

  /// Writes an epoch's numbers for TensorBoard, under the names that the log has.
  private func show(_ record: AdversarialEpoch) throws {
    guard let board else { return }
    for (tag, value) in [
      ("discriminator/loss", record.discriminatorLoss),
      ("discriminator/accuracy", record.discriminatorAccuracy),
      ("discriminator/share of updates", record.discriminatorUpdates),
      ("discriminator/gradient norm", record.discriminatorGradientNorm),
      ("generator/loss", record.generatorLoss),
      ("generator/gradient norm", record.generatorGradientNorm),
      ("train/instance noise", record.noise),
      ("train/songs a second", record.clipsPerSecond),
      ("quality/score", record.qualityScore),
    ] {
      try board.write(value, tag, step: record.step)
    }
  }

  private func report() {
    let perEpoch = training.samplesPerEpoch
    let done = state.epoch * perEpoch + state.sums.samples
    let total = settings.epochs * perEpoch
    let elapsed = (clock.now - start) / .seconds(1)
    let speed = elapsed > 0 ? Double(samplesOfThisProcess) / elapsed : 0
    onEvent(
      .progress(
        TrainingProgress(
          phase: .training, epoch: state.epoch + 1, epochs: settings.epochs, batch: state.batch,
          batches: training.batchesPerEpoch, samples: done, totalSamples: total,
          loss: state.sums.discriminatorLoss / Double(max(1, state.sums.batches)),
          learningRate: settings.learningRate, samplesPerSecond: speed,
          secondsLeft: speed > 0 ? Double(total - done) / speed : nil)))
  }
}
