import ArgumentParser
import Foundation
import SentioData
import SentioModels
import SentioNN
import SentioTensor

/// Lesson 10: melodies from a note.
struct GenerationLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generation",
    abstract: "Melodies from a first note: temperature, the largest k, conditions; as sound.",
    discussion: """
      A generator learns melodies whose second phrase answers the first; the mode is a condition. Sampling at a low temperature repeats what
      is safe, at a high one it forgets the rules: the table counts how often an answer still has the contour of its
      question, and how many different melodies come out. Beside it stands a network of dilated causal convolutions (as
      WaveNet's), which sees 16 notes back and keeps no state. With --output the melodies are written as WAV files.
      """)

  @OptionGroup var options: LessonOptions

  func run() throws {
    let task = MelodyTask(phrases: 2)
    let training = SequenceBatches(
      task.melodies(1024, seed: options.seed), batchSize: 32, seed: options.seed)
    let test = SequenceBatches(task.melodies(128, seed: options.seed + 1000), batchSize: 128)
    var stream = RandomStream(seed: options.seed, "weights")
    let fitted = try fit(
      .nextToken,
      SequenceGenerator(
        .init(
          vocabulary: MelodyTask.vocabulary, embedding: 16, RecurrentStack(.gru, units: 64),
          conditions: 2), from: &stream), training, test, epochs: 30)
    let convolutions = try fit(
      StepObjective<Sequential> { model, batch in
        let tokens = batch.inputs.scalars.map { Int($0) }
        let rows = Tensor.oneHot(tokens, depth: MelodyTask.vocabulary)
        // [N·L, V] -> [N, L, V] -> [N, V, L], and back
        let x = rows.reshaped(Array(batch.inputs.shape) + [MelodyTask.vocabulary])
        return model(x.transposed()).transposed()
      }, Self.causalConvolutions(from: &stream), training, test, epochs: 30)
    printTable(
      "The next note of 128 melodies (best possible: 0.62 nats)",
      ["network", "parameters", "nats a note", "right"],
      [
        [
          "GRU 64, mode given", "\(fitted.model.parameterCount.total)",
          formatted(fitted["loss"]), percent(fitted["accuracy"]),
        ],
        [
          "causal convolutions, dilation 1, 2, 4, 8",
          "\(convolutions.model.parameterCount.total)", formatted(convolutions["loss"]),
          percent(convolutions["accuracy"]),
        ],
      ])
    let samplings: [(String, TokenSampling)] = [
      ("greedy", .greedy), ("temperature 0.5", .random(temperature: 0.5)),
      ("temperature 1", .random()), ("temperature 1, largest 3", .random(topK: 3)),
      ("temperature 2", .random(temperature: 2)),
    ]
    var rows: [[String]] = []
    for (network, isGRU) in [("GRU", true), ("convolutions", false)] {
      for (name, sampling) in samplings {
        var draws = RandomStream(seed: options.seed, "draws")
        let melodies = (0..<100).map { index -> [Int] in
          // A melody in major starts on the tonic, one in minor on the fifth below it.
          let first = index % 2 == 0 ? 8 : 5
          if isGRU {
            return fitted.model.generate(
              from: [first], count: 15, sampling, condition: index % 2, from: &draws)
          }
          return Self.generate(
            convolutions.model, from: first, count: 15, sampling, from: &draws)
        }
        if let url = try options.place("melody, \(network), \(name).wav") {
          try AudioEncoder(.wav()).write(
            Self.sound(melodies[0], mode: 0), sampleRate: Self.sampleRate, to: url)
        }
        rows.append([network, name] + Self.judged(melodies))
      }
    }
    printTable(
      "100 melodies from their first note",
      [
        "network", "sampling", "different ones", "answers with the question's contour",
        "end on the tonic", "the first one (MIDI)",
      ], rows)
    if let output = options.output { print("\nheard: \(output)/melody, ….wav") }
  }

  /// How many melodies differ, keep the rule of the answer, and end on the tonic; and the first one.
  static func judged(_ melodies: [[Int]]) -> [String] {
    let count = Double(melodies.count)
    let answered = melodies.count { melody in
      Set((0..<7).map { melody[8 + $0] - melody[$0] }).count == 1
    }
    let closed = melodies.count { $0[15] == 8 }
    let pitches = melodies[0].map { MelodyTask.pitch(of: $0, mode: 0).map(String.init) ?? "end" }
    return [
      "\(Set(melodies).count)", percent(Double(answered) / count), percent(Double(closed) / count),
      pitches.joined(separator: " "),
    ]
  }

  /// A melody by a network without a state: every note looks at all notes before it once more.
  static func generate(
    _ model: Sequential, from first: Int, count: Int, _ sampling: TokenSampling,
    from stream: inout RandomStream
  ) -> [Int] {
    var tokens = [first]
    for _ in 0..<count {
      let rows = Tensor.oneHot(tokens, depth: MelodyTask.vocabulary)
      // [L, V] -> [1, V, L]
      let logits = model(rows.transposed().expanded(at: 0)).selected(-1, axis: 2)
      tokens.append(sampling.token(of: logits.scalars, from: &stream))
    }
    return tokens
  }

  /// Convolutions that see only the past, each twice as far as the one before.
  static func causalConvolutions(from stream: inout RandomStream) -> Sequential {
    var layers: [AnyLayer] = []
    for (index, dilation) in [1, 2, 4, 8].enumerated() {
      layers.append(
        AnyLayer(
          Conv1D(
            index == 0 ? MelodyTask.vocabulary : 32, 32, kernel: 2, dilation: dilation,
            padding: .causal, activation: .relu, from: &stream)))
    }
    layers.append(AnyLayer(Conv1D(32, MelodyTask.vocabulary, kernel: 1, from: &stream)))
    return Sequential(layers)
  }

  static let sampleRate = 22_050

  /// A melody as sound: a third of a second a note, a sine and its octave, fading.
  static func sound(_ melody: [Int], mode: Int) -> [Float] {
    melody.flatMap { token -> [Float] in
      let count = sampleRate / 3
      guard let pitch = MelodyTask.pitch(of: token, mode: mode) else {
        return Array(repeating: 0, count: count)
      }
      let frequency = 440 * pow(2, Double(pitch - 69) / 12)
      return (0..<count).map { index in
        let time = Double(index) / Double(sampleRate)
        // 5 ms of attack and a fall to zero at the end, so that nothing clicks.
        let level = min(1, time / 0.005) * (1 - Double(index) / Double(count))
        let phase = 2 * Double.pi * frequency * time
        return Float(0.3 * level * (sin(phase) + 0.4 * sin(2 * phase)))
      }
    }
  }
}
