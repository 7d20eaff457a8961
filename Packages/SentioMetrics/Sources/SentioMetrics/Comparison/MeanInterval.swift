/// The mean of a few independent values, such as one network's score from several seeds, with Student's interval.
///
///     x̄ ± t(1 − α/2, n − 1) · s / √n,    s² = Σ (xᵢ − x̄)² / (n − 1)
///
/// It supposes values that are about normal, and says how far other seeds would lead; it says nothing of other songs. With
/// three values t is 4.30 at 95 %, and with two 12.7: few seeds leave wide intervals, and rightly so.
public struct MeanInterval: Hashable, Sendable, Codable {
  /// How many values there were.
  public let count: Int
  /// Their mean; NaN for none.
  @UndefinedAsNull public private(set) var mean: Double
  /// Their deviation, s; NaN for fewer than two.
  @UndefinedAsNull public private(set) var deviation: Double
  /// The lower limit; NaN for fewer than two values.
  @UndefinedAsNull public private(set) var lower: Double
  /// The upper limit; NaN for fewer than two values.
  @UndefinedAsNull public private(set) var upper: Double

  /// Summarizes values.
  ///
  /// - Parameters:
  ///   - values: independent values.
  ///   - level: the level of confidence, more than 0 and less than 1.
  /// - Throws: ``MetricsError/invalidOption(name:found:expected:)`` for another `level`.
  ///
  /// *Reference:* `scipy.stats.t.interval(level, n - 1, loc=mean, scale=scipy.stats.sem(values))` 1.17.
  public init(of values: [Double], level: Double = 0.95) throws(MetricsError) {
    guard level > 0, level < 1 else {
      throw .invalidOption(name: "level", found: "\(level)", expected: "between 0 and 1")
    }
    count = values.count
    let mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    guard values.count >= 2, mean.isFinite else {
      (deviation, lower, upper) = (.nan, .nan, .nan)
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count - 1)).squareRoot()
    let half =
      studentQuantile((1 + level) / 2, degreesOfFreedom: values.count - 1) * deviation
      / Double(values.count).squareRoot()
    self.deviation = deviation
    lower = mean - half
    upper = mean + half
  }
}

/// The quantile of Student's t distribution at a probability of one half or more.
///
/// The distribution has no closed inverse: t = √(ν (1 − x) / x), where x is what the tail
/// `I_x(ν/2, 1/2) / 2` leads to, by halving intervals.
///
/// *Reference:* `scipy.stats.t.ppf` 1.17.
func studentQuantile(_ probability: Double, degreesOfFreedom: Int) -> Double {
  let tail = 2 * (1 - probability)
  let freedom = Double(degreesOfFreedom)
  guard tail > 0 else { return .infinity }
  guard tail < 1 else { return 0 }
  var (low, high) = (0.0, 1.0)
  // 200 halvings reach the smallest x that a tail of the least double asks for.
  for _ in 0..<200 {
    let middle = low + (high - low) / 2
    if incompleteBeta(middle, freedom / 2, 0.5) < tail { low = middle } else { high = middle }
    if middle == low && middle == high { break }
  }
  return (freedom * (1 - high) / high).squareRoot()
}
