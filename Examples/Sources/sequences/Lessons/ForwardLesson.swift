import ArgumentParser
import Foundation
import SentioModels
import SentioNN
import SentioReport
import SentioTensor

/// Lesson 6: the forward pass, step by step, and the hidden state as a picture.
struct ForwardLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward",
    abstract: "A forward pass by hand, and the hidden state over time.",
    discussion: """
      First three steps of an RNN of two units are computed by the formula, number by number, and compared with the layer.
      Then a labeler is trained on phonemes, and its state is drawn over an utterance; the table tells how well the state
      alone says which phoneme was before: what context accumulates in it. At last a wave of two tones is read sample
      by sample: units follow the wave, and some the tone.
      """)

  @OptionGroup var options: LessonOptions

  func run() throws {
    byHand()
    try phonemes()
    try wave()
  }

  private func byHand() {
    var stream = RandomStream(seed: options.seed, "hand")
    let layer = RecurrentStack(.rnn, units: 2).makeLayer(1, from: &stream)
    let inputs: [Float] = [1, 0, -0.5]
    let direction = layer.directions.list[0]
    let (wx, wh) = (direction.input.scalars, direction.recurrent.scalars)
    let bias = (direction.inputBias! + direction.recurrentBias!).scalars
    let computed = layer(Tensor(inputs, shape: [1, 3, 1])).scalars
    var h: [Float] = [0, 0]
    var rows: [[String]] = []
    for (step, x) in inputs.enumerated() {
      let sums = (0..<2).map { wx[$0] * x + wh[2 * $0] * h[0] + wh[2 * $0 + 1] * h[1] + bias[$0] }
      h = sums.map { tanh($0) }
      rows.append([
        "\(step + 1)", formatted(Double(x), 1),
        sums.map { formatted(Double($0)) }.joined(separator: ", "),
        h.map { formatted(Double($0)) }.joined(separator: ", "),
        computed[2 * step..<2 * step + 2].map { formatted(Double($0)) }.joined(separator: ", "),
      ])
    }
    printTable(
      "h(t) = tanh(W_xh·x + W_hh·h(t−1) + b)",
      ["step", "x", "sums", "h by hand", "h of the layer"], rows)
  }

  private func phonemes() throws {
    let training = PhonemeTask().utterances(300, seed: options.seed)
    let test = PhonemeTask().utterances(100, seed: options.seed + 1000)
    var stream = RandomStream(seed: options.seed, "weights")
    let fitted = try fit(
      .phonemes,
      SequenceLabeler(
        .init(features: 13, outputs: 8, RecurrentStack(.gru, units: 24)), from: &stream),
      SequenceBatches(training, batchSize: 16, seed: options.seed, bucket: 4),
      SequenceBatches(test, batchSize: 100), epochs: 10)
    // Another network reads the state, or the frame, and says which phoneme was before the one that sounds.
    func before(_ utterance: LabelledFrames) -> [Int] {
      var before = -1
      return utterance.labels.indices.map { step in
        if step > 0 && utterance.labels[step] != utterance.labels[step - 1] {
          before = utterance.labels[step - 1]
        }
        return before
      }
    }
    func read(_ source: (LabelledFrames) -> Tensor, _ width: Int) throws -> Double {
      func samples(_ utterances: [LabelledFrames]) -> [LabelledFrames] {
        utterances.map { LabelledFrames(id: $0.id, frames: source($0), labels: before($0)) }
      }
      var stream = RandomStream(seed: options.seed, "reader")
      let reader = Sequential {
        Linear(width, 48, activation: .relu, from: &stream)
        Linear(48, 8, from: &stream)
      }
      return try fit(
        StepObjective<Sequential> { $0($1.inputs) }, reader,
        SequenceBatches(samples(training), batchSize: 16, seed: 1, bucket: 4),
        SequenceBatches(samples(test), batchSize: 100), epochs: 10)["accuracy"]
    }
    let recurrent = fitted.model.recurrent
    let state = try read({ recurrent($0.frames.expanded(at: 0)).selected(0, axis: 0) }, 24)
    let frame = try read({ $0.frames }, 13)
    printTable(
      "Which phoneme was before the present one, told from", ["source", "right"],
      [["the frame", percent(frame)], ["the hidden state", percent(state)]])
    let utterance = test[0]
    let states = recurrent(utterance.frames.expanded(at: 0)).selected(0, axis: 0)
    try options.draw(
      "hidden-state.svg",
      StandaloneHeatMap(
        "The 24 units of a GRU over an utterance", horizontal: "frames, by phoneme",
        vertical: "unit", rows: Self.rows(states.transposed()),
        columnNames: utterance.labels.enumerated().map { step, label in
          step > 0 && utterance.labels[step - 1] == label ? "" : PhonemeTask.names[label]
        }
      ).standalone())
  }

  /// A network that predicts the next sample of a wave, and what its units hear.
  private func wave() throws {
    var random = RandomStream(seed: options.seed, "waves")
    func samples(_ count: Int) -> [LabelledFrames] {
      (0..<count).map { index in
        // 80 samples of one tone, and 80 of another, with a phase of their own; which tone sounds is the label.
        let phase = Double(random.next(below: 1000)) / 1000
        let values = (0..<160).map { step -> Float in
          Float(sin(2 * .pi * (phase + Double(step) * (step < 80 ? 0.05 : 0.09))))
        }
        return LabelledFrames(
          id: "wave \(index)", frames: Tensor(values, shape: [160, 1]),
          labels: (0..<160).map { $0 < 80 ? 0 : 1 })
      }
    }
    var stream = RandomStream(seed: options.seed, "weights")
    let training = samples(128).enumerated().map { index, wave -> LabelledFrames in
      guard index % 2 == 1 else { return wave }
      // Half of them the other way round, so that the place does not give the tone away.
      let reversed = Tensor(Array(wave.frames.scalars.reversed()), shape: [160, 1])
      return LabelledFrames(id: wave.id, frames: reversed, labels: wave.labels.reversed())
    }
    let test = samples(32)
    let result = try fit(
      .labels,
      SequenceLabeler(
        .init(features: 1, outputs: 2, RecurrentStack(.lstm, units: 16)), from: &stream),
      SequenceBatches(training, batchSize: 16, seed: options.seed),
      SequenceBatches(test, batchSize: 32), epochs: 15)
    let single = try fit(
      StepObjective<Sequential> { $0($1.inputs) },
      Sequential {
        Linear(1, 16, activation: .tanh, from: &stream)
        Linear(16, 2, from: &stream)
      }, SequenceBatches(training, batchSize: 16, seed: options.seed),
      SequenceBatches(test, batchSize: 32), epochs: 15)
    printTable(
      "Which of two tones sounds, from samples of the wave", ["input", "samples right"],
      [
        ["one sample, 16 units", percent(single["accuracy"])],
        ["samples so far, LSTM 16", percent(result["accuracy"])],
      ])
    let states = result.model.recurrent(test[0].frames.expanded(at: 0)).selected(0, axis: 0)
    try options.draw(
      "wave-state.svg",
      StandaloneHeatMap(
        "The 16 units of an LSTM over a wave whose pitch changes in the middle",
        horizontal: "samples", vertical: "unit", rows: Self.rows(states.transposed())
      ).standalone())
  }

  /// A matrix as rows of numbers.
  static func rows(_ matrix: Tensor) -> [[Double]] {
    (0..<matrix.shape[0]).map { matrix.selected($0, axis: 0).scalars.map(Double.init) }
  }
}
