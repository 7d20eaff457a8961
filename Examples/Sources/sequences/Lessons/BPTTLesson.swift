import ArgumentParser
import Foundation
import SentioModels
import SentioNN
import SentioReport
import SentioTensor

/// Lesson 7: back through time, by hand and measured: vanishing, exploding, clipping, truncation.
struct BPTTLesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bptt",
    abstract: "Backpropagation through time: checked, measured, clipped, truncated.",
    discussion: """
      With δ(t) = (∂L/∂h(t) + W_hh'·δ(t+1)) · (1 − h(t)²), the gradients are ∂L/∂W_hh = Σ δ(t)·h(t−1)',
      ∂L/∂W_xh = Σ δ(t)·x(t)', ∂L/∂b = Σ δ(t): the first table compares this loop with the layer and with differences.
      The factor W_hh'·diag(1 − h²), step after step, makes the gradient vanish or explode: the second table scales W_hh.
      Clipping by norm keeps the direction, clipping by value does not. Truncation after k steps saves memory and forgets:
      the last table trains on a memory of 20 steps with several k.
      """)

  @OptionGroup var options: LessonOptions

  func run() throws {
    check()
    try magnitudes()
    try clipping()
    try truncation()
  }

  private func check() {
    var stream = RandomStream(seed: options.seed, "check")
    let layer = RecurrentStack(.rnn, units: 3).makeLayer(2, from: &stream)
    let x = Tensor.normal([1, 6, 2], from: &stream)
    func loss(_ layer: RecurrentLayer) -> Tensor { layer(x).squared().sum() / 2 }
    let (_, gradients) = valueAndGradient(of: layer) { loss($0) }
    // By hand, from the last step to the first, in double precision.
    let direction = layer.directions.list[0]
    let (h, inputs) = (layer(x).scalars.map(Double.init), x.scalars.map(Double.init))
    let wh = direction.recurrent.scalars.map(Double.init)
    var (dx, dh) = ([Double](repeating: 0, count: 6), [Double](repeating: 0, count: 9))
    var delta = [0.0, 0, 0]
    for step in (0..<6).reversed() {
      let now = Array(h[3 * step..<3 * step + 3])
      let before = step > 0 ? Array(h[3 * step - 3..<3 * step]) : [0, 0, 0]
      delta = (0..<3).map { unit in
        let back = (0..<3).reduce(0) { $0 + wh[3 * $1 + unit] * delta[$1] }
        return (now[unit] + back) * (1 - now[unit] * now[unit])
      }
      for unit in 0..<3 {
        for i in 0..<2 { dx[2 * unit + i] += delta[unit] * inputs[2 * step + i] }
        for i in 0..<3 { dh[3 * unit + i] += delta[unit] * before[i] }
      }
    }
    func worst(_ by: [Double], _ tensor: Tensor) -> Double {
      zip(by, tensor.scalars).map { abs($0 - Double($1)) }.max() ?? .nan
    }
    func difference(_ path: WritableKeyPath<RecurrentDirection, Tensor>, _ count: Int) -> [Double] {
      (0..<count).map { index in
        func value(_ change: Float) -> Double {
          var copy = layer
          copy.directions.list[0][keyPath: path].withUnsafeMutableBufferPointer {
            $0[index] += change
          }
          return Double(loss(copy).scalar)
        }
        return (value(1e-2) - value(-1e-2)) / 2e-2
      }
    }
    printTable(
      "Largest difference of the layer's gradient from",
      ["weight", "the loop by hand", "differences"],
      [
        [
          "W_xh", String(format: "%.0e", worst(dx, gradients[0])),
          String(format: "%.0e", worst(difference(\.input, 6), gradients[0])),
        ],
        [
          "W_hh", String(format: "%.0e", worst(dh, gradients[1])),
          String(format: "%.0e", worst(difference(\.recurrent, 9), gradients[1])),
        ],
      ])
  }

  private func magnitudes() throws {
    let steps = 50
    let scales: [Float] = [0.5, 1, 1.5, 3]
    var lines: [StandaloneLineChart.Line] = []
    let rows = scales.map { scale in
      var stream = RandomStream(seed: options.seed, "magnitudes")
      // Orthogonal weights: their factor alone is 1, and the scale is what it is multiplied by.
      var layer = RecurrentStack(.rnn, units: 32, convention: .keras).makeLayer(4, from: &stream)
      layer.directions.list[0].recurrent *= Tensor(scale)
      let x = Tensor.normal([16, steps, 4], standardDeviation: 0.3, from: &stream)
      let norms = gradientNormsByStep(through: layer, x, from: &stream)
      lines.append(
        StandaloneLineChart.Line(
          "W_hh × \(scale)", (0..<steps).map { (Double($0), norms[steps - 1 - $0]) }))
      return ["\(scale)"]
        + [1, 10, 25, 49].map { String(format: "%.1e", norms[steps - 1 - $0] / norms[steps - 1]) }
    }
    printTable(
      "Gradient by distance, orthogonal W_hh times a scale",
      ["scale", "1 back", "10 back", "25 back", "49 back"], rows)
    try options.draw(
      "gradients.svg",
      StandaloneLineChart(
        "Gradient of the last state", horizontal: "steps back", vertical: "norm",
        isLogarithmic: true, lines
      ).standalone())
  }

  private func clipping() throws {
    let task = AddingTask(length: 12)
    let training = SequenceBatches(
      task.sequences(1024, seed: options.seed), batchSize: 32, seed: options.seed)
    let test = SequenceBatches(task.sequences(256, seed: options.seed + 1000), batchSize: 256)
    let kinds: [(String, GradientClipping?)] = [
      ("none", nil), ("norm 1", .norm(1)), ("value 0.1", .value(0.1)),
    ]
    let rows = try kinds.map { name, clipping in
      var stream = RandomStream(seed: options.seed, "weights")
      var model = SequenceClassifier(
        .init(features: 2, outputs: 1, RecurrentStack(.rnn, units: 32, convention: .keras)),
        from: &stream)
      model.recurrent.directions.list[0].recurrent *= Tensor(1.6)
      let result = try fit(
        .sequences(.meanSquaredError), model, training, test, epochs: 15, rate: 1e-2,
        clipping: clipping)
      return [
        name, formatted(result.history.map(\.gradientNorm).max() ?? .nan, 2),
        formatted(result["loss"], 4),
      ]
    }
    printTable(
      "Adding two of 12 numbers with an RNN whose gradients explode (the mean of all sums: 0.1667)",
      ["clipping", "largest mean norm of an epoch", "squared error"], rows)
  }

  private func truncation() throws {
    let task = CopyTask(symbols: 4, count: 2, delay: 18)
    let training = SequenceBatches(
      task.sequences(512, seed: options.seed), batchSize: 32, seed: options.seed)
    let test = SequenceBatches(task.sequences(256, seed: options.seed + 1000), batchSize: 256)
    let rows = try ([nil, 30, 12, 4] as [Int?]).map { length in
      var stream = RandomStream(seed: options.seed, "weights")
      let model = SequenceLabeler(
        .init(
          features: task.features, outputs: 4,
          RecurrentStack(.lstm, units: 32, truncation: length, memoryBias: 4)), from: &stream)
      let result = try fit(.labels, model, training, test, epochs: 30)
      return [length.map { "\($0) steps" } ?? "none", percent(result["accuracy"])]
    }
    printTable(
      "Two symbols after 18 blanks (chance 25 %), gradients cut after", ["truncation", "right"],
      rows)
  }
}
