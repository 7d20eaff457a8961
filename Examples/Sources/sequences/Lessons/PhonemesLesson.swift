import ArgumentParser
import SentioModels
import SentioNN
import SentioTensor

/// Lesson 1: what a network that sees one frame cannot know.
struct PhonemesLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phonemes",
    abstract: "Phonemes from frames: a simple RNN beside a network without memory.",
    discussion: """
      Eight phonemes, frames of 13 mock cepstral coefficients. /p/ and /b/ sound alike and are told apart by the phoneme
      before, /t/ and /d/ by the one behind. A framewise network guesses within both pairs; an RNN knows the past,
      h(t) = tanh(W_xh·x(t) + W_hh·h(t−1) + b), and settles the first pair; one that reads both ways settles both.
      tanh, and not ReLU, since a state that is fed back must stay bounded and may be negative.
      The tables: frame accuracy and phoneme error rate, what is confused with what, and what the number of hidden units
      and the length of the training sequences do.
      """)

  @OptionGroup var options: LessonOptions

  func run() throws {
    let test = PhonemeTask().utterances(100, seed: options.seed + 1000)
    let all = SequenceBatches(test, batchSize: 100)
    let training = SequenceBatches(
      PhonemeTask().utterances(300, seed: options.seed), batchSize: 16, seed: options.seed,
      bucket: 4)
    var stream = RandomStream(seed: options.seed, "weights")
    let framewise = Sequential {
      Linear(13, 64, activation: .relu, from: &stream)
      Linear(64, 8, from: &stream)
    }
    let alone = try fit(
      StepObjective<Sequential>(measuresErrorRate: true) { $0($1.inputs) }, framewise, training,
      all, epochs: 10)
    func labeler(
      _ units: Int, both: Bool = false, _ data: SequenceBatches<LabelledFrames>
    ) throws -> Fitted<SequenceLabeler> {
      let model = SequenceLabeler(
        .init(features: 13, outputs: 8, RecurrentStack(.rnn, units: units, isBidirectional: both)),
        from: &stream)
      return try fit(.phonemes, model, data, all, epochs: 10)
    }
    let past = try labeler(32, training)
    let both = try labeler(32, both: true, training)
    printTable(
      "Frames of 100 utterances", ["network", "parameters", "frames right", "phoneme error rate"],
      [
        ("one frame, 64 ReLU units", alone.model.parameterCount.total, alone.measures),
        ("RNN, 32 units", past.model.parameterCount.total, past.measures),
        ("RNN, 32 units each way", both.model.parameterCount.total, both.measures),
      ].map {
        [$0.0, "\($0.1)", percent($0.2["accuracy"]!), percent($0.2["phonemeErrorRate"]!)]
      })
    printConfusions("one frame", alone.model.confusions(test))
    printConfusions("RNN", past.model.confusions(test))

    var rows: [[String]] = []
    for units in [2, 4, 8, 16, 32, 64] {
      let result = try labeler(units, training)
      rows.append([
        "\(units) units, whole utterances", percent(result["accuracy"]),
        percent(result["phonemeErrorRate"]),
      ])
    }
    for length in [2, 4, 8, 16] {
      let parts = training.samples.flatMap { Self.parts($0, of: length) }
      // As many frames a batch as before, whatever the length of a part.
      let data = SequenceBatches(
        parts, batchSize: 16 * 36 / length, seed: options.seed, bucket: 1)
      let result = try labeler(32, data)
      rows.append([
        "32 units, parts of \(length) frames", percent(result["accuracy"]),
        percent(result["phonemeErrorRate"]),
      ])
    }
    printTable(
      "Hidden units and length in training (RNN, past only)",
      ["network", "frames right", "phoneme error rate"], rows)
  }

  /// An utterance cut into parts, which start without a past.
  static func parts(_ utterance: LabelledFrames, of length: Int) -> [LabelledFrames] {
    stride(from: 0, to: utterance.length, by: length).map { start in
      let range = start..<min(start + length, utterance.length)
      return LabelledFrames(
        id: "\(utterance.id) from \(start)", frames: utterance.frames[range],
        labels: Array(utterance.labels[range]))
    }
  }

  private func printConfusions(_ name: String, _ counts: [[Int]]) {
    let names = PhonemeTask.names
    var wrong: [(truth: Int, taken: Int, count: Int)] = []
    for truth in 0..<8 {
      for taken in 0..<8 where taken != truth && counts[truth][taken] > 0 {
        wrong.append((truth, taken, counts[truth][taken]))
      }
    }
    wrong.sort { $0.count > $1.count }
    let texts = wrong.prefix(5).map { entry -> String in
      let all = counts[entry.truth].reduce(0, +)
      return
        "\(names[entry.truth]) taken for \(names[entry.taken]) in \(entry.count) of \(all) frames"
    }
    print("\nMost confused (\(name)):", texts.joined(separator: "; "))
  }
}

extension Layer {
  /// How often each true phoneme was taken for each.
  func confusions(_ test: [LabelledFrames]) -> [[Int]] {
    var counts = Array(repeating: Array(repeating: 0, count: 8), count: 8)
    for utterance in test {
      let chosen = self(utterance.frames.expanded(at: 0)).argmax(axis: 2)
      for (truth, prediction) in zip(utterance.labels, chosen) { counts[truth][prediction] += 1 }
    }
    return counts
  }
}
