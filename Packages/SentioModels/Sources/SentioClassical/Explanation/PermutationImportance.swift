import SentioMetrics

/// How much worse a model becomes when one feature's values are shuffled among the rows.
public struct PermutationImportance: Hashable, Sendable {
  /// The name of the feature.
  public let column: String
  /// The loss of the measure in each repeat and output, row-major `[R, K]`; positive where shuffling hurt.
  public let losses: [Double]
  /// The number of outputs, `K`.
  public let outputCount: Int

  /// The mean loss over repeats and outputs.
  public var mean: Double { losses.reduce(0, +) / Double(losses.count) }
  /// The mean loss of one output.
  public func mean(output: Int) -> Double {
    let own = strided(losses, column: output, of: outputCount)
    return own.reduce(0, +) / Double(own.count)
  }
  /// The population deviation, over repeats, of the mean over outputs.
  public var deviation: Double {
    let means = stride(from: 0, to: losses.count, by: outputCount).map { start in
      losses[start..<start + outputCount].reduce(0, +) / Double(outputCount)
    }
    let mean = mean
    return (means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count)).squareRoot()
  }
}

extension Regressor {
  /// Measures each feature by shuffling it.
  ///
  /// Works for any model and any measure. Rows that the model was not trained on show what
  /// generalizes. Of two features that say the same, each hides the other.
  ///
  /// - Parameters:
  ///   - design: at least 2 rows, with the model's columns.
  ///   - targets: their labels.
  ///   - metric: the measure; it must prefer a direction.
  ///   - repeats: how often each feature is shuffled, at least 1.
  ///   - seed: the same seed gives the same shuffles, whichever features are asked for.
  /// - Returns: one a feature, in the order of the model's columns.
  /// - Throws: as ``Regressor/predict(_:)``, and where counts disagree.
  ///
  /// *Reference:* L. Breiman, "Random forests", 2001; scikit-learn 1.9 `permutation_importance`.
  public func permutationImportance(
    _ design: Design, _ targets: Targets,
    metric: RegressionMetric = .coefficientOfDetermination, repeats: Int = 5, seed: UInt64 = 0
  ) throws -> [PermutationImportance] {
    let shuffles = try ShuffledPredictions(
      self, design, targets, metric: metric, repeats: repeats, seed: seed)
    let rows = Array(0..<design.rowCount)
    return try columns.indices.map { column in
      let predicted = try shuffles.predictions(column)
      return PermutationImportance(
        column: columns[column],
        losses: (0..<repeats).flatMap { shuffles.losses(predicted[$0], rows: rows) },
        outputCount: targets.outputCount)
    }
  }
}

/// A model's predictions for rows, and for the same rows with one feature shuffled.
struct ShuffledPredictions: Sendable {
  private let model: any Regressor
  private let features: [Float]
  private let truths: [[Double]]
  /// By output.
  private let reference: [[Double]]
  private let metric: RegressionMetric
  private let repeats: Int
  private let seed: UInt64

  init(
    _ model: some Regressor, _ design: Design, _ targets: Targets, metric: RegressionMetric,
    repeats: Int, seed: UInt64
  ) throws {
    precondition(repeats >= 1, "repeats must be at least 1, and is \(repeats)")
    precondition(metric.preference != nil, "\(metric) prefers neither high nor low values")
    let ordered = try design.selectingColumns(model.columns)
    try checkTrainingSet(ordered, targets)
    self.model = model
    features = ordered.values
    let outputs = targets.outputCount
    truths = (0..<outputs).map(targets.column)
    let values = try model.predict(features: features)
    reference = (0..<outputs).map { strided(values, column: $0, of: outputs) }
    self.metric = metric
    self.repeats = repeats
    self.seed = seed
  }

  private var rowCount: Int { truths[0].count }

  /// The predictions by repeat and output, `[R][K][N]`.
  func predictions(_ column: Int) throws -> [[[Double]]] {
    let (rows, width, outputs) = (rowCount, model.columns.count, truths.count)
    var generator = SeededGenerator(seed: seed ^ (UInt64(column + 1) &* 0x2545_f491_4f6c_dd1d))
    // All repeats in one prediction: [R · N, D]
    var shuffled: [Float] = []
    shuffled.reserveCapacity(repeats * features.count)
    for repetition in 0..<repeats {
      shuffled += features
      for (row, source) in generator.permutation(rows).enumerated() {
        shuffled[(repetition * rows + row) * width + column] = features[source * width + column]
      }
    }
    let predicted = try model.predict(features: shuffled)
    let count = rows * outputs
    return (0..<repeats).map { repetition in
      let own = Array(predicted[repetition * count..<(repetition + 1) * count])
      return (0..<outputs).map { strided(own, column: $0, of: outputs) }
    }
  }

  /// How much worse the measure of some rows is with these predictions, one number an output.
  func losses(_ predicted: [[Double]], rows: [Int]) -> [Double] {
    let sign = metric.preference == .higher ? 1.0 : -1.0
    return truths.indices.map { output in
      let truth = rows.map { truths[output][$0] }
      func score(_ values: [Double]) -> Double {
        // The rows were checked: only a resample without variation has no measure.
        (try? metric.value(prediction: rows.map { values[$0] }, truth: truth)) ?? .nan
      }
      return sign * (score(reference[output]) - score(predicted[output]))
    }
  }
}
