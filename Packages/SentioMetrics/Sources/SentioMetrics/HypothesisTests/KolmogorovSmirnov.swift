/// The Kolmogorov-Smirnov test of whether samples come from one distribution.
///
/// It is sensitive to any difference: of place, spread or shape. Here it says whether synthetic
/// songs have the labels or features of real ones, and whether a split is balanced.
public struct KolmogorovSmirnovTest: Hashable, Sendable, Codable {
  /// The largest vertical distance of the two distribution functions, 0...1.
  public let statistic: Double
  /// The two-sided probability of a distance at least as large if the distributions are equal.
  public let probability: Double
  /// How the probability was computed.
  public let method: Method

  /// A way to compute the probability.
  public enum Method: String, Hashable, Sendable, Codable {
    /// The distribution for these very sample sizes, on the premise that no two values are equal.
    case exact
    /// Kolmogorov's limit for large samples.
    case asymptotic
  }

  /// Compares two samples.
  ///
  /// The exact probability is that of a random path through the m × n lattice leaving the band of
  /// the observed distance, summed forwards, so that small probabilities keep all their digits. It
  /// takes m n steps; beyond 10⁸ of them the default is the limit, at en = m n / (m + n):
  ///
  ///     p = 2 Σ (-1)^(k-1) exp(-2 k² en D²)
  ///
  /// - Parameters:
  ///   - first: finite values, at least 1, in any order.
  ///   - second: finite values, at least 1.
  ///   - method: how to compute the probability; nil for exact where it is affordable.
  /// - Throws: ``MetricsError`` for an empty sample, a value that is not finite, or an exact test
  ///   that would need more than 10¹⁰ steps.
  ///
  /// *Reference:* `scipy.stats.ks_2samp(method="exact")` and, for the limit,
  /// `scipy.special.kolmogorov` 1.17. *Differs from:* `ks_2samp(method="asymp")`, which uses the
  /// one-sample distribution at the rounded en.
  public init(
    first: [Double], second: [Double], method: Method? = nil
  ) throws(MetricsError) {
    try checkCount(first.count, minimum: 1, statistic: "Kolmogorov-Smirnov test (first)")
    try checkCount(second.count, minimum: 1, statistic: "Kolmogorov-Smirnov test (second)")
    try checkFinite(first, argument: "first")
    try checkFinite(second, argument: "second")
    let (m, n) = (first.count, second.count)
    let steps = Double(m) * Double(n)
    let chosen = method ?? (steps <= 1e8 ? .exact : .asymptotic)
    if chosen == .exact && steps > 1e10 {
      throw .invalidOption(
        name: "method", found: "exact for \(m) × \(n) values",
        expected: "asymptotic beyond 10¹⁰ steps")
    }
    // The distance in units of 1/(m n) is an integer: no rounding decides what is "as large".
    let distance = Self.latticeDistance(first.sorted(), second.sorted())
    statistic = Double(distance) / steps
    self.method = chosen
    switch chosen {
    case .exact:
      probability = Self.probabilityOutside(distance, m, n)
    case .asymptotic:
      let effective = steps / Double(m + n)
      probability = kolmogorovTail(effective.squareRoot() * statistic)
    }
  }

  /// Compares a sample with a known continuous distribution, by the limit for large samples.
  ///
  ///     p = 2 Σ (-1)^(k-1) exp(-2 k² n D²)
  ///
  /// The limit is a few percent off below about 50 values.
  ///
  /// - Parameters:
  ///   - sample: finite values, at least 1.
  ///   - cumulative: the distribution function, rising from 0 to 1.
  /// - Throws: ``MetricsError`` for an empty sample, a value that is not finite, or a distribution
  ///   function that leaves 0...1.
  ///
  /// *Reference:* `scipy.stats.ks_1samp(method="asymp")` 1.17.
  public init(
    sample: [Double], cumulative: (Double) -> Double
  ) throws(MetricsError) {
    try checkCount(sample.count, minimum: 1, statistic: "Kolmogorov-Smirnov test")
    try checkFinite(sample, argument: "sample")
    let count = Double(sample.count)
    var largest = 0.0
    for (index, value) in sample.sorted().enumerated() {
      let expected = cumulative(value)
      guard (0...1).contains(expected) else {
        throw .invalidOption(
          name: "cumulative(\(value))", found: "\(expected)", expected: "0 to 1")
      }
      largest = max(
        largest, Double(index + 1) / count - expected, expected - Double(index) / count)
    }
    statistic = largest
    method = .asymptotic
    probability = kolmogorovTail(count.squareRoot() * largest)
  }

  /// max |i n - j m| over the values, with i and j the numbers of values not above each.
  private static func latticeDistance(_ first: [Double], _ second: [Double]) -> Int {
    let (m, n) = (first.count, second.count)
    var (i, j, largest) = (0, 0, 0)
    while i < m && j < n {
      let value = min(first[i], second[j])
      while i < m && first[i] == value { i += 1 }
      while j < n && second[j] == value { j += 1 }
      largest = max(largest, (i * n - j * m).magnitude.asInt)
    }
    return largest
  }

  /// The share of lattice paths from (0, 0) to (m, n) that touch |i n - j m| ≥ `distance`.
  ///
  /// `touched[j]` is that share among the paths to (i, j); the last step of a random such path
  /// came from (i - 1, j) with probability i / (i + j). All terms are positive: nothing cancels.
  private static func probabilityOutside(_ distance: Int, _ m: Int, _ n: Int) -> Double {
    guard distance > 0 else { return 1 }
    var touched = [Double](repeating: 0, count: n + 1)
    for i in 0...m {
      for j in 0...n {
        if (i * n - j * m).magnitude >= distance.magnitude {
          touched[j] = 1
        } else if i == 0 {
          touched[j] = j == 0 ? 0 : touched[j - 1]
        } else if j > 0 {
          let share = Double(i) / Double(i + j)
          touched[j] = share * touched[j] + (1 - share) * touched[j - 1]
        }
      }
    }
    return min(1, touched[n])
  }
}

extension UInt {
  fileprivate var asInt: Int { Int(self) }
}

/// The probability that Kolmogorov's limiting variable exceeds `x`.
///
/// For small `x` the alternating series converges slowly and cancels; the theta function's other
/// series, of the complement, takes over there.
func kolmogorovTail(_ x: Double) -> Double {
  guard x > 0 else { return 1 }
  if x < 1 {
    let scale = (2 * Double.pi).squareRoot() / x
    var sum = 0.0
    for k in stride(from: 1.0, through: 15, by: 2) {
      sum += exponential(-(k * k) * Double.pi * Double.pi / (8 * x * x))
    }
    return max(0, 1 - scale * sum)
  }
  var sum = 0.0
  for k in 1...10 {
    let term = exponential(-2 * Double(k * k) * x * x)
    sum += k % 2 == 1 ? term : -term
  }
  return min(1, 2 * sum)
}
