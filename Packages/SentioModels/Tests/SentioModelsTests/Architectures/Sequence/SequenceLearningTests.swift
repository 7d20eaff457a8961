import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

/// Each architecture learns a task in seconds that a model without its memory cannot learn at all.
///
/// Thresholds stand between what the two reach, nearer to what was measured for the architecture.
struct SequenceLearningTests {
  /// Trains and returns the measures of the last epoch's validation.
  static func measures<Objective: TrainingObjective>(
    _ objective: Objective, _ model: Objective.Model,
    _ training: any TrainingData<Objective.Batch>, _ test: any TrainingData<Objective.Batch>,
    epochs: Int, rate: Double = 0.01
  ) throws -> [String: Double] {
    let steps = epochs * training.batchesPerEpoch
    let trainer = Trainer(
      objective,
      optimizer: Optimizer(
        .adam(), learningRate: .cosine(rate, over: steps, minimum: rate / 50),
        clipping: .norm(1)),
      settings: TrainingSettings(epochs: epochs, seed: 1))
    let outcome = try trainer.train(model, on: training, validation: test)
    let record = try #require(outcome.history.last)
    return record.validation
  }

  static func stack(_ cell: SequenceCell, both: Bool = false) -> RecurrentStack {
    RecurrentStack(cell, units: 24, isBidirectional: both)
  }

  /// Half of the labels of a pair are decided by the past, half by the future.
  @Test func phonemesNeedTheirNeighbours() throws {
    let task = PhonemeTask()
    let training = SequenceBatches(
      task.utterances(200, seed: 1), batchSize: 16, seed: 2, bucket: 4)
    let test = SequenceBatches(task.utterances(60, seed: 3), batchSize: 60)
    var stream = RandomStream(seed: 4, "weights")
    func labeler(_ cell: SequenceCell, both: Bool) throws -> Double {
      let model = SequenceLabeler(
        .init(features: 13, outputs: 8, Self.stack(cell, both: both)), from: &stream)
      return try Self.measures(.phonemes, model, training, test, epochs: 8)["accuracy"]!
    }
    let framewise = Sequential {
      Linear(13, 48, activation: .relu, from: &stream)
      Linear(48, 8, from: &stream)
    }
    let alone = try Self.measures(
      StepObjective<Sequential>(measuresErrorRate: true) { $0($1.inputs) }, framewise, training,
      test, epochs: 8)["accuracy"]!
    let past = try labeler(.lstm, both: false)
    let all = try labeler(.gru, both: true)
    #expect(alone < 0.88)
    #expect(past > alone + 0.03)
    #expect(all > past + 0.03)
    #expect(all > 0.96)
  }

  @Test func theFirstSymbolIsRecalled() throws {
    let task = DelayedRecallTask(symbols: 4, length: 30)
    let (training, test) = (task.sequences(1024, seed: 1), task.sequences(256, seed: 3))
    func accuracy(
      _ cell: SequenceCell, _ training: [TargetedFrames], _ test: [TargetedFrames]
    ) throws -> Double {
      var stream = RandomStream(seed: 4, "weights")
      let stack = RecurrentStack(cell, units: 24, memoryBias: 3)
      let model = SequenceClassifier(.init(features: 4, outputs: 4, stack), from: &stream)
      return try Self.measures(
        .sequences(.crossEntropy()), model,
        SequenceBatches(training, batchSize: 32, seed: 2), SequenceBatches(test, batchSize: 256),
        epochs: 16)["accuracy"]!
    }
    #expect(try accuracy(.lstm, training, test) > 0.95)
    #expect(try accuracy(.gru, training, test) > 0.95)
    // What a network that has forgotten the first step knows: everything else, and nothing of the answer.
    func forgotten(_ samples: [TargetedFrames]) -> [TargetedFrames] {
      samples.map { TargetedFrames(id: $0.id, frames: $0.frames[1...], targets: $0.targets) }
    }
    #expect(try accuracy(.lstm, forgotten(training), forgotten(test)) < 0.4)
  }

  @Test func markedNumbersAreAdded() throws {
    let task = AddingTask(length: 16)
    let training = SequenceBatches(task.sequences(1024, seed: 1), batchSize: 32, seed: 2)
    let test = SequenceBatches(task.sequences(256, seed: 3), batchSize: 256)
    var stream = RandomStream(seed: 4, "weights")
    var stack = Self.stack(.gru)
    stack.memoryBias = 2
    let model = SequenceClassifier(.init(features: 2, outputs: 1, stack), from: &stream)
    let rmse = try Self.measures(
      .sequences(.meanSquaredError), model, training, test, epochs: 12)["rmse"]!
    #expect(rmse * rmse < AddingTask.errorOfTheMean / 8)
  }

