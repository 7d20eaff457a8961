import SentioTensor

extension TrainingRun {
  /// Gradients of some batches on their way to an update.
  private struct Pending {
    var accumulator = GradientAccumulator()
    /// The gradients of the only batch so far, which need no sum.
    var only: [Tensor]?
    var pass: TrainingPass
    var batches = 0
    var samples = 0
    var loss = 0.0
    var ids: [[String]] = []

    init(pass: TrainingPass) { self.pass = pass }
  }

  /// Trains on what is left of the epoch.
  ///
  /// - Returns: false where it was cancelled, after a whole update.
  func trainEpoch(_ batches: Prefetcher<Batch>) throws -> Bool {
    settings.unfreezing?.apply(to: &model, epoch: state.epoch)
    paths = model.trainablePaths
    guard !paths.isEmpty else { throw TrainingError.nothingToTrain }
    var pending: Pending?
    var instant = clock.now
    if isCancelled { return false }
    while let batch = try batches.next() {
      var update = pending ?? Pending(pass: TrainingPass(seed: settings.seed, step: optimizer.step))
      pending = nil
      try add(batch, to: &update)
      guard update.batches == settings.accumulation else {
        pending = update
        continue
      }
      try finish(update, &instant)
      if isCancelled { return false }
    }
    // The last batches of an epoch may be fewer than others: they make an update of their own.
    if let pending {
      try finish(pending, &instant)
      if isCancelled { return false }
    }
    return true
  }

  private var place: TrainingPlace {
    TrainingPlace(epoch: state.epoch + 1, batch: state.batch + 1, step: optimizer.step)
  }

  private func add(_ batch: Batch, to update: inout Pending) throws {
    let place = TrainingPlace(
      epoch: state.epoch + 1, batch: state.batch + update.batches + 1, step: optimizer.step)
    let observer =
      isStatisticsStep && update.batches == 0 ? ActivationObserver() : nil
    var loss = Float.nan
    let gradients = try Compute.with(precision: settings.precision) {
      try update.pass.run(on: &model) { lent in
        let lent = observer.map { lent.observed(by: $0) } ?? lent
        return try valueAndGradient(of: lent) { model in
          let value = try objective.loss(of: batch, under: model)
          loss = value.scalar
          return model.penalty.map { value + $0 } ?? value
        }
        .gradient
      }
    }
    guard loss.isFinite else {
      throw TrainingError.lossNotFinite(value: loss, place: place, ids: batch.ids)
    }
    let samples = max(1, batch.ids.count)
    if settings.accumulation > 1 {
      update.accumulator.add(gradients, weight: Double(samples))
    } else {
      update.only = gradients
    }
    update.batches += 1
    update.samples += samples
    update.loss += Double(loss) * Double(samples)
    update.ids.append(batch.ids)
    if let observer { try report(gradients, observer, place) }
  }

  private func finish(_ update: consuming Pending, _ instant: inout ContinuousClock.Instant) throws
  {
    var update = update
    let ids = update.ids
    let applied = change(&update)
    guard applied.isApplied else {
      let gradients = update.only ?? update.accumulator.take().sums
      let culprit = zip(paths, gradients).first { !gradientNorm([$1]).isFinite }
      throw TrainingError.gradientNotFinite(
        parameter: culprit?.0 ?? "the model", place: place, ids: ids.flatMap { $0 })
    }
    average?.update(model, names: paths)
    state.batch += update.batches
    state.sums.loss += update.loss
    state.sums.samples += update.samples
    state.sums.gradientNorm += applied.gradientNorm
    state.sums.updates += 1
    state.sums.learningRate = applied.learningRate
    samplesOfThisProcess += update.samples
    let now = clock.now
    state.sums.seconds += seconds(since: instant)
    instant = now
    report(
      .training, batch: state.batch, of: training.batchesPerEpoch,
      loss: state.sums.loss / Double(state.sums.samples))
    if let interval = settings.checkpoints.updateInterval, optimizer.step % interval == 0 {
      try save()
    }
  }

  private func change(_ update: inout Pending) -> Optimizer.Update {
    optimizer.rateFactor = state.plateau?.factor ?? 1
    if let gradients = update.only {
      return optimizer.update(&model, names: paths, gradients: gradients)
    }
    let (sums, scale) = update.accumulator.take()
    let applied = optimizer.update(&model, names: paths, gradients: sums, scale: scale)
    // Kept for the search of the culprit.
    if !applied.isApplied { update.only = sums }
    return applied
  }

  private var isStatisticsStep: Bool {
    settings.statisticsInterval.map { optimizer.step % $0 == 0 } ?? false
  }

  private func report(
    _ gradients: [Tensor], _ observer: ActivationObserver, _ place: TrainingPlace
  ) throws {
    let weights = model.tensors
    let parameters = paths.indices.map { index in
      StepStatistics.Parameter(
        path: paths[index], gradientNorm: gradientNorm([gradients[index]]),
        weightNorm: gradientNorm([weights[index]]))
    }
    let statistics = StepStatistics(
      place: place, parameters: parameters, activations: observer.activations)
    for (index, parameter) in parameters.enumerated() {
      try board?.write(
        parameter.gradientNorm, "gradient norm/\(parameter.path)", step: place.step)
      try board?.write(
        histogramOf: gradients[index], "gradient/\(parameter.path)", step: place.step)
    }
    for activation in statistics.activations {
      try board?.write(activation.mean, "activation mean/\(activation.path)", step: place.step)
      try board?.write(
        activation.deviation, "activation deviation/\(activation.path)", step: place.step)
      try board?.write(
        activation.zeroShare, "activation zeros/\(activation.path)", step: place.step)
    }
    onEvent(.statistics(statistics))
  }
}
