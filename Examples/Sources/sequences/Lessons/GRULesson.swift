import ArgumentParser
import SentioModels
import SentioNN
import SentioTensor

/// Lesson 3: two gates instead of three, and no cell.
struct GRULesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gru",
    abstract: "The GRU on the phonemes of lesson 1, and what its gates do.",
    discussion: """
      r = σ(…) says how much of the past the candidate sees, z = σ(…) how much of the old state stays:
      h' = (1 − z)·n + z·h with n = tanh(W·x + r·(U·h)). (In other texts z and 1 − z change places.) Three sums a unit instead
      of the LSTM's four. The first table compares the cells on phonemes, reading forward only; the second shows what a trained GRU's z
      is where a phoneme begins and inside of it.
      """)

  @OptionGroup var options: LessonOptions

  func run() throws {
    let training = SequenceBatches(
      PhonemeTask().utterances(300, seed: options.seed), batchSize: 16, seed: options.seed,
      bucket: 4)
    let utterances = PhonemeTask().utterances(100, seed: options.seed + 1000)
    let test = SequenceBatches(utterances, batchSize: 100)
    var gru: SequenceLabeler?
    let rows = try SequenceCell.allCases.map { cell in
      var stream = RandomStream(seed: options.seed, "weights")
      let model = SequenceLabeler(
        .init(features: 13, outputs: 8, RecurrentStack(cell, units: 32)), from: &stream)
      let result = try fit(.phonemes, model, training, test, epochs: 10)
      if cell == .gru { gru = result.model }
      return [
        cell.title, "\(model.recurrent.parameterCount.total)", percent(result["accuracy"]),
        percent(result["phonemeErrorRate"]), formatted(result.secondsPerEpoch, 2),
      ]
    }
    printTable(
      "Phonemes of 100 utterances, 32 units, past only",
      ["cell", "recurrent parameters", "frames right", "phoneme error rate", "seconds an epoch"],
      rows)
    if let gru { printGates(gru, utterances) }
  }

  /// The mean gates of a GRU by the frame of a phoneme.
  private func printGates(_ model: SequenceLabeler, _ utterances: [LabelledFrames]) {
    var sums = Array(repeating: (reset: 0.0, update: 0.0, count: 0.0), count: 4)
    for utterance in utterances {
      let gates = Self.gates(of: model.recurrent, utterance.frames)
      var age = 0
      for step in 0..<utterance.length {
        age = step > 0 && utterance.labels[step] == utterance.labels[step - 1] ? age + 1 : 0
        let place = min(age, 3)
        sums[place].reset += gates[step].reset
        sums[place].update += gates[step].update
        sums[place].count += 1
      }
    }
    printTable(
      "Mean gates of the trained GRU", ["frame of a phoneme", "r", "z (share of the old state)"],
      zip(["first", "second", "third", "later"], sums).map {
        [$0, formatted($1.reset / $1.count), formatted($1.update / $1.count)]
      })
  }

  /// The means over units of r and z at each step, by the formula of the cell.
  static func gates(
    of layer: RecurrentLayer, _ frames: Tensor
  ) -> [(reset: Double, update: Double)] {
    let direction = layer.directions.list[0]
    let states = layer(frames.expanded(at: 0)).selected(0, axis: 0)
    let (steps, units) = (frames.shape[0], layer.units)
    // The state before each step: zeros, and then the outputs but for the last.
    let before = Tensor.concatenate([.zeros([1, units]), states[0..<steps - 1]], axis: 0)
    let sums =
      frames.linear(direction.input, bias: direction.inputBias)
      + before.linear(direction.recurrent, bias: direction.recurrentBias)
    let gates = sums.sliced(0..<2 * units, axis: 1).sigmoid()
    let reset = gates.sliced(0..<units, axis: 1).mean(axes: 1).scalars
    let update = gates.sliced(units..<2 * units, axis: 1).mean(axes: 1).scalars
    return zip(reset, update).map { (Double($0), Double($1)) }
  }
}
