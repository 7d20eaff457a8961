import ArgumentParser
import Foundation
import SentioModels
import SentioNN
import SentioTensor

/// Lesson 5: many to one, many to many, of equal and other length, one to many; stacked, residual, both ways.
struct ArchitecturesLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "architectures",
    abstract:
      "The four shapes of sequence models, and layers that are stacked, residual, both ways.",
    discussion: """
      Many to one (a digit of a recording, or the first symbol of many), many to many of the same length (a phoneme a frame), of
      another length (a number to its phonemes), one to many (a melody from a note). Each stands beside a model without what the
      shape is for. Then one labeler in five builds: reading both ways helps where the future decides and can't be used
      where it is not there yet; more layers help little on so small a task, and residual sums make them easier to train.
      With --data the many-to-one example is recorded speech: bidirectional LSTM over cepstral coefficients, on known
      speakers (takes 0 and 1 are the test) and on each speaker unheard.
      """)

  @OptionGroup var options: LessonOptions

  @Option(help: "The folder of real data, with the folder fsdd in it.")
  var data: String?

  func run() throws {
    // What is missing is told before the first minute of training.
    let recordings = try data.map {
      try SpokenDigits(folder: URL(filePath: $0).appending(path: "fsdd/wav"))
    }
    try shapes()
    try builds()
    if let recordings { try digits(recordings) }
  }

  private func shapes() throws {
    let seed = options.seed
    var stream = RandomStream(seed: seed, "weights")
    var rows: [[String]] = []

    let recall = DelayedRecallTask(length: 30)
    let recalled = try fit(
      .sequences(.crossEntropy()),
      SequenceClassifier(
        .init(features: 4, outputs: 4, RecurrentStack(.lstm, units: 24, memoryBias: 3)),
        from: &stream),
      SequenceBatches(recall.sequences(1024, seed: seed), batchSize: 32, seed: seed),
      SequenceBatches(recall.sequences(256, seed: seed + 1000), batchSize: 256), epochs: 12)
    rows.append([
      "many to one", "the first of 30 symbols", "LSTM 24", percent(recalled["accuracy"]),
      "guessing: 25.0 %",
    ])

    let phonemes = SequenceBatches(
      PhonemeTask().utterances(300, seed: seed), batchSize: 16, seed: seed, bucket: 4)
    let phonemeTest = SequenceBatches(
      PhonemeTask().utterances(100, seed: seed + 1000), batchSize: 100)
    let labelled = try fit(
      .phonemes,
      SequenceLabeler(
        .init(features: 13, outputs: 8, RecurrentStack(.gru, units: 24, isBidirectional: true)),
        from: &stream), phonemes, phonemeTest, epochs: 10)
    let framewise = try fit(
      StepObjective<Sequential> { $0($1.inputs) },
      Sequential {
        Linear(13, 64, activation: .relu, from: &stream)
        Linear(64, 8, from: &stream)
      }, phonemes, phonemeTest, epochs: 10)
    rows.append([
      "many to many, same length", "a phoneme a frame", "GRU 24 both ways",
      percent(labelled["accuracy"]), "frame by frame: \(percent(framewise["accuracy"]))",
    ])

    let task = DigitReadingTask(digits: 1...3)
    let pairs = task.pairs(800, seed: seed)
    let testPairs = task.pairs(100, seed: seed + 1000)
    func reader() -> SequenceTranslator {
      SequenceTranslator(
        .init(
          .tokens(vocabulary: 10, embedding: 16), targets: DigitReadingTask.phonemes.count,
          RecurrentStack(.gru, units: 32), attention: 16, maximumLength: 24), from: &stream)
    }
    func blind(_ pairs: [TokenPair]) -> [TokenPair] {
      pairs.map { TokenPair(id: $0.id, source: $0.source.map { _ in 0 }, target: $0.target) }
    }
    let read = try fit(
      TranslationObjective(), reader(),
      SequenceBatches(pairs, batchSize: 32, seed: seed, bucket: 4),
      SequenceBatches(testPairs, batchSize: 100), epochs: 16)
    let guessed = try fit(
      TranslationObjective(), reader(),
      SequenceBatches(blind(pairs), batchSize: 32, seed: seed, bucket: 4),
      SequenceBatches(blind(testPairs), batchSize: 100), epochs: 16)
    rows.append([
      "many to many, other length", "numbers to phonemes, all right", "GRU 32, attention",
      percent(read["exact"]), "told nothing of the number: \(percent(guessed["exact"]))",
    ])

    let melodies = SequenceBatches(
      MelodyTask().melodies(512, seed: seed), batchSize: 32, seed: seed)
    let melodyTest = SequenceBatches(
      MelodyTask().melodies(128, seed: seed + 1000), batchSize: 128)
    let made = try fit(
      .nextToken,
      SequenceGenerator(
        .init(
          vocabulary: MelodyTask.vocabulary, embedding: 16, RecurrentStack(.gru, units: 64),
          conditions: 2), from: &stream), melodies, melodyTest, epochs: 20)
    rows.append([
      "one to many", "the next note, nats", "GRU 64", formatted(made["loss"]),
      "counts of notes: \(formatted(Self.unigramLoss(melodies.samples, melodyTest.samples)))",
    ])
    printTable(
      "Four shapes", ["shape", "task", "model", "reached", "without what the shape is for"], rows)
  }

  private func builds() throws {
    let training = SequenceBatches(
      PhonemeTask(noise: 0.9).utterances(300, seed: options.seed), batchSize: 16,
      seed: options.seed, bucket: 4)
    let test = SequenceBatches(
      PhonemeTask(noise: 0.9).utterances(100, seed: options.seed + 1000), batchSize: 100)
    let kinds: [(String, RecurrentStack)] = [
      ("1 layer", RecurrentStack(.lstm, units: 24)),
      ("3 layers", RecurrentStack(.lstm, units: 24, layers: 3)),
      ("3 layers, residual", RecurrentStack(.lstm, units: 24, layers: 3, isResidual: true)),
      ("1 layer, both ways", RecurrentStack(.lstm, units: 24, isBidirectional: true)),
      (
        "3 layers, both ways, residual",
        RecurrentStack(.lstm, units: 24, layers: 3, isBidirectional: true, isResidual: true)
      ),
    ]
    let rows = try kinds.map { kind in
      var stream = RandomStream(seed: options.seed, "weights")
      let model = SequenceLabeler(.init(features: 13, outputs: 8, kind.1), from: &stream)
      let result = try fit(.phonemes, model, training, test, epochs: 6)
      return [
        kind.0, "\(model.parameterCount.total)", percent(result["accuracy"]),
        percent(result["phonemeErrorRate"]), formatted(result.secondsPerEpoch, 2),
      ]
    }
    printTable(
      "Builds of an LSTM labeler (phonemes in more noise)",
      ["build", "parameters", "frames right", "phoneme error rate", "seconds an epoch"], rows)
  }

  private func digits(_ digits: SpokenDigits) throws {
    let divisions: [(String, SpokenDigits.Division)] =
      [("takes 0 and 1 of every speaker", .takes(below: 2))]
      + digits.speakers.map { ("all of \($0), unheard", .speaker($0)) }
    let rows = try divisions.map { name, division in
      let (training, test) = digits.divided(division)
      var stream = RandomStream(seed: options.seed, "weights")
      let model = SequenceClassifier(
        .init(
          features: SpokenDigits.features, outputs: 10,
          RecurrentStack(.lstm, units: 32, isBidirectional: true, outputDropout: 0.2),
          readout: .mean), from: &stream)
      let result = try fit(
        .sequences(.crossEntropy()), model,
        SequenceBatches(training, batchSize: 16, seed: options.seed, bucket: 4),
        SequenceBatches(test, batchSize: 60), epochs: 15, seed: options.seed)
      return [name, "\(training.count)", "\(test.count)", percent(result["accuracy"])]
    }
    printTable(
      "Spoken digits, LSTM 32 both ways, mean of its steps",
      ["test", "training recordings", "test recordings", "right (chance 10 %)"], rows)
  }

  static func unigramLoss(_ training: [TokenSequence], _ test: [TokenSequence]) -> Double {
    var counts = [Double](repeating: 1, count: MelodyTask.vocabulary)
    for sequence in training { for token in sequence.tokens.dropFirst() { counts[token] += 1 } }
    let sum = counts.reduce(0, +)
    let places = test.flatMap { $0.tokens.dropFirst() }
    return -places.reduce(0) { $0 + log(counts[$1] / sum) } / Double(places.count)
  }
}
