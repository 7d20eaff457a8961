import SentioClassical
import SentioData
import SentioMetrics
import SentioReport

/// A model's predictions of the test songs and all that is measured on them.
struct TestOutcome {
  let model: TrainedModel
  let predictions: [ValenceArousal]
  let intervals: EmotionIntervals
  let secondsPerSong: Double

  private static let metrics: [RegressionMetric] = [
    .concordanceCorrelation, .coefficientOfDetermination, .pearsonCorrelation,
    .meanSquaredError, .meanAbsoluteError, .predictionSlope,
  ]

  init(_ model: TrainedModel, on table: LabelledTable, resampling: Resampling) throws {
    self.model = model
    // One song at a time, because that is how a song is predicted in use.
    let start = ContinuousClock.now
    predictions = try table.design.rows.indices.map { row in
      try model.file.predict(table.design.selectingRows([row])).points(scale: table.scale)[0]
    }
    secondsPerSong = seconds(since: start) / Double(table.songs.count)
    intervals = try EmotionIntervals(
      prediction: predictions, truth: table.points, scale: table.scale, metrics: Self.metrics,
      resampling: resampling)
  }

  /// The outcome as the report page takes it.
  func result(on table: LabelledTable) throws -> ModelResult {
    let quadrants = try QuadrantBreakdown(
      prediction: predictions, truth: table.points, scale: table.scale)
    let genres = table.songs.map { $0.genre ?? "unknown" }
    let groups =
      Set(genres).count > 1
      ? try GroupBreakdown(
        prediction: predictions, truth: table.points, groups: genres, scale: table.scale
      ).rows : []
    let quadrantMetrics = try GroupBreakdown(
      prediction: predictions, truth: table.points,
      groups: table.points.map { $0.quadrant.name }, scale: table.scale)
    return ModelResult(
      name: model.name, title: model.title,
      settings: model.settings.map { NamedValue($0.name, $0.value) },
      crossValidatedR2: model.crossValidatedR2,
      parameterCount: model.file.model.regressor.parameterCount,
      searchSeconds: model.searchSeconds, fitSeconds: model.fitSeconds,
      predictSecondsPerSong: secondsPerSong,
      valence: Self.dimension(intervals.valence), arousal: Self.dimension(intervals.arousal),
      meanCCC: Self.interval(intervals.mean[.concordanceCorrelation]),
      predictions: predictions.map { [$0.valence, $0.arousal] },
      quadrants: quadrants.rows.map { row in
        let metrics = quadrantMetrics[row.quadrant.name]?.metrics
        return GroupResult(
          name: row.quadrant.name, count: row.count, valenceMAE: row.valenceMeanAbsoluteError,
          arousalMAE: row.arousalMeanAbsoluteError,
          valenceCCC: metrics?.valence.concordanceCorrelation,
          arousalCCC: metrics?.arousal.concordanceCorrelation)
      },
      genres: try groups.map { row in
        let errors = try row.metrics ?? Self.errors(of: row.name, in: genres, predictions, table)
        return GroupResult(
          name: row.name, count: row.count, valenceMAE: errors.valence.meanAbsoluteError,
          arousalMAE: errors.arousal.meanAbsoluteError,
          valenceCCC: row.metrics?.valence.concordanceCorrelation,
          arousalCCC: row.metrics?.arousal.concordanceCorrelation)
      },
      claimed: ReportedClaims.result(for: model.name))
  }

  /// A group that is too small for a correlation still has errors.
  private static func errors(
    of group: String, in groups: [String], _ predictions: [ValenceArousal],
    _ table: LabelledTable
  ) throws -> EmotionMetrics {
    let rows = groups.indices.filter { groups[$0] == group }
    return try EmotionMetrics(
      prediction: rows.map { predictions[$0] }, truth: rows.map { table.points[$0] },
      scale: table.scale)
  }

  private static func dimension(_ intervals: RegressionIntervals) -> DimensionResult {
    DimensionResult(
      ccc: interval(intervals[.concordanceCorrelation]),
      r2: interval(intervals[.coefficientOfDetermination]),
      pearson: interval(intervals[.pearsonCorrelation]),
      mse: interval(intervals[.meanSquaredError]), mae: interval(intervals[.meanAbsoluteError]),
      slope: intervals[.predictionSlope]?.estimate ?? .nan)
  }

  private static func interval(_ value: ConfidenceInterval?) -> Interval {
    Interval(
      estimate: value?.estimate ?? .nan, lower: value?.lower ?? .nan, upper: value?.upper ?? .nan)
  }
}
