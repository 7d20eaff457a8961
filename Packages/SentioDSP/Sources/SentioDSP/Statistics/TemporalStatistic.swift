/// One number that sums up a feature's course over time.
///
/// For the values `x` of a row's `T` frames, with mean `x̄` and central moments `mₖ = Σ (x - x̄)ᵏ / T`.
public enum TemporalStatistic: Hashable, Codable, Sendable {
  /// `x̄ = Σ x / T`.
  case mean
  /// Population standard deviation `√m₂`.
  case standardDeviation
  /// The least value.
  case minimum
  /// The greatest value.
  case maximum
  /// The value below which a fraction, 0 … 1, of the values lie, interpolated linearly at rank
  /// `fraction · (T - 1)`.
  case quantile(Double)
  /// `m₃ / m₂^(3/2)`, biased; 0 for a constant row.
  case skewness
  /// Excess over the normal distribution's, `m₄ / m₂² - 3`, biased; 0 for a constant row.
  case kurtosis
  /// Slope of the least-squares line, in the row's unit per second; 0 for a single frame.
  case slope
  /// Population standard deviation of the differences between successive frames; 0 for a single frame.
  case changeDeviation

  /// The four of the report: mean, standard deviation, minimum, maximum.
  public static let report: [TemporalStatistic] = [.mean, .standardDeviation, .minimum, .maximum]

  /// The name of a column, such as `std` in `mfcc1_std`; a quantile's is its percentage, `q25`.
  public var suffix: String {
    switch self {
    case .mean: return "mean"
    case .standardDeviation: return "std"
    case .minimum: return "min"
    case .maximum: return "max"
    case .quantile(let fraction):
      // Rounded, or 0.07 would be named q7.000000000000001.
      let percent = (fraction * 1e8).rounded() / 1e6
      return percent == percent.rounded() ? "q\(Int(percent))" : "q\(percent)"
    case .skewness: return "skew"
    case .kurtosis: return "kurtosis"
    case .slope: return "slope"
    case .changeDeviation: return "change"
    }
  }

  /// The names of the columns that rows' statistics become.
  ///
  /// A row's columns stand together: `mfcc1_mean`, `mfcc1_std`, then `mfcc2_mean`.
  ///
  /// - Parameters:
  ///   - rows: the rows' names.
  ///   - statistics: the statistics of each row.
  /// - Returns: `rows.count · statistics.count` names, a row's statistics together.
  public static func columnNames(rows: [String], statistics: [TemporalStatistic]) -> [String] {
    rows.flatMap { row in statistics.map { "\(row)_\($0.suffix)" } }
  }
}
