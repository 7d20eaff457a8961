import SentioData
import SentioMetrics
import SentioReport

/// A model's predictions of the test songs and all that is measured on them.
struct JudgedModel {
  let card: ModelCard
  let predictions: [ValenceArousal]
  let intervals: EmotionIntervals
  private let resampling: Resampling

  private static let metrics: [RegressionMetric] = [
    .concordanceCorrelation, .coefficientOfDetermination, .pearsonCorrelation,
    .meanSquaredError, .meanAbsoluteError, .predictionSlope,
  ]

  /// - Parameters:
  ///   - card: the model, with a prediction for each test song.
  ///   - table: the test songs.
  ///   - resampling: of the intervals.
  /// - Throws: ``CommandError`` where there is not one prediction a song, or `MetricsError`.
  init(_ card: ModelCard, on table: LabelledTable, resampling: Resampling) throws {
    self.card = card
    self.resampling = resampling
    predictions = card.points(table.scale)
    guard predictions.count == table.songs.count else {
      throw CommandError(
        "\(card.name) has \(predictions.count) predictions for \(table.songs.count) test songs")
    }
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
        prediction: predictions, truth: table.points, groups: genres, scale: table.scale,
        intervals: Self.groupMetrics, resampling: resampling
      ).rows : []
    let quadrantMetrics = try GroupBreakdown(
      prediction: predictions, truth: table.points,
      groups: table.points.map { $0.quadrant.name }, scale: table.scale,
      intervals: Self.groupMetrics, resampling: resampling)
    var result = ModelResult(
      name: card.name, title: card.title, settings: card.settings,
      crossValidatedR2: card.crossValidatedR2, parameterCount: card.parameterCount,
      searchSeconds: card.searchSeconds, fitSeconds: card.fitSeconds,
      predictSecondsPerSong: card.predictSecondsPerSong,
      valence: Self.dimension(intervals.valence), arousal: Self.dimension(intervals.arousal),
      meanCCC: Self.interval(intervals.mean[.concordanceCorrelation]),
      predictions: card.predictions,
      quadrants: quadrants.rows.map { row in
        let metrics = quadrantMetrics[row.quadrant.name]?.metrics
        return GroupResult(
          name: row.quadrant.name, count: row.count, valenceMAE: row.valenceMeanAbsoluteError,
          arousalMAE: row.arousalMeanAbsoluteError,
          valenceCCC: metrics?.valence.concordanceCorrelation,
          arousalCCC: metrics?.arousal.concordanceCorrelation,
          intervals: Self.intervals(of: quadrantMetrics[row.quadrant.name]))
      },
      genres: try groups.map { row in
        let errors = try row.metrics ?? Self.errors(of: row.name, in: genres, predictions, table)
        return GroupResult(
          name: row.name, count: row.count, valenceMAE: errors.valence.meanAbsoluteError,
          arousalMAE: errors.arousal.meanAbsoluteError,
          valenceCCC: row.metrics?.valence.concordanceCorrelation,
          arousalCCC: row.metrics?.arousal.concordanceCorrelation,
          intervals: Self.intervals(of: row))
      },
      claimed: ReportedModel(rawValue: card.name)?.claim)
    result.trainingSeconds = card.trainingSeconds
    result.peakMemory = card.peakMemory
    result.fileSize = card.fileSize
    result.realExamples = card.realExamples
    result.syntheticExamples = card.syntheticExamples
    result.epochs = card.epochs
    result.bestEpoch = card.bestEpoch
    result.trainingCCC = card.trainingCCC
    result.validationCCC = card.validationCCC
    result.precision = card.precision
    return result
  }

  private static let groupMetrics: [RegressionMetric] = [
    .concordanceCorrelation, .meanAbsoluteError,
  ]

  private static func intervals(of row: GroupBreakdown.Row?) -> GroupIntervals? {
    guard let intervals = row?.intervals else { return nil }
    return GroupIntervals(
      valenceMAE: interval(intervals.valence[.meanAbsoluteError]),
      arousalMAE: interval(intervals.arousal[.meanAbsoluteError]),
      valenceCCC: interval(intervals.valence[.concordanceCorrelation]),
      arousalCCC: interval(intervals.arousal[.concordanceCorrelation]))
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
