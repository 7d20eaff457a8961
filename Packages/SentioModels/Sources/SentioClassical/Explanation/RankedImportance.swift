import SentioMetrics

/// A feature with how much it matters and how sure that is: a row of a report's table.
public struct RankedImportance: Hashable, Sendable, Codable {
  /// The name of the feature.
  public let column: String
  /// How much it matters, with an interval over resamples of rows.
  public let importance: ConfidenceInterval
  /// Whether larger values of the feature go with larger contributions: Spearman's correlation of the two, -1...1.
  ///
  /// NaN where it is not known (shuffling does not say) or not defined.
  @UndefinedAsNull public private(set) var direction: Double

  init(column: String, importance: ConfidenceInterval, direction: Double = .nan) {
    self.column = column
    self.importance = importance
    self.direction = direction
  }
}

extension Regressor {
  /// The features that matter most by shuffling, with intervals.
  ///
  /// The interval says how far the loss would be another one with other rows: rows are resampled, and each resample is
  /// scored with and without the shuffled feature, averaged over shuffles and outputs. A feature whose interval holds 0
  /// may not matter at all.
  ///
  /// - Parameters:
  ///   - design: at least 2 rows that the model was not trained on, with the model's columns.
  ///   - targets: their labels.
  ///   - count: how many features at most.
  ///   - metric: the measure; it must prefer a direction.
  ///   - repeats: how often each feature is shuffled, at least 1.
  ///   - seed: of the shuffles.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples; each costs two scores a shuffle and output.
  /// - Returns: the features, the largest loss first.
  /// - Throws: as ``permutationImportance(_:_:metric:repeats:seed:)``, and for an impossible option.
  public func rankedPermutationImportance(
    _ design: Design, _ targets: Targets, count: Int = 10,
    metric: RegressionMetric = .coefficientOfDetermination, repeats: Int = 5, seed: UInt64 = 0,
    level: Double = 0.95, resampling: Resampling = Resampling(count: 1000)
  ) throws -> [RankedImportance] {
    let shuffles = try ShuffledPredictions(
      self, design, targets, metric: metric, repeats: repeats, seed: seed)
    let all = try permutationImportance(
      design, targets, metric: metric, repeats: repeats, seed: seed)
    let chosen = all.indices.sorted { (all[$1].mean, $0) < (all[$0].mean, $1) }.prefix(count)
    return try chosen.map { column in
      let predicted = try shuffles.predictions(column)
      let distribution = try BootstrapDistribution(
        sampleCount: design.rowCount, resampling: resampling
      ) { rows in
        let losses = predicted.flatMap { shuffles.losses($0, rows: rows) }
        return losses.reduce(0, +) / Double(losses.count)
      }
      return RankedImportance(
        column: columns[column], importance: try distribution.interval(level: level))
    }
  }
}

extension Regressor {
  /// How much worse one output becomes when one feature is shuffled, with its interval over rows.
  ///
  /// - Parameters:
  ///   - column: the feature's name, one of the model's.
  ///   - output: the number of the output.
  ///   - design: at least 2 rows that the model was not trained on, with the model's columns.
  ///   - targets: their labels.
  ///   - metric: the measure; it must prefer a direction.
  ///   - repeats: how often the feature is shuffled, at least 1.
  ///   - seed: of the shuffles; the same as of ``permutationImportance(_:_:metric:repeats:seed:)`` gives its estimate.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples of rows.
  /// - Returns: the mean loss over the shuffles.
  /// - Throws: as ``permutationImportance(_:_:metric:repeats:seed:)``, for a column that the model has not, and for an
  ///   impossible option.
  public func permutationImportance(
    of column: String, output: Int, _ design: Design, _ targets: Targets,
    metric: RegressionMetric = .coefficientOfDetermination, repeats: Int = 5, seed: UInt64 = 0,
    level: Double = 0.95, resampling: Resampling = Resampling(count: 1000)
  ) throws -> ConfidenceInterval {
    precondition(
      (0..<targets.outputCount).contains(output),
      "output \(output) of \(targets.outputCount)")
    guard let index = columns.firstIndex(of: column) else {
      throw ClassicalError.columnsDiffer(missing: [], extra: [column])
    }
    let shuffles = try ShuffledPredictions(
      self, design, targets, metric: metric, repeats: repeats, seed: seed)
    let predicted = try shuffles.predictions(index)
    return try BootstrapDistribution(sampleCount: design.rowCount, resampling: resampling) { rows in
      predicted.reduce(0) { $0 + shuffles.losses($1, rows: rows)[output] } / Double(repeats)
    }.interval(level: level)
  }
}

extension Pipeline {
  /// What each selected feature added to the prediction of each row, for a pipeline that ends in trees.
  ///
  /// - Parameters:
  ///   - design: a table with the model's columns.
  ///   - output: the number of the output.
  /// - Returns: one for each row, features in the order of ``selectedColumns``; nil for another regression.
  /// - Throws: as ``Regressor/predict(_:)``.
  public func contributions(_ design: Design, output: Int) throws -> [Contributions]? {
    guard case .boostedTrees(let trees) = fitted else { return nil }
    return try trees.contributions(prepared(design), output: output)
  }

  /// The features that move predictions most, by the mean of their absolute SHAP values, with intervals.
  ///
  /// - Parameters:
  ///   - design: at least 1 row with the model's columns.
  ///   - output: the number of the output.
  ///   - count: how many features at most.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples of rows.
  /// - Returns: the features, the largest mean first; nil for a pipeline that does not end in trees.
  /// - Throws: as ``Regressor/predict(_:)``, and for an impossible option.
  public func rankedContributions(
    _ design: Design, output: Int, count: Int = 10, level: Double = 0.95,
    resampling: Resampling = Resampling(count: 1000)
  ) throws -> [RankedImportance]? {
    guard case .boostedTrees(let trees) = fitted else { return nil }
    let features = try prepared(design)
    let all = try trees.contributions(features, output: output)
    let names = trees.columns
    let sizes = names.indices.map { column in all.map { $0.values[column].magnitude } }
    let means = sizes.map { $0.reduce(0, +) / Double(max(1, $0.count)) }
    let chosen = names.indices.sorted { (means[$1], $0) < (means[$0], $1) }.prefix(count)
    return try chosen.map { column in
      let own = sizes[column]
      let distribution = try BootstrapDistribution(
        sampleCount: own.count, resampling: resampling
      ) { rows in rows.reduce(0) { $0 + own[$1] } / Double(rows.count) }
      let values = stride(from: column, to: features.values.count, by: names.count).map {
        Double(features.values[$0])
      }
      return RankedImportance(
        column: names[column], importance: try distribution.interval(level: level),
        direction: values.count < 2
          ? .nan : try spearmanCorrelation(values, all.map { $0.values[column] }))
    }
  }

  /// The table that the regression sees.
  private func prepared(_ design: Design) throws -> Design {
    let ordered = try design.selectingColumns(columns)
    try ordered.requireFinite()
    let x = Preparation(selected: selected, scaler: scaler).apply(
      Matrix(rows: ordered.rowCount, ordered.values, columns: columns.count))
    return try Design(
      rows: ordered.rows, columns: selectedColumns, values: x.values.map { Float($0) })
  }
}
