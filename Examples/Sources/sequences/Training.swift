import Foundation
import SentioModels
import SentioNN
import SentioTensor

/// What a short training came to.
struct Fitted<Model: Module> {
  let model: Model
  let measures: [String: Double]
  /// The median over epochs, validation not included.
  let secondsPerEpoch: Double
  let history: [EpochRecord]

  /// A measure of the last validation.
  subscript(name: String) -> Double { measures[name] ?? .nan }
}

/// Trains with Adam, a rate that falls along a cosine, and gradients clipped by norm.
func fit<Objective: TrainingObjective>(
  _ objective: Objective, _ model: Objective.Model,
  _ training: any TrainingData<Objective.Batch>, _ test: any TrainingData<Objective.Batch>,
  epochs: Int, rate: Double = 0.01, clipping: GradientClipping? = .norm(1), seed: UInt64 = 1
) throws -> Fitted<Objective.Model> {
  let steps = epochs * training.batchesPerEpoch
  let trainer = Trainer(
    objective,
    optimizer: Optimizer(
      .adam(), learningRate: .cosine(rate, over: steps, minimum: rate / 50), clipping: clipping),
    settings: TrainingSettings(epochs: epochs, seed: seed))
  let outcome = try trainer.train(model, on: training, validation: test)
  let seconds = outcome.history.map {
    Double(training.samplesPerEpoch) / max($0.samplesPerSecond, 1e-9)
  }.sorted()
  return Fitted(
    model: outcome.model, measures: outcome.history.last?.validation ?? [:],
    secondsPerEpoch: seconds.isEmpty ? .nan : seconds[seconds.count / 2],
    history: outcome.history)
}

/// A mean over seeds with the interval of Student's t at 95 %.
struct Spread: CustomStringConvertible {
  let mean: Double
  /// Half of the interval's width; NaN for fewer than two values.
  let half: Double
  let decimals: Int

  init(_ values: [Double], decimals: Int = 3) {
    let count = Double(values.count)
    let center = values.reduce(0, +) / count
    mean = center
    self.decimals = decimals
    // Quantiles of t at 97.5 % for 1 to 9 degrees of freedom.
    let quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]
    guard values.count >= 2 else {
      half = .nan
      return
    }
    let variance = values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (count - 1)
    half = quantiles[min(values.count - 2, 8)] * (variance / count).squareRoot()
  }

  var description: String {
    let text = formatted(mean, decimals)
    return half.isNaN ? text : "\(text) ± \(formatted(half, decimals))"
  }
}

/// A number with a fixed count of decimals.
func formatted(_ value: Double, _ decimals: Int = 3) -> String {
  value.isFinite ? String(format: "%.\(decimals)f", value) : "–"
}

/// A share in percent.
func percent(_ value: Double) -> String { value.isFinite ? formatted(100 * value, 1) + " %" : "–" }
