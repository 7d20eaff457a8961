import ArgumentParser
import Foundation
import SentioModels
import SentioNN
import SentioReport
import SentioTensor

/// Lesson 2: why gradients vanish, what the cell does about it, and notes that are predicted with it.
struct LSTMLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lstm",
    abstract: "The vanishing gradient, measured; note prediction with an RNN and an LSTM.",
    discussion: """
      Going back a step multiplies the gradient by the derivative of one state by the one before. In an RNN that is
      W_hh'·diag(1 − h²): a factor below 1, a hundred times. An LSTM's cell adds, c' = σ(f)·c + σ(i)·g, so the factor is its
      forget gate alone: 0.5 where its bias starts at 0, 0.98 where it starts at 4. The first table measures it, before
      training; the gates need an open start to keep anything.
      Then notes are predicted: melodies whose second phrase answers the first, and, with --data, the Bach chorales and the
      Nottingham tunes as piano rolls in the published split (nats a step, as in Boulanger-Lewandowski et al., 2012).
      """)

  @OptionGroup var options: LessonOptions

  @Option(
    help:
      "The folder of real data, with the folder symbolic in it; without it the real pieces are left out."
  )
  var data: String?

  @Option(help: "How many seeds for the real pieces, at least 1.")
  var seeds = 1

  @Flag(help: "Nottingham too, which takes some minutes.")
  var nottingham = false

  func validate() throws {
    guard seeds >= 1 else { throw ValidationError("--seeds must be at least 1, not \(seeds)") }
  }

  func run() throws {
    // What is missing is told before the first minute of training.
    let chorales = try data.map {
      try SymbolicMusic(
        contentsOf: URL(filePath: $0).appending(
          path: "symbolic/jsb_json/jsb-chorales-quarter.json"))
    }
    try gradients()
    try melodies()
    guard let data, let chorales else { return }
    try pieces("JSB chorales", chorales, epochs: 40)
    if nottingham {
      try pieces("Nottingham", CompareLesson.nottingham(URL(filePath: data)), epochs: 10)
    }
  }

  private func gradients() throws {
    let steps = 100
    let kinds: [(String, RecurrentStack)] = [
      ("simple RNN", RecurrentStack(.rnn, units: 32)),
      ("LSTM, forget bias 0", RecurrentStack(.lstm, units: 32, memoryBias: 0)),
      ("LSTM, forget bias 1", RecurrentStack(.lstm, units: 32, memoryBias: 1)),
      ("LSTM, forget bias 4", RecurrentStack(.lstm, units: 32, memoryBias: 4)),
      ("GRU, update bias 0", RecurrentStack(.gru, units: 32, memoryBias: 0)),
      ("GRU, update bias 4", RecurrentStack(.gru, units: 32, memoryBias: 4)),
    ]
    let norms = kinds.map { kind in
      var stream = RandomStream(seed: options.seed, "flow \(kind.0)")
      let layer = kind.1.makeLayer(8, from: &stream)
      return gradientNormsByStep(
        through: layer, .normal([16, steps, 8], from: &stream), from: &stream)
    }
    let distances = [1, 5, 10, 20, 50, 99]
    printTable(
      "The gradient of the last state by the input some steps before it, over that by the last input",
      ["cell"] + distances.map { "\($0) back" },
      zip(kinds, norms).map { kind, norms in
        [kind.0]
          + distances.map { String(format: "%.1e", norms[steps - 1 - $0] / norms[steps - 1]) }
      })
    try options.draw(
      "vanishing.svg",
      StandaloneLineChart(
        "Gradient by distance", horizontal: "steps back", vertical: "share of the gradient",
        isLogarithmic: true,
        zip(kinds, norms).map { kind, norms in
          StandaloneLineChart.Line(
            kind.0, (0..<steps).map { (Double($0), norms[steps - 1 - $0] / norms[steps - 1]) })
        }
      ).standalone())
  }

  private func melodies() throws {
    let task = MelodyTask()
    let training = SequenceBatches(
      task.melodies(512, seed: options.seed), batchSize: 32, seed: options.seed)
    let test = SequenceBatches(task.melodies(128, seed: options.seed + 1000), batchSize: 128)
    let rows = try SequenceCell.allCases.map { cell in
      var stream = RandomStream(seed: options.seed, "weights")
      let model = SequenceGenerator(
        .init(
          vocabulary: MelodyTask.vocabulary, embedding: 16, RecurrentStack(cell, units: 64),
          conditions: 2), from: &stream)
      let result = try fit(.nextToken, model, training, test, epochs: 20)
      return [
        cell.title, "\(model.parameterCount.total)", formatted(result["loss"]),
        formatted(result["perplexity"], 2), percent(result["accuracy"]),
      ]
    }
    printTable(
      "The next note of 128 melodies",
      ["cell", "parameters", "nats a note", "perplexity", "right"],
      rows)
  }

  private func pieces(_ name: String, _ music: SymbolicMusic, epochs: Int) throws {
    let parts = [music.training, music.validation, music.test].map {
      SymbolicMusic.pianoRolls($0, name: name)
    }
    let rows = try SequenceCell.allCases.map { cell in
      var (losses, accuracies, seconds): ([Double], [Double], [Double]) = ([], [], [])
      var parameters = 0
      for seed in 0..<UInt64(seeds) {
        var stream = RandomStream(seed: options.seed + seed, "weights")
        let model = SequenceLabeler(
          .init(features: 88, outputs: 88, RecurrentStack(cell, units: 128, outputDropout: 0.4)),
          from: &stream)
        let training = SequenceBatches(parts[0], batchSize: 16, seed: seed, bucket: 4)
        let trainer = Trainer(
          PianoRollObjective<SequenceLabeler>.nextNotes,
          optimizer: Optimizer(
            .adam(), learningRate: .cosine(5e-3, over: epochs * training.batchesPerEpoch),
            clipping: .norm(1)),
          settings: TrainingSettings(epochs: epochs, seed: options.seed + seed))
        let outcome = try trainer.train(
          model, on: training, validation: SequenceBatches(parts[1], batchSize: 64))
        // The epoch is chosen by the validation, and measured on pieces that chose nothing.
        var meter = PianoRollObjective<SequenceLabeler>.nextNotes.makeMeter()
        for part in stride(from: 0, to: parts[2].count, by: 64) {
          try meter.add(
            PianoRoll.batch(of: Array(parts[2][part..<min(part + 64, parts[2].count)])),
            under: outcome.best)
        }
        losses.append(meter.measures["loss"]!)
        accuracies.append(meter.measures["accuracy"]!)
        seconds += outcome.history.map(\.seconds)
        parameters = model.parameterCount.total
      }
      return [
        cell.title, "\(parameters)", "\(Spread(losses, decimals: 2))",
        "\(Spread(accuracies.map { 100 * $0 }, decimals: 1))",
        formatted(seconds.sorted()[seconds.count / 2], 2),
      ]
    }
    printTable(
      "\(name): the next chord, \(parts[2].count) test pieces, \(seeds) seeds",
      ["cell", "parameters", "nats a step", "accuracy, %", "seconds an epoch"], rows)
  }
}
