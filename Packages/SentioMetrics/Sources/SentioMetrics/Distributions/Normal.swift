/// The standard normal distribution.
enum Normal {
  /// The probability of a value of at most `z`.
  static func cumulative(_ z: Double) -> Double {
    0.5 * complementaryError(-z / 2.0.squareRoot())
  }

  /// The value that is not exceeded with `probability`; infinite at 0 and 1, NaN for NaN.
  static func quantile(_ probability: Double) -> Double {
    guard !probability.isNaN else { return .nan }
    guard probability > 0 else { return -.infinity }
    guard probability < 1 else { return .infinity }
    // The upper half by symmetry: there the distribution function has no digits left to compare.
    if probability > 0.5 { return -quantile(1 - probability) }
    // Bisection: a few quantiles are wanted per interval, and it needs no table of coefficients.
    var low = -40.0
    var high = 0.0
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if cumulative(middle) < probability { low = middle } else { high = middle }
    }
  }
}
