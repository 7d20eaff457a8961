import Foundation
import SentioTensor
import SentioTensorTestSupport
import Testing

@testable import SentioNN

@Suite("Trainer")
struct TrainerTests {
  private func objective(_ loss: Loss = .meanSquaredError) -> SupervisedObjective<SmallNetwork> {
    SupervisedObjective(loss: loss, outputs: ["valence", "arousal"]) { $0($1.inputs) }
  }

  private func trainer(
    _ settings: TrainingSettings, rate: Double = 0.01, loss: Loss = .meanSquaredError
  ) -> Trainer<SupervisedObjective<SmallNetwork>> {
    Trainer(
      objective(loss), optimizer: Optimizer(.adam(), learningRate: .constant(rate)),
      settings: settings)
  }

  @Test("a loss that is not finite stops the training and names the songs of the batch")
  func lossNotFinite() throws {
    var data = samples(20, seed: 1)
    data.inputs.withUnsafeMutableBufferPointer { $0[13 * 5 + 2] = .nan }
    let folder = try TemporaryFolder()
    do {
      _ = try trainer(TrainingSettings(epochs: 3)).train(
        SmallTraining.model, on: SampleBatches(data, batchSize: 5), folder: folder.url)
      Issue.record("no error")
    } catch TrainingError.lossNotFinite(let value, let place, let ids) {
      #expect(value.isNaN)
      #expect(place == TrainingPlace(epoch: 1, batch: 3, step: 2))
      #expect(ids == ["song 10", "song 11", "song 12", "song 13", "song 14"])
    }
    #expect(!folder.names.contains("last.safetensors"))
  }

  @Test("a gradient that is not finite names its parameter, and changes no weight")
  func gradientNotFinite() throws {
    struct Root: TrainingObjective {
      typealias Meter = SupervisedObjective<SmallNetwork>.Meter
      func loss(of batch: LabelledBatch, under model: SmallNetwork) -> Tensor {
        // The root's slope at 0 is infinite, and the loss is a plain number.
        (model.second * Tensor(0)).sum().squareRoot() + model.firstBias.sum()
      }
      func makeMeter() -> Meter {
        SupervisedObjective<SmallNetwork>(loss: .meanSquaredError) { $0($1.inputs) }.makeMeter()
      }
    }
    let trainer = Trainer(
      Root(), optimizer: Optimizer(.sgd(), learningRate: .constant(0.1)),
      settings: TrainingSettings(epochs: 1))
    do {
      _ = try trainer.train(
        SmallTraining.model, on: SampleBatches(samples(4, seed: 1), batchSize: 2))
      Issue.record("no error")
    } catch TrainingError.gradientNotFinite(let parameter, let place, let ids) {
      #expect(parameter == "second" && place.step == 0 && ids == ["song 0", "song 1"])
    }
  }

