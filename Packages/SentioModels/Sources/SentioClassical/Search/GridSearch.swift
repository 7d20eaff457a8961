import SentioMetrics

/// Tries a list of settings by cross-validation and ranks them.
///
/// The result does not depend on the number of threads. The search sees training rows only; what is to
/// be reported must be measured on rows that took no part in it.
public struct GridSearch: Sendable {
  /// The settings to try, at least one.
  public var candidates: [Pipeline.Settings]
  /// The measure by which they are ranked.
  public var metric: RegressionMetric

  /// Creates a search.
  ///
  /// - Parameters:
  ///   - candidates: the settings to try, at least one; of ties the first wins.
  ///   - metric: the measure, averaged over outputs and folds; R² by default. It must prefer a
  ///     direction, which the bias and the slope do not.
  public init(
    _ candidates: [Pipeline.Settings], metric: RegressionMetric = .coefficientOfDetermination
  ) {
    precondition(!candidates.isEmpty, "a search needs at least one candidate")
    precondition(metric.preference != nil, "\(metric) prefers neither high nor low values")
    self.candidates = candidates
    self.metric = metric
  }

  /// Runs the search.
  ///
  /// - Parameters:
  ///   - design: the training features, `[N, D]`; finite.
  ///   - targets: the training labels, `[N, K]`.
  ///   - folds: the division of the rows; each fold needs at least 2.
  ///   - progress: called as fits finish, one call at a time.
  /// - Returns: the score of every candidate.
  /// - Throws: ``ClassicalError`` naming the row or column at fault, or a setting out of range.
  public func run(
    _ design: Design, _ targets: Targets, folds: Folds,
    progress: (@Sendable (CrossValidation.Progress) -> Void)? = nil
  ) throws -> SearchResult {
    for fold in 0..<folds.count where folds.heldOut(fold).count < 2 {
      throw ClassicalError.badFold(number: fold, reason: "holds one row; a score needs two")
    }
    let predictions = try CrossValidation.predictions(
      design, targets, folds: folds, candidates: candidates, progress: progress)
    let scores = try zip(candidates, predictions).map { settings, predicted in
      try CandidateScore(
        settings: settings, metric: metric, predicted: predicted, targets: targets, folds: folds)
    }
    return SearchResult(metric: metric, scores: scores)
  }
}

/// How well one candidate did.
public struct CandidateScore: Hashable, Sendable {
  /// The candidate.
  public let settings: Pipeline.Settings
  /// The measure on each fold and output, row-major `[folds, K]`; NaN where it is not defined.
  public let values: [Double]
  /// The number of outputs, `K`.
  public let outputCount: Int

  init(
    settings: Pipeline.Settings, metric: RegressionMetric, predicted: Predictions,
    targets: Targets, folds: Folds
  ) throws {
    let count = targets.outputCount
    var values: [Double] = []
    for fold in 0..<folds.count {
      let rows = folds.heldOut(fold)
      for output in 0..<count {
        values.append(
          try metric.value(
            prediction: rows.map { predicted.values[$0 * count + output] },
            truth: rows.map { targets.values[$0 * count + output] }))
      }
    }
    self.settings = settings
    self.values = values
    outputCount = count
  }

  /// The mean over outputs, for each fold.
  public var foldMeans: [Double] {
    stride(from: 0, to: values.count, by: outputCount).map { start in
      values[start..<start + outputCount].reduce(0, +) / Double(outputCount)
    }
  }
  /// The mean over folds and outputs.
  public var mean: Double { foldMeans.reduce(0, +) / Double(foldMeans.count) }
  /// The population deviation of ``foldMeans``.
  public var deviation: Double {
    let mean = mean
    return
      (foldMeans.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(foldMeans.count))
      .squareRoot()
  }
  /// The mean over folds of one output.
  public func mean(output: Int) -> Double {
    let own = strided(values, column: output, of: outputCount)
    return own.reduce(0, +) / Double(own.count)
  }
}

/// The scores of a search.
public struct SearchResult: Hashable, Sendable {
  /// The measure.
  public let metric: RegressionMetric
  /// One a candidate, in the order of the search.
  public let scores: [CandidateScore]

  /// The candidates from the best to the worst; those without a defined score come last.
  public var ranking: [CandidateScore] {
    scores.indices.sorted { isBetter($0, $1) }.map { scores[$0] }
  }
  /// The best candidate; of ties the first.
  public var best: CandidateScore { scores[scores.indices.min(by: isBetter)!] }

  private func isBetter(_ a: Int, _ b: Int) -> Bool {
    func key(_ index: Int) -> Double {
      let mean = scores[index].mean
      if mean.isNaN { return .infinity }
      return metric.preference == .lower ? mean : -mean
    }
    return (key(a), a) < (key(b), b)
  }
}
