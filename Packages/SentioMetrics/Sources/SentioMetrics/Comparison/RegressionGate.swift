/// Whether a new model may take the place of the one in production.
///
/// Both are judged on the same songs. The new model is held back where it is worse by more than chance explains: where
/// the whole interval of its difference lies on the bad side. A difference that the interval does not settle passes
/// as `.noWorse`; a `margin` makes that strict.
///
///     let gate = try RegressionGate(candidate: new, production: old, truth: rated)
///     guard gate.passes else { throw Refused(gate.description) }
public struct RegressionGate: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The metric that decides.
  public let metric: RegressionMetric
  /// The number of songs.
  public let count: Int
  /// The new model's metric, the mean of valence and arousal.
  @UndefinedAsNull public private(set) var candidate: Double
  /// The production model's.
  @UndefinedAsNull public private(set) var production: Double
  /// By how much the new model is better, in the metric's unit; negative where it is worse.
  public let improvement: ConfidenceInterval
  /// How much worse the new model may be for sure; nil where only a proven loss holds it back.
  public let margin: Double?
  /// What came out.
  public let verdict: Verdict

  /// What came out.
  public enum Verdict: String, Hashable, Sendable, Codable {
    /// The whole interval is on the good side.
    case better
    /// The interval does not show a loss (with a margin: rules out one beyond the margin).
    case noWorse
    /// With a margin: neither a loss beyond it nor its absence is shown.
    case undecided
    /// The whole interval is on the bad side (with a margin: beyond the margin).
    case worse
    /// A metric is not defined, such as the concordance correlation of constant truths.
    case undefined
  }

  /// Whether the new model may take the place.
  public var passes: Bool { verdict == .better || verdict == .noWorse }

  /// Judges.
  ///
  /// - Parameters:
  ///   - candidate: what the new model says, at least 2 points with finite coordinates.
  ///   - production: what the production model says of the same songs.
  ///   - truth: what listeners said of them.
  ///   - scale: the scale on which errors are expressed; it does not matter for correlations.
  ///   - metric: a metric that prefers a direction.
  ///   - margin: how much worse the new model may be, in the metric's unit, at least 0: it passes where the interval
  ///     rules out a larger loss. Nil, the default, lets pass what is not shown to be worse.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 songs, a coordinate that is not finite, or an
  ///   impossible option.
  public init(
    candidate: [ValenceArousal], production: [ValenceArousal], truth: [ValenceArousal],
    scale: EmotionScale = .unit, metric: RegressionMetric = .concordanceCorrelation,
    margin: Double? = nil, level: Double = 0.95, resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    guard let preference = metric.preference else {
      throw .invalidOption(
        name: "metric", found: metric.symbol, expected: "one that prefers a direction")
    }
    if let margin, !(margin >= 0 && margin.isFinite) {
      throw .invalidOption(name: "margin", found: "\(margin)", expected: "at least 0")
    }
    let comparison = try EmotionComparison(
      first: candidate, second: production, truth: truth, scale: scale, metrics: [metric],
      level: level, resampling: resampling
    ).mean[0]
    let gap = comparison.difference
    let isHigher = preference == .higher
    let improvement = ConfidenceInterval(
      estimate: isHigher ? gap.estimate : -gap.estimate, lower: isHigher ? gap.lower : -gap.upper,
      upper: isHigher ? gap.upper : -gap.lower, level: gap.level, method: gap.method)
    self.metric = metric
    count = truth.count
    self.candidate = comparison.first
    self.production = comparison.second
    self.improvement = improvement
    self.margin = margin
    let bound = -(margin ?? 0)
    verdict =
      if improvement.lower.isNaN || improvement.upper.isNaN {
        .undefined
      } else if improvement.lower > 0 {
        .better
      } else if improvement.upper < bound {
        .worse
      } else if margin == nil || improvement.lower >= bound {
        .noWorse
      } else {
        .undecided
      }
  }

  /// One sentence with the numbers.
  public var description: String {
    let words =
      switch verdict {
      case .better: "is better"
      case .noWorse: "is no worse"
      case .undecided: "may be worse than the margin allows"
      case .worse: "is worse"
      case .undefined: "cannot be judged"
      }
    return
      "the new model \(words): \(metric.symbol) \(threeDecimals(candidate)) beside "
      + "\(threeDecimals(production)), improvement \(improvement) on \(count) songs"
  }
}
