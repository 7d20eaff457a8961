/// The two-sided probability of a correlation at least as strong if the series are unrelated.
///
///     t = r √((n - 2) / (1 - r²)),  Student's t with n - 2 degrees of freedom
///
/// Exact for Pearson's correlation of normal series, and the usual approximation for Spearman's.
/// 0 where |r| is 1 (and n > 2); 1 for n = 2, where any two points lie on a line; NaN for NaN.
///
/// - Parameters:
///   - correlation: Pearson's or Spearman's coefficient, in -1...1.
///   - count: the number of pairs behind it, at least 2.
/// - Returns: a probability, or NaN as said above.
/// - Throws: ``MetricsError`` for fewer than 2 pairs or a coefficient outside -1...1.
///
/// *Reference:* `scipy.stats.pearsonr(x, y).pvalue`, `scipy.stats.spearmanr(x, y).pvalue` 1.17.
public func correlationProbability(
  _ correlation: Double, count: Int
) throws(MetricsError) -> Double {
  try checkCount(count, minimum: 2, statistic: "correlation probability")
  if correlation.isNaN { return .nan }
  guard correlation.magnitude <= 1 else {
    throw .invalidOption(name: "correlation", found: "\(correlation)", expected: "-1 to 1")
  }
  guard count > 2 else { return 1 }
  // I_x(ν/2, 1/2) at x = ν / (ν + t²) = 1 - r².
  let unexplained = (1 - correlation) * (1 + correlation)
  return incompleteBeta(unexplained, Double(count - 2) / 2, 0.5)
}
