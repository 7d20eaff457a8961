/// McNemar's test of whether one of two models gets more songs right.
///
/// It looks only at the songs on which exactly one of the two models is right. For a regression
/// something must first say what "right" is; ``EmotionComparison`` takes the quadrant of the
/// valence-arousal plane.
public struct McNemarTest: Hashable, Sendable, Codable {
  /// Samples that both models get right.
  public let bothCorrect: Int
  /// Samples that only the first model gets right.
  public let onlyFirstCorrect: Int
  /// Samples that only the second model gets right.
  public let onlySecondCorrect: Int
  /// Samples that neither model gets right.
  public let neitherCorrect: Int

  /// Counts paired outcomes.
  ///
  /// - Parameters:
  ///   - firstCorrect: for each sample, whether the first model is right.
  ///   - secondCorrect: the same for the second model, in the same order.
  /// - Throws: ``MetricsError`` for unequal lengths or no sample.
  public init(firstCorrect: [Bool], secondCorrect: [Bool]) throws(MetricsError) {
    try checkEqualLengths(
      "firstCorrect", firstCorrect.count, "secondCorrect", secondCorrect.count)
    try checkCount(firstCorrect.count, minimum: 1, statistic: "McNemar's test")
    var counts = [0, 0, 0, 0]
    for (first, second) in zip(firstCorrect, secondCorrect) {
      counts[(first ? 2 : 0) + (second ? 1 : 0)] += 1
    }
    bothCorrect = counts[3]
    onlyFirstCorrect = counts[2]
    onlySecondCorrect = counts[1]
    neitherCorrect = counts[0]
  }

  /// The number of samples on which exactly one model is right.
  public var discordantCount: Int { onlyFirstCorrect + onlySecondCorrect }

  /// The two-sided probability of a split at least as uneven, by the binomial distribution.
  ///
  ///     p = min(1, 2 P(X ≤ min(b, c))),  X ~ Binomial(b + c, 1/2)
  ///
  /// 1 where no sample is discordant. Right for every count; the form to quote below about 25
  /// discordant samples.
  ///
  /// *Reference:* `statsmodels.stats.contingency_tables.mcnemar(exact=True)` 0.15.
  public var exactProbability: Double {
    let smaller = min(onlyFirstCorrect, onlySecondCorrect)
    guard onlyFirstCorrect != onlySecondCorrect else { return 1 }
    let tail = incompleteBeta(0.5, Double(discordantCount - smaller), Double(smaller + 1))
    return min(1, 2 * tail)
  }

  /// The statistic (|b - c| - k)² / (b + c), with k = 1 for the continuity correction.
  ///
  /// 0 where no sample is discordant. *Differs from:* statsmodels, which lets the correction turn
  /// b = c into a positive statistic; here it stops at 0.
  ///
  /// - Parameter continuityCorrected: whether to subtract 1 from the difference.
  /// - Returns: a value of at least 0.
  public func chiSquared(continuityCorrected: Bool = true) -> Double {
    guard discordantCount > 0 else { return 0 }
    let gap = (onlyFirstCorrect - onlySecondCorrect).magnitude
    let corrected = max(0, Double(gap) - (continuityCorrected ? 1 : 0))
    return corrected * corrected / Double(discordantCount)
  }

  /// The probability of ``chiSquared(continuityCorrected:)`` or more, by χ² with one degree of
  /// freedom.
  ///
  /// - Parameter continuityCorrected: whether to subtract 1 from the difference.
  /// - Returns: a probability in 0...1.
  ///
  /// *Reference:* `statsmodels.stats.contingency_tables.mcnemar(exact=False)` 0.15.
  public func asymptoticProbability(continuityCorrected: Bool = true) -> Double {
    complementaryError(
      (chiSquared(continuityCorrected: continuityCorrected) / 2).squareRoot())
  }
}
