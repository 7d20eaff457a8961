import ArgumentParser
import Foundation
import SentioModels
import SentioNN
import SentioReport
import SentioTensor

/// Lesson 9: a decoder that looks back at what was read.
struct AttentionLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attention",
    abstract: "Encoder and decoder with and without attention; the weights as a picture.",
    discussion: """
      Without attention all that was read must pass through one state; with it the decoder takes, at each step, the mean of
      the encoder's steps, weighed by score = v·tanh(W_q·q + W_k·k + b) and a softmax. The task is to write down
      numbers as they are read aloud ("55" is "double five"); the table goes by the length of the number. The weights of one number are
      printed and drawn: the decoder walks along the digits. Beams are compared with greed by the likelihood of what they write.
      Attention of a sequence to itself, in heads, is the next step (transformers): see VisionTransformer and
      AudioSpectrogramTransformer in SentioModels.
      """)

  @OptionGroup var options: LessonOptions

  func run() throws {
    let task = DigitReadingTask(digits: 1...8)
    let training = SequenceBatches(
      task.pairs(1200, seed: options.seed), batchSize: 32, seed: options.seed, bucket: 4)
    let test = task.pairs(240, seed: options.seed + 1000)
    var rows: [[String]] = []
    var attentive: SequenceTranslator?
    for (name, attention) in [("one state", nil), ("attention", 24)] as [(String, Int?)] {
      var stream = RandomStream(seed: options.seed, "weights")
      let model = SequenceTranslator(
        .init(
          .tokens(vocabulary: 10, embedding: 16), targets: DigitReadingTask.phonemes.count,
          RecurrentStack(.gru, units: 48, isBidirectional: true), attention: attention,
          maximumLength: 48), from: &stream)
      let result = try fit(
        TranslationObjective(writes: false), model, training,
        SequenceBatches(test, batchSize: 120), epochs: 16)
      let groups = [1...2, 3...4, 5...6, 7...8].map { range -> String in
        let part = test.filter { range.contains($0.source.count) }
        let written = result.model.translate(part.map(\.source))
        let right = zip(written, part).count { $0.tokens == $1.target }
        return percent(Double(right) / Double(max(1, part.count)))
      }
      rows.append(
        [name, "\(model.parameterCount.total)", formatted(result["perplexity"], 2)] + groups)
      if attention != nil { attentive = result.model }
    }
    printTable(
      "Numbers that are read right in every phoneme, by their digits",
      ["decoder sees", "parameters", "perplexity", "1–2", "3–4", "5–6", "7–8"], rows)
    guard let model = attentive else { return }
    try show(model, [4, 7, 7, 0, 2])
    let sources = test.prefix(60).map(\.source)
    let rowsOfBeams = [1, 2, 4, 8].map { width -> [String] in
      let written =
        width == 1 ? model.translate(sources) : model.translate(sources, .beam(width: width))
      let mean = written.reduce(0) { $0 + $1.logLikelihood } / Double(written.count)
      let right = zip(written, test).count { $0.tokens == $1.target }
      return [
        width == 1 ? "greedy" : "beam of \(width)", formatted(mean),
        percent(Double(right) / Double(sources.count)),
      ]
    }
    printTable(
      "Decoding 60 numbers", ["decoding", "mean log-likelihood", "right in every phoneme"],
      rowsOfBeams)
  }

  private func show(_ model: SequenceTranslator, _ number: [Int]) throws {
    let written = model.translate([number])[0]
    let names = written.tokens.map { DigitReadingTask.phonemes[$0] } + ["end"]
    print("\n\(number.map(String.init).joined()) is read: \(names.joined(separator: " "))")
    printTable(
      "Attention: the share of each digit",
      ["phoneme"] + number.map(String.init),
      zip(names, written.attention).map { name, weights in
        [name] + weights.map { formatted(Double($0), 2) }
      })
    try options.draw(
      "attention.svg",
      StandaloneHeatMap(
        "What the decoder looks at", horizontal: "digits that were read",
        vertical: "phonemes", rows: written.attention.map { $0.map(Double.init) },
        rowNames: Array(names.prefix(written.attention.count)),
        columnNames: number.map(String.init)
      ).standalone())
  }
}
