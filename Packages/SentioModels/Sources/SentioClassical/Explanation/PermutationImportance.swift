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
    precondition(repeats >= 1, "repeats must be at least 1, and is \(repeats)")
    precondition(metric.preference != nil, "\(metric) prefers neither high nor low values")
    let ordered = try design.selectingColumns(columns)
    try checkTrainingSet(ordered, targets)
    let rows = design.rowCount
    let width = columns.count
    let sign = metric.preference == .higher ? 1.0 : -1.0
    let truths = (0..<targets.outputCount).map(targets.column)
    func scores(_ predicted: ArraySlice<Double>) throws -> [Double] {
      let values = Array(predicted)
      return try truths.indices.map { output in
        try metric.value(
          prediction: strided(values, column: output, of: truths.count), truth: truths[output])
      }
    }
    let reference = try scores(predict(features: ordered.values)[...])
    return try columns.indices.map { column in
      var generator = SeededGenerator(seed: seed ^ (UInt64(column + 1) &* 0x2545_f491_4f6c_dd1d))
      // All repeats in one prediction: [R · N, D]
      var features: [Float] = []
      features.reserveCapacity(repeats * ordered.values.count)
      for repetition in 0..<repeats {
        features += ordered.values
        for (row, source) in generator.permutation(rows).enumerated() {
          features[(repetition * rows + row) * width + column] =
            ordered.values[source * width + column]
        }
      }
      let predicted = try predict(features: features)
      let count = rows * truths.count
      let losses = try (0..<repeats).flatMap { repetition -> [Double] in
        let shuffled = try scores(predicted[repetition * count..<(repetition + 1) * count])
        return zip(reference, shuffled).map { sign * ($0 - $1) }
      }
      return PermutationImportance(
        column: columns[column], losses: losses, outputCount: truths.count)
    }
  }
}