  @Test("a training without batches or without trainable parameters is refused")
  func nothing() throws {
    let empty = SampleBatches(samples(3, seed: 1), batchSize: 5, dropsLast: true)
    #expect(throws: TrainingError.noBatches(data: empty.fingerprint)) {
      try trainer(TrainingSettings(epochs: 1)).train(SmallTraining.model, on: empty)
    }
    var frozen = SmallTraining.model
    frozen.freeze()
    #expect(throws: TrainingError.nothingToTrain) {
      try trainer(TrainingSettings(epochs: 1)).train(frozen, on: SmallTraining.training)
    }
  }

  @Test("a plan whose pattern means no parameter is refused before the first batch")
  func unmatchedPattern() throws {
    var settings = TrainingSettings(epochs: 1)
    settings.unfreezing = UnfreezingPlan([(0, "second"), (1, "{third,fourth.{0,1}}")])
    do {
      _ = try trainer(settings).train(SmallTraining.model, on: SmallTraining.training)
      Issue.record("no error")
    } catch TrainingError.unmatchedPattern(let pattern, let paths) {
      #expect(pattern == "{third,fourth.{0,1}}" && paths.contains("second"))
      let text = "\(TrainingError.unmatchedPattern(pattern, paths: paths))"
      #expect(text.contains("'{third,fourth.{0,1}}'") && text.contains("second"))
    }
  }

  @Test("an error of the data arrives, from whatever thread", arguments: [0, 2])
  func dataError(prefetch: Int) throws {
    struct Broken: TrainingData {
      struct Failure: Error {}
      var batchesPerEpoch: Int { 3 }
      var samplesPerEpoch: Int { 12 }
      var fingerprint: String { "broken" }
      func batches(epoch: Int, from first: Int) -> () throws -> LabelledBatch? {
        var left = 2
        return {
          left -= 1
          if left < 0 { throw Failure() }
          return samples(4, seed: 2)
        }
      }
    }
    var settings = TrainingSettings(epochs: 2)
    settings.prefetch = prefetch
    #expect(throws: Broken.Failure.self) {
      try trainer(settings).train(SmallTraining.model, on: Broken())
    }
  }

  @Test("making batches ahead and accumulating change no bit, or only the rounding")
  func equalRuns() throws {
    func run(batch: Int, accumulation: Int, prefetch: Int) throws -> SmallNetwork {
      var settings = TrainingSettings(epochs: 3, seed: 1)
      (settings.accumulation, settings.prefetch) = (accumulation, prefetch)
      var model = SmallTraining.model
      model.dropout = 0
      model.setMode(.inference)
      return try trainer(settings, rate: 0.003).train(
        model, on: SampleBatches(samples(40, seed: 6), batchSize: batch, seed: 2)
      ).model
    }
    let base = try run(batch: 12, accumulation: 1, prefetch: 0)
    #expect(try run(batch: 12, accumulation: 1, prefetch: 3).bits == base.bits)
    // 40 songs: three updates of 12 and one of 4, in either way.
    let parts = try run(batch: 4, accumulation: 3, prefetch: 2)
    for (a, b) in zip(parts.parameters, base.parameters) {
      expectClose(a.value, b.value, within: Tolerance(relative: 1e-3, absolute: 1e-4), a.path)
    }
  }

  @Test("early stopping ends it, and the best epoch's weights are handed back")
  func earlyStopping() throws {
    var settings = TrainingSettings(epochs: 200, seed: 3)
    settings.earlyStopping = EarlyStopping(patience: 3)
    settings.monitor = .concordance
    let outcome = try trainer(settings, rate: 0.05).train(
      SmallTraining.model, on: SmallTraining.training, validation: SmallTraining.validation)
    #expect(outcome.end == .stoppedEarly && outcome.history.count < 200)
    let values = outcome.history.map { $0.validation["ccc"] ?? .nan }
    let best = try #require(outcome.bestEpoch)
    #expect(values.count == best + 3 && values.max() == values[best - 1])
    #expect(outcome.history.filter(\.isBest).last?.epoch == best)
    var meter = objective().makeMeter()
    try meter.add(SmallTraining.validation.samples, under: outcome.best)
    #expect(abs((meter.measures["ccc"] ?? 0) - values[best - 1]) < 1e-6)
    #expect(values[best - 1] > 0.6, "it learned")
  }

  @Test("a plan unfreezes part after part, and a resumed training too")
  func unfreezing() throws {
    var settings = TrainingSettings(epochs: 4, seed: 3)
    settings.unfreezing = UnfreezingPlan([(1, "second"), (3, .all)])
    settings.unfreezing = UnfreezingPlan([(0, "second"), (2, "first.bias"), (3, .all)])
    let folder = try TemporaryFolder()
    var models: [SmallNetwork] = [SmallTraining.model]
    for epochs in 1...4 {
      settings.epochs = epochs
      models.append(
        try trainer(settings).train(
          SmallTraining.model, on: SmallTraining.training, folder: folder.url
        ).model)
    }
    let changed = (1...4).map { epoch in
      models[epoch].parameters.indices.filter {
        models[epoch].parameters[$0].value != models[epoch - 1].parameters[$0].value
      }
      .map { models[epoch].parameters[$0].path }
    }
    #expect(
      changed == [
        ["second"], ["second"], ["first.bias", "second"],
        ["first.weight", "first.bias", "second"],
      ])
    let whole = try trainer(settings).train(SmallTraining.model, on: SmallTraining.training)
    #expect(whole.model.bits == models[4].bits)
  }

  @Test("events tell of every batch, every epoch, and of gradients and activations on request")
  func events() throws {
    var settings = TrainingSettings(epochs: 2, seed: 3)
    settings.statisticsInterval = 5
    var progress: [TrainingProgress] = []
    var records: [EpochRecord] = []
    var statistics: [StepStatistics] = []
    let outcome = try trainer(settings).train(
      SmallTraining.model, on: SmallTraining.training, validation: SmallTraining.validation,
      onEvent: { event in
        switch event {
        case .progress(let step): progress.append(step)
        case .epoch(let record): records.append(record)
        case .statistics(let step): statistics.append(step)
        case .resumed: Issue.record("nothing to resume")
        }
      })
    #expect(records == outcome.history)
    let training = progress.filter { $0.phase == .training }
    #expect(training.map(\.batch) == [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7])
    #expect(training.map(\.samples).last == 106 && training.allSatisfy { $0.totalSamples == 106 })
    #expect(progress.filter { $0.phase == .validation }.map(\.batch) == [1, 2, 3, 4, 1, 2, 3, 4])
    #expect(progress.allSatisfy { $0.samplesPerSecond > 0 && ($0.secondsLeft ?? -1) >= 0 })
    #expect(statistics.map(\.place.step) == [0, 5, 10])
    for step in statistics {
      #expect(step.parameters.map(\.path) == ["first.weight", "first.bias", "second"])
      #expect(step.parameters.allSatisfy { $0.gradientNorm > 0 })
      #expect(step.activations.count == 1 && step.activations[0].deviation > 0)
    }
    // The norm of the initial weights, by hand.
    let squares = SmallTraining.model.second.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(statistics[0].parameters[2].weightNorm - squares.squareRoot()) < 1e-6)
  }

  @Test("a checkpoint gives back trained and validated weights, its text, and what it measured")
  func checkpoint() throws {
    let folder = try TemporaryFolder()
    var settings = SmallTraining.settings
    settings.metadata = ["front end": "mel 40"]
    let outcome = try SmallTraining.run(in: folder.url, settings)
    let checkpoint = try TrainingCheckpoint(
      contentsOf: folder.url.appending(path: "last.safetensors"))
    #expect(checkpoint.metadata == ["front end": "mel 40"])
    #expect(checkpoint.epoch == 6 && checkpoint.step == 24)
    #expect(checkpoint.history == outcome.history)
    var model = SmallNetwork(inputs: 5, hidden: 7, outputs: 2, seed: 99)
    try checkpoint.load(into: &model, weights: .trained)
    #expect(model.bits == outcome.model.bits)
    try checkpoint.load(into: &model)
    #expect(model.bits != outcome.model.bits)
    var meter = objective(.huber()).makeMeter()
    for batch in [0..<8, 8..<16, 16..<24, 24..<31] {
      try meter.add(SmallTraining.validation.samples.rows(Array(batch)), under: model)
    }
    #expect(meter.measures == checkpoint.measures)
    // As a model file, with names that are not the model's.
    try model.load(
      contentsOf: folder.url.appending(path: "last.safetensors"), tolerating: .unexpected)
    #expect(model.bits == outcome.model.bits)
    var other = SmallNetwork(inputs: 5, hidden: 8, outputs: 2, seed: 99)
    #expect(throws: StateError.self) { try checkpoint.load(into: &other) }
  }
}
