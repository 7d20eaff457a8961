import ArgumentParser
import Foundation
import SentioModels
import SentioNN
import SentioReport
import SentioTensor

/// Lesson 8: settings by grid, by chance, and by a model of what was tried.
struct TuningLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tuning",
    abstract: "Hidden units, layers, rate and dropout by grid, random and Bayesian search.",
    discussion: """
      A GRU labeler of phonemes in much noise and of few utterances, so that dropout matters. Each search has the same number of trials, and is judged by
      the phonemes of a validation set; the best of each is trained again and measured on a test set that no search has
      seen. The Bayesian search fits a Gaussian process to the losses so far and tries the point where it expects the
      largest improvement.
      Usual starts: 32 to 128 units, 1 or 2 layers, Adam at 1e-3 to 1e-2, gradients clipped at norm 1, dropout 0.2 to
      0.5 between layers and on inputs, the same mask at all steps where it is within the recurrence.
      """)

  @OptionGroup var options: LessonOptions

  @Option(help: "The trials of each search, at least 6; the grid has 16.")
  var trials = 16

  @Option(help: "How many seeds of the searches, at least 1.")
  var seeds = 1

  func validate() throws {
    guard trials >= 6, seeds >= 1 else {
      throw ValidationError("--trials must be at least 6 and --seeds at least 1")
    }
  }

  func run() throws {
    let task = PhonemeTask(noise: 1.2)
    let training = SequenceBatches(
      task.utterances(60, seed: options.seed), batchSize: 12, seed: options.seed)
    let validation = SequenceBatches(
      task.utterances(80, seed: options.seed + 1000), batchSize: 80)
    let test = SequenceBatches(task.utterances(300, seed: options.seed + 2000), batchSize: 100)
    let space = SearchSpace([
      .init("units", .list([8, 32])), .init("layers", .list([1, 2])),
      .init("rate", .logarithmic(1e-3...1e-1)), .init("dropout", .linear(0...0.6)),
    ])
    func train(
      _ settings: [String: Double], _ data: SequenceBatches<LabelledFrames>
    ) throws -> Fitted<SequenceLabeler> {
      var stream = RandomStream(seed: options.seed, "weights")
      let dropout = Float(settings["dropout"]!)
      let model = SequenceLabeler(
        .init(
          features: 13, outputs: 8,
          RecurrentStack(
            .gru, units: Int(settings["units"]!), layers: Int(settings["layers"]!),
            isBidirectional: true, inputDropout: dropout / 2, layerDropout: dropout,
            outputDropout: dropout)), from: &stream)
      return try fit(.phonemes, model, training, data, epochs: 6, rate: settings["rate"]!)
    }
    let methods: [(String, SettingsSearch.Method)] = [
      ("grid", .grid(steps: 2)), ("random", .random(trials: trials)),
      ("Bayesian", .bayesian(trials: trials)),
    ]
    var lines: [StandaloneLineChart.Line] = []
    let rows = try methods.map { name, method in
      var (chosen, tested): ([Double], [Double]) = ([], [])
      var settings: [String: Double] = [:]
      var count = 0
      for seed in 0..<UInt64(seeds) {
        let results = try SettingsSearch(space, method, seed: options.seed + seed).run {
          try train($0, validation)["loss"]
        }
        let best = results.filter(\.value.isFinite).min { $0.value < $1.value }!
        chosen.append(best.value)
        tested.append(100 * (try train(best.settings, test)["accuracy"]))
        (settings, count) = (best.settings, results.count)
        guard seed == 0 else { continue }
        var least = Double.infinity
        lines.append(
          StandaloneLineChart.Line(
            name,
            results.enumerated().map { index, trial in
              least = min(least, trial.value)
              return (Double(index + 1), least)
            }))
      }
      let text = space.dimensions.map { "\($0.name) \(String(format: "%.3g", settings[$0.name]!))" }
      return [
        name, "\(count)", "\(Spread(chosen))", "\(Spread(tested, decimals: 1))",
        text.joined(separator: ", "),
      ]
    }
    printTable(
      "Searches over units, layers, rate and dropout, \(seeds) seeds",
      [
        "search", "trials", "best validation loss", "test frames right, %",
        "its settings (last seed)",
      ], rows)
    try options.draw(
      "tuning.svg",
      StandaloneLineChart(
        "The best so far", horizontal: "trials", vertical: "validation loss", lines
      ).standalone())
  }
}
