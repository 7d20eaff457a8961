import ArgumentParser
import Foundation
import SentioModels
import SentioNN
import SentioReport
import SentioTensor

/// Lesson 4: the three cells side by side, by the length of the sequences.
struct CompareLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "RNN, LSTM and GRU by sequence length: accuracy, parameters, time, memory.",
    discussion: """
      The task is to tell the first of L symbols after the last: everything depends on the longest distance. All cells have
      the same units, data, rate and number of updates; several seeds each draw data and weights anew. The LSTM is
      also shown with a forget gate that starts open, and the GRU with its update gate. The interval is Student's at 95 % over the seeds.
      Seconds an epoch are of 1,024 sequences in batches of 32; a prediction is one sequence at a time; memory is the most
      that tensors hold in a training step.
      Read the intervals: within some hundred updates it is all or nothing, a seed finds the memory or stays at chance.
      What comes out is not the textbook's order. A simple RNN can saturate into a latch, and Adam makes up for
      small gradients, so that it often finds this memory before the gates do; gates that start open find it more often
      than gates that start half closed. Parameters, time and memory go with the number of gates.
      With --data the cells are compared on recorded digits, each speaker in turn unheard, by the recordings' length, and
      on Bach's chorales and with --nottingham on the Nottingham tunes, cut into excerpts of several lengths.
      """)

  @OptionGroup var options: LessonOptions

  @Option(help: "The lengths.")
  var lengths: [Int] = [10, 30, 100]

  @Option(
    help: ArgumentHelp(
      "The folder of real data, with the folders fsdd and symbolic in it; only these are compared then.",
      valueName: "folder"))
  var data: String?

  @Flag(help: "With --data the Nottingham tunes too, which takes some minutes.")
  var nottingham = false

  @Option(help: "How many seeds, at least 1.")
  var seeds = 3

  @Option(help: "The hidden units.")
  var units = 32

  @Option(help: "The epochs of a training.")
  var epochs = 10

  func validate() throws {
    if nottingham, data == nil { throw ValidationError("--nottingham needs --data FOLDER.") }
    guard seeds >= 1, units >= 1, epochs >= 1, lengths.allSatisfy({ (1...2000).contains($0) })
    else { throw ValidationError("seeds, units and epochs from 1, lengths from 1 to 2000") }
  }

  func run() throws {
    guard let data else { return try recall() }
    let comparison = RealComparison(seeds: (0..<UInt64(seeds)).map { options.seed &+ $0 })
    let folder = URL(filePath: data)
    // What is missing is told before the first minute of training.
    let chorales = try SymbolicMusic(
      contentsOf: folder.appending(path: "symbolic/jsb_json/jsb-chorales-quarter.json"))
    let tunes = nottingham ? try Self.nottingham(folder) : nil
    try comparison.digits(folder.appending(path: "fsdd/wav"))
    try comparison.music("JSB chorales", chorales, lengths: [4, 16, nil], epochs: 20)
    if let tunes { try comparison.music("Nottingham", tunes, lengths: [8, 32, nil], epochs: 10) }
  }

  static func nottingham(_ folder: URL) throws -> SymbolicMusic {
    let url = folder.appending(path: "symbolic/tcn_mat/Nottingham.json.gz")
    return try SymbolicMusic(
      GzipFile.contents(of: url, limit: SymbolicMusic.largestFile), path: url.path)
  }

  private func recall() throws {
    let kinds: [(name: String, cell: SequenceCell, bias: Float?)] = [
      ("simple RNN", .rnn, nil), ("LSTM", .lstm, nil), ("GRU", .gru, nil),
      ("LSTM, memory open", .lstm, 4), ("GRU, memory open", .gru, 4),
    ]
    var rows: [[String]] = []
    var lines: [StandaloneLineChart.Line] = []
    for kind in kinds {
      var points: [(x: Double, y: Double)] = []
      for length in lengths {
        let stack = RecurrentStack(kind.cell, units: units, memoryBias: kind.bias)
        var (accuracies, epochSeconds, predictions): ([Double], [Double], [Double]) = ([], [], [])
        var (parameters, bytes) = (0, 0)
        for seed in 0..<UInt64(seeds) {
          let task = DelayedRecallTask(symbols: 4, length: length)
          let training = SequenceBatches(
            task.sequences(1024, seed: options.seed + seed), batchSize: 32, seed: seed)
          let test = SequenceBatches(
            task.sequences(512, seed: options.seed + seed + 5000), batchSize: 512)
          var stream = RandomStream(seed: options.seed + seed, "weights \(kind.name)")
          let model = SequenceClassifier(.init(features: 4, outputs: 4, stack), from: &stream)
          let result = try fit(
            .sequences(.crossEntropy()), model, training, test, epochs: epochs,
            seed: options.seed + seed)
          accuracies.append(result["accuracy"])
          epochSeconds.append(result.secondsPerEpoch)
          predictions.append(Self.predictionTime(result.model, test.samples))
          parameters = model.parameterCount.total
          bytes = Self.stepMemory(model, training)
        }
        let accuracy = Spread(accuracies.map { 100 * $0 }, decimals: 1)
        points.append((Double(length), accuracy.mean))
        rows.append([
          kind.name, "\(length)", "\(accuracy)", "\(parameters)",
          "\(Spread(epochSeconds, decimals: 3))",
          "\(Spread(predictions.map { 1e3 * $0 }, decimals: 3))",
          formatted(Double(bytes) / 1e6, 1),
        ])
      }
      lines.append(StandaloneLineChart.Line(kind.name, points))
    }
    printTable(
      "The first of L symbols (4, chance 25 %), \(units) units, \(epochs) epochs of 1,024 sequences, n = 512, \(seeds) seeds",
      [
        "cell", "L", "accuracy, %", "parameters", "seconds an epoch", "ms a prediction",
        "MB in a step",
      ], rows)
    try options.draw(
      "compare.svg",
      StandaloneLineChart(
        "Recall of the first symbol", horizontal: "length of the sequence", vertical: "accuracy, %",
        lines
      ).standalone())
  }

  /// The median seconds of one sequence.
  static func predictionTime(_ model: SequenceClassifier, _ samples: [TargetedFrames]) -> Double {
    let clock = ContinuousClock()
    let seconds = samples.prefix(60).map { sample -> Double in
      let x = sample.frames.expanded(at: 0)
      return clock.measure { _ = model(x).scalars } / .seconds(1)
    }.dropFirst(10).sorted()
    return seconds[seconds.count / 2]
  }

  /// The bytes that the record of one step's forward pass holds, gradients not included.
  static func stepMemory(
    _ model: SequenceClassifier, _ training: SequenceBatches<TargetedFrames>
  ) -> Int {
    let batch = TargetedFrames.batch(of: Array(training.samples.prefix(32)))
    let before = TensorMemory.statistics.bytesInUse
    var held = 0
    _ = valueAndGradient(of: model) { model in
      let loss = crossEntropy(
        logits: model(batch.inputs, lengths: batch.lengths), probabilities: batch.targets)
      held = TensorMemory.statistics.bytesInUse - before
      return loss
    }
    return held
  }
}
