import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

/// A training of each sequence model that is cancelled and resumed ends in the same bits as one that was not.
struct SequenceResumingTests {
  static let stack = RecurrentStack(
    .lstm, units: 6, layers: 2, inputDropout: 0.1, stateDropout: 0.1, layerDropout: 0.1,
    outputDropout: 0.1)

  @Test func classifier() throws {
    var stream = RandomStream(seed: 1, "weights")
    let data = DelayedRecallTask(length: 6).sequences(40, seed: 2)
    try check(
      .sequences(.crossEntropy()),
      SequenceClassifier(.init(features: 4, outputs: 4, Self.stack), from: &stream), data)
  }

  @Test func labeler() throws {
    var stream = RandomStream(seed: 1, "weights")
    try check(
      .phonemes, SequenceLabeler(.init(features: 13, outputs: 8, Self.stack), from: &stream),
      PhonemeTask().utterances(40, seed: 2))
  }

  @Test func translator() throws {
    var stream = RandomStream(seed: 1, "weights")
    try check(
      TranslationObjective(),
      SequenceTranslator(
        .init(
          .tokens(vocabulary: 8, embedding: 4), targets: 8, Self.stack, attention: 4,
          maximumLength: 8), from: &stream), ReversalTask().pairs(40, seed: 2))
  }

  @Test func generator() throws {
    var stream = RandomStream(seed: 1, "weights")
    try check(
      .nextToken,
      SequenceGenerator(
        .init(
          vocabulary: MelodyTask.vocabulary, embedding: 4, Self.stack, conditions: 2),
        from: &stream), MelodyTask().melodies(40, seed: 2))
  }

  private func check<Objective: TrainingObjective, Sample: SequenceSample>(
    _ objective: Objective, _ model: Objective.Model, _ samples: [Sample]
  ) throws where Objective.Batch == Sample.Batch {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let training = SequenceBatches(Array(samples.prefix(30)), batchSize: 8, seed: 3, bucket: 2)
    let validation = SequenceBatches(Array(samples.suffix(10)), batchSize: 8)
    let trainer = Trainer(
      objective, optimizer: Optimizer(.adam(), learningRate: .constant(0.01), clipping: .norm(1)),
      settings: TrainingSettings(epochs: 3, seed: 4))
    let whole = try trainer.train(model, on: training, validation: validation)
    var updates = 0
    let cut = try trainer.train(
      model, on: training, validation: validation, folder: folder,
      isCancelled: {
        updates += 1
        return updates > 5
      })
    #expect(cut.end == .cancelled)
    let resumed = try trainer.train(model, on: training, validation: validation, folder: folder)
    #expect(resumed.end == .finished)
    #expect(whole.model.stateDictionary == resumed.model.stateDictionary)
    #expect(whole.model.stateDictionary != model.stateDictionary)
    #expect(whole.history.map(\.validation) == resumed.history.map(\.validation))
  }
}