  @Test func symbolsAreCopied() throws {
    let task = CopyTask(symbols: 4, count: 3, delay: 8)
    let training = SequenceBatches(task.sequences(512, seed: 1), batchSize: 32, seed: 2)
    let test = SequenceBatches(task.sequences(128, seed: 3), batchSize: 128)
    var stream = RandomStream(seed: 4, "weights")
    var stack = Self.stack(.lstm)
    stack.memoryBias = 3
    let model = SequenceLabeler(
      .init(features: task.features, outputs: 4, stack), from: &stream)
    // One in four is right by chance, and all that a model without memory can do.
    #expect(try Self.measures(.labels, model, training, test, epochs: 40)["accuracy"]! > 0.9)
  }

  /// Of sixteen notes eight are free: the best loss is 0.62 nats a note, and no count of notes comes near it.
  @Test func melodiesAreAnswered() throws {
    let task = MelodyTask(phrases: 2)
    let training = SequenceBatches(task.melodies(1024, seed: 1), batchSize: 32, seed: 2)
    let test = SequenceBatches(task.melodies(128, seed: 3), batchSize: 128)
    var stream = RandomStream(seed: 4, "weights")
    let model = SequenceGenerator(
      .init(
        vocabulary: MelodyTask.vocabulary, embedding: 16, RecurrentStack(.gru, units: 64),
        conditions: 2), from: &stream)
    let loss = try Self.measures(.nextToken, model, training, test, epochs: 30)["loss"]!
    let (unigram, bigram) = Self.countLosses(training.samples, test.samples)
    #expect(bigram > 1.3 && unigram > bigram)
    #expect(loss < bigram - 0.4)
  }

  /// The losses of counts of tokens, and of tokens behind each token.
  static func countLosses(
    _ training: [TokenSequence], _ test: [TokenSequence]
  ) -> (unigram: Double, bigram: Double) {
    let size = MelodyTask.vocabulary
    var single = [Double](repeating: 1, count: size)
    var pairs = [[Double]](repeating: single, count: size)
    for tokens in training.map(\.tokens) {
      for (before, token) in zip(tokens, tokens.dropFirst()) {
        single[token] += 1
        pairs[before][token] += 1
      }
    }
    let sum = single.reduce(0, +)
    let places = test.flatMap { zip($0.tokens, $0.tokens.dropFirst()) }
    let losses = places.map { before, token in
      (-log(single[token] / sum), -log(pairs[before][token] / pairs[before].reduce(0, +)))
    }
    let count = Double(losses.count)
    return (losses.reduce(0) { $0 + $1.0 } / count, losses.reduce(0) { $0 + $1.1 } / count)
  }

  @Test func digitsAreRead() throws {
    let task = DigitReadingTask(digits: 1...3)
    let training = SequenceBatches(task.pairs(600, seed: 1), batchSize: 32, seed: 2, bucket: 4)
    let test = SequenceBatches(task.pairs(100, seed: 3), batchSize: 100)
    func model() -> SequenceTranslator {
      var stream = RandomStream(seed: 4, "weights")
      return SequenceTranslator(
        .init(
          .tokens(vocabulary: 10, embedding: 16), targets: DigitReadingTask.phonemes.count,
          RecurrentStack(.gru, units: 32), attention: 16, maximumLength: 24), from: &stream)
    }
    let reading = try Self.measures(TranslationObjective(), model(), training, test, epochs: 16)
    // The same decoder, told nothing of the source.
    let blind = { (pair: TokenPair) in
      TokenPair(id: pair.id, source: pair.source.map { _ in 0 }, target: pair.target)
    }
    let guessing = try Self.measures(
      TranslationObjective(), model(),
      SequenceBatches(training.samples.map(blind), batchSize: 32, seed: 2),
      SequenceBatches(test.samples.map(blind), batchSize: 100), epochs: 10)
    #expect(reading["errorRate"]! < 0.1)
    #expect(reading["exact"]! > 0.8)
    #expect(guessing["errorRate"]! > 0.6)
    #expect(guessing["exact"]! < 0.1)
  }
}
