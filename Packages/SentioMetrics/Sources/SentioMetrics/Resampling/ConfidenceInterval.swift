/// A statistic with the limits between which it lies at a level of confidence.
public struct ConfidenceInterval: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The statistic of the set itself, NaN where undefined.
  @UndefinedAsNull public var estimate: Double
  /// The lower limit, NaN where undefined.
  @UndefinedAsNull public var lower: Double
  /// The upper limit, NaN where undefined.
  @UndefinedAsNull public var upper: Double
  /// The level of confidence, such as 0.95.
  public var level: Double
  /// How the limits were found.
  public var method: IntervalMethod

  /// Creates an interval.
  ///
  /// - Parameters:
  ///   - estimate: the statistic of the set itself.
  ///   - lower: the lower limit.
  ///   - upper: the upper limit.
  ///   - level: the level of confidence, in 0..<1.
  ///   - method: how the limits were found.
  public init(
    estimate: Double, lower: Double, upper: Double, level: Double, method: IntervalMethod
  ) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
  }

  /// The distance of the limits.
  public var width: Double { upper - lower }

  /// Whether `value` lies between the limits, which count as inside; false where they are NaN.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// The three numbers to three decimals, such as `0.740 [0.710, 0.770]`.
  public var description: String {
    "\(threeDecimals(estimate)) [\(threeDecimals(lower)), \(threeDecimals(upper))]"
  }
}

/// A number with three decimals, without Foundation.
func threeDecimals(_ value: Double) -> String {
  guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
  let thousandths = Int((value.magnitude * 1000).rounded())
  let fraction = String(thousandths % 1000)
  let sign = value < 0 && thousandths > 0 ? "-" : ""
  return sign + "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count)
    + fraction
}

/// How the limits of a bootstrap interval follow from the replicates.
public enum IntervalMethod: String, CaseIterable, Hashable, Sendable, Codable {
  /// The quantiles of the replicates at (1 - level)/2 and (1 + level)/2.
  case percentile
  /// Quantiles that are moved to correct the bias and the skewness of the replicates (BCa);
  /// second-order accurate, at the price of one evaluation per sample.
  ///
  /// *Reference:* B. Efron, "Better bootstrap confidence intervals", JASA 82, 1987.
  case biasCorrectedAccelerated
}
