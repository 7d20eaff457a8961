import SentioTensor

extension TrainingRun {
  /// Measures the model; nil where it was cancelled, empty without validation.
  func validate() throws -> [String: Double]? {
    guard let validation else { return [:] }
    let instant = clock.now
    let model = validatedModel
    let batches = Prefetcher<Batch>(depth: settings.prefetch) { [validation] in
      try validation.batches(epoch: 0, from: 0)
    }
    var meter = objective.makeMeter()
    var done = 0
    while let batch = try batches.next() {
      try Compute.with(precision: settings.precision) { try meter.add(batch, under: model) }
      done += 1
      report(
        .validation, batch: done, of: validation.batchesPerEpoch,
        loss: state.sums.samples > 0 ? state.sums.loss / Double(state.sums.samples) : .nan)
      if isCancelled { return nil }
    }
    validationSeconds = seconds(since: instant)
    return meter.measures
  }

  /// Closes the epoch: decides what is best, saves, logs.
  func finishEpoch(_ measures: [String: Double]) throws {
    let sums = state.sums
    let trainingLoss = sums.samples > 0 ? sums.loss / Double(sums.samples) : .nan
    let monitor = settings.monitor
    let value =
      measures[monitor.measure] ?? (measures.isEmpty ? trainingLoss : .nan)
    let improvement = measures.isEmpty ? .lower : monitor.improvement
    let epoch = state.epoch + 1
    let ranked = TrainingState.RankedEpoch(epoch: epoch, value: value)
    let isBest = improvement.isBetter(value, than: state.best?.value ?? .nan)
    if isBest { state.best = ranked }
    if settings.checkpoints.top > 0 {
      state.top.append(ranked)
      // The earlier of two equal epochs stands first, since it was there first.
      state.top.sort { improvement.isBetter($0.value, than: $1.value) }
      state.top.removeLast(max(0, state.top.count - settings.checkpoints.top))
    }
    state.plateau?.observe(value, improvement: improvement)
    let isHopeless =
      state.earlyStopping?.observe(value, improvement: improvement) ?? false
    let record = EpochRecord(
      epoch: epoch, step: optimizer.step, trainingLoss: trainingLoss,
      learningRate: sums.learningRate,
      gradientNorm: sums.gradientNorm / Double(max(1, sums.updates)), validation: measures,
      isBest: isBest, seconds: sums.seconds + validationSeconds,
      samplesPerSecond: sums.seconds > 0 ? Double(sums.samples) / sums.seconds : 0)
    state.history.append(record)
    state.epoch = epoch
    state.batch = 0
    state.sums = .init()
    if isHopeless {
      state.end = .stoppedEarly
    } else if epoch >= settings.epochs {
      state.end = .finished
    }
    if folder == nil || !settings.checkpoints.keepsBest, isBest { best = validatedModel }
    try save()
    try folder?.settle(state)
    try write(record)
    onEvent(.epoch(record))
  }

  private func write(_ record: EpochRecord) throws {
    try log?.append(record)
    guard let board else { return }
    try board.write(record.trainingLoss, "train/loss", step: record.step)
    try board.write(record.learningRate, "train/learning rate", step: record.step)
    try board.write(record.gradientNorm, "train/gradient norm", step: record.step)
    try board.write(record.samplesPerSecond, "train/songs a second", step: record.step)
    for (name, value) in record.validation.sorted(by: { $0.key < $1.key }) {
      try board.write(value, "validation/\(name)", step: record.step)
    }
  }
}
