import Foundation
import SentioMetrics
import SentioReport

/// What the tests on the models' predictions came to.
struct TestStatistics: Codable {
  var models: [ModelResult] = []
  var baselines: [BaselineResult] = []
  var comparisons: [PairedComparison] = []
  var importance: [SentioReport.FeatureImportance] = []
  var conservatism: [ConservatismResult] = []
  var deployment: Deployment?
  /// How likely labels that were dealt out anew would let each model look as good, by its title.
  var chance: [NamedValue] = []
  var truth: [LabelledSong] = []

  static let fileName = "statistics.json"
}

extension JudgedModel {
  /// How much the model draws extremes towards the middle.
  func conservatism(_ test: LabelledTable, _ resampling: Resampling) throws -> ConservatismResult {
    let measured = try Conservatism(
      prediction: predictions, truth: test.points, scale: test.scale, resampling: resampling)
    func shrinkage(_ dimension: Conservatism.Dimension) -> Shrinkage {
      Shrinkage(
        slope: Interval(dimension.slope), spread: Interval(dimension.spread),
        extremeCount: dimension.extremes.count,
        reach: dimension.extremes.count > 0 ? Interval(dimension.extremes.reach) : nil)
    }
    return ConservatismResult(
      model: card.title, valence: shrinkage(measured.valence),
      arousal: shrinkage(measured.arousal))
  }

  /// The probability that labels of other songs give as high a concordance, the larger of both dimensions.
  func chance(_ test: LabelledTable, _ resampling: Resampling) throws -> Double {
    try [\ValenceArousal.valence, \.arousal].map { dimension in
      try LabelPermutationTest(
        of: .concordanceCorrelation, prediction: predictions.map { $0[keyPath: dimension] },
        truth: test.points.map { $0[keyPath: dimension] }, resampling: resampling
      ).probability
    }.max() ?? .nan
  }

  /// A form in which the model is used, beside its teacher.
  func deployed(
    teacher: JudgedModel?, _ test: LabelledTable, _ resampling: Resampling
  ) throws -> DeployedForm {
    var form = DeployedForm(
      title: card.title, precision: card.precision ?? "float32",
      parameterCount: card.parameterCount, fileSize: card.fileSize ?? 0,
      secondsPerSong: card.predictSecondsPerSong,
      ccc: Interval(intervals.mean[.concordanceCorrelation]))
    if let teacher {
      let kept = try RetainedShare(
        student: predictions, teacher: teacher.predictions, truth: test.points,
        resampling: resampling)
      form.retention = Interval(kept.mean)
      form.valenceRetention = Interval(kept.valence)
      form.arousalRetention = Interval(kept.arousal)
    }
    return form
  }
}
