/// How far a song's features are from a population's, all together, measured in the population's own spread.
///
/// `d² = (x - μ)' Σ⁻¹ (x - μ)`. The covariance is shrunk towards a multiple of the identity, by the amount that
/// minimizes its expected squared error, after each feature is divided by its deviation: correlated features, or more
/// features than songs, leave it invertible.
///
/// *Reference:* O. Ledoit, M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004;
/// `sklearn.covariance.LedoitWolf` 1.9 on standardized features.
public struct MahalanobisDistance: Hashable, Sendable {
  /// The number of features.
  public let featureCount: Int
  /// How much of the identity is mixed in, 0...1.
  public let shrinkage: Double
  private let means: [Double]
  private let scales: [Double]
  /// The lower triangular factor L of the covariance, row-major; Σ = L L'.
  private let factor: [Double]

  /// Measures a population.
  ///
  /// A feature that is constant keeps scale 1: any song that has another value is far away.
  ///
  /// - Parameters:
  ///   - rows: the features of at least 2 songs, row-major, all finite.
  ///   - featureCount: the number of features of a song, at least 1.
  /// - Throws: ``MetricsError`` for another number of values, too few songs, or a value that is not finite.
  public init(rows: [Double], featureCount: Int) throws(MetricsError) {
    try checkRows(rows, featureCount, argument: "rows", minimum: 2)
    self.init(checkedRows: rows, featureCount)
  }

  init(checkedRows rows: [Double], _ width: Int) {
    let count = rows.count / width
    var (means, scales) = (
      [Double](repeating: 0, count: width), [Double](repeating: 0, count: width)
    )
    for (index, value) in rows.enumerated() { means[index % width] += value / Double(count) }
    for (index, value) in rows.enumerated() {
      let gap = value - means[index % width]
      scales[index % width] += gap * gap / Double(count)
    }
    // Round-off of the mean must not become the scale of a constant feature.
    scales = zip(scales, means).map { $0.squareRoot() > 1e-12 * $1.magnitude ? $0.squareRoot() : 1 }
    let centred = rows.indices.map { (rows[$0] - means[$0 % width]) / scales[$0 % width] }
    var covariance = [Double](repeating: 0, count: width * width)
    var fourth = 0.0
    centred.withUnsafeBufferPointer { centred in
      covariance.withUnsafeMutableBufferPointer { covariance in
        for row in 0..<count {
          let x = centred.baseAddress! + row * width
          var length = 0.0
          for i in 0..<width {
            length += x[i] * x[i]
            let target = covariance.baseAddress! + i * width
            for j in 0...i { target[j] += x[i] * x[j] }
          }
          fourth += length * length
        }
      }
    }
    (covariance, shrinkage) = Self.shrunk(covariance, fourth, count, width)
    factor = Self.cholesky(covariance, width)
    featureCount = width
    self.means = means
    self.scales = scales
  }

  /// The covariance from the sums of products, mixed with the identity, and by how much.
  private static func shrunk(
    _ sums: [Double], _ fourth: Double, _ count: Int, _ width: Int
  ) -> ([Double], Double) {
    let n = Double(count)
    var covariance = sums.map { $0 / n }
    var (trace, squares) = (0.0, 0.0)
    for i in 0..<width {
      trace += covariance[i * width + i]
      squares += covariance[i * width + i] * covariance[i * width + i]
      for j in 0..<i { squares += 2 * covariance[i * width + j] * covariance[i * width + j] }
    }
    let mean = trace / Double(width)
    // Both are divided by the width: d² = |S - μI|², b² = mean |x x' - S|² / n.
    let distance = squares - Double(width) * mean * mean
    let noise = min((fourth / n - squares) / n, distance)
    let amount = distance > 0 ? max(0, noise / distance) : 1
    for i in 0..<width {
      for j in 0...i {
        covariance[i * width + j] *= 1 - amount
        if i == j { covariance[i * width + j] += amount * mean }
      }
    }
    return (covariance, amount)
  }

  private static func cholesky(_ matrix: [Double], _ width: Int) -> [Double] {
    var factor = matrix
    factor.withUnsafeMutableBufferPointer { l in
      for i in 0..<width {
        for j in 0...i {
          var sum = l[i * width + j]
          for k in 0..<j { sum -= l[i * width + k] * l[j * width + k] }
          // What round-off leaves of a direction without variance is a very small one.
          l[i * width + j] = i == j ? max(sum, 1e-12).squareRoot() : sum / l[j * width + j]
        }
      }
    }
    return factor
  }

  /// The squared distance of a song.
  ///
  /// - Parameter row: its ``featureCount`` features.
  /// - Returns: at least 0; ``featureCount`` in the mean over the population itself without shrinkage.
  /// - Throws: ``MetricsError`` for another number of values, or a value that is not finite.
  public func squared(_ row: [Double]) throws(MetricsError) -> Double {
    try checkEqualLengths("row", row.count, "features", featureCount)
    try checkFinite(row, argument: "row")
    return squared(checked: row[...])
  }

  func squared(checked row: ArraySlice<Double>) -> Double {
    var solved = [Double](repeating: 0, count: featureCount)
    var total = 0.0
    for (i, value) in row.enumerated() {
      var sum = (value - means[i]) / scales[i]
      for k in 0..<i { sum -= factor[i * featureCount + k] * solved[k] }
      solved[i] = sum / factor[i * featureCount + i]
      total += solved[i] * solved[i]
    }
    return total
  }

  /// The squared distances of songs, row-major.
  func squared(checkedRows rows: [Double]) -> [Double] {
    stride(from: 0, to: rows.count, by: featureCount).map {
      squared(checked: rows[$0..<$0 + featureCount])
    }
  }
}

/// Throws unless `rows` is a table of `width` finite columns with at least `minimum` rows.
func checkRows(
  _ rows: [Double], _ width: Int, argument: String, minimum: Int
) throws(MetricsError) {
  guard width >= 1, rows.count % max(width, 1) == 0 else {
    throw .invalidOption(
      name: argument, found: "\(rows.count) values for \(width) features",
      expected: "a whole number of rows")
  }
  try checkCount(rows.count / width, minimum: minimum, statistic: "\(argument) (songs)")
  try checkFinite(rows, argument: argument)
}
