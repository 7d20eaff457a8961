/// Pearson's product-moment correlation, cov(x, y) / (sd(x) sd(y)).
///
/// It measures how well a straight line maps one series to the other and ignores scale and
/// offset; ``concordanceCorrelation(prediction:truth:)`` does not ignore them. It is symmetric, so
/// its arguments have no labels. A constant series has no correlation: NaN.
///
/// - Parameters:
///   - x: at least 2 finite values.
///   - y: as many values.
/// - Returns: a value in -1...1, or NaN as said above.
/// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, or a value that is not finite.
///
/// *Reference:* `scipy.stats.pearsonr` 1.17.
public func pearsonCorrelation(_ x: [Double], _ y: [Double]) throws(MetricsError) -> Double {
  try checkSymmetric(x, y, statistic: "Pearson correlation")
  return RegressionAccumulator(checkedPrediction: x, truth: y).pearsonCorrelation
}

/// Spearman's rank correlation: Pearson's correlation of the average ranks.
///
/// It measures how well any rising function maps one series to the other. A constant series
/// gives NaN.
///
/// - Parameters:
///   - x: at least 2 finite values.
///   - y: as many values.
/// - Returns: a value in -1...1, or NaN as said above.
/// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, or a value that is not finite.
/// - Complexity: O(n log n).
///
/// *Reference:* `scipy.stats.spearmanr` 1.17.
public func spearmanCorrelation(_ x: [Double], _ y: [Double]) throws(MetricsError) -> Double {
  try checkSymmetric(x, y, statistic: "Spearman correlation")
  return spearmanOfChecked(x, y)
}

/// Kendall's rank correlation, the form that corrects for ties (tau-b).
///
///     tau-b = (P - Q) / √((P + Q + T) (P + Q + U))
///
/// with P concordant and Q discordant pairs, T pairs tied only in `x`, U tied only in `y`. A
/// constant series gives NaN.
///
/// - Parameters:
///   - x: at least 2 finite values.
///   - y: as many values.
/// - Returns: a value in -1...1, or NaN as said above.
/// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, or a value that is not finite.
/// - Complexity: O(n log n), by Knight's merge sort.
///
/// *Reference:* W. R. Knight, "A computer method for calculating Kendall's tau with ungrouped
/// data", 1966; `scipy.stats.kendalltau` 1.17.
public func kendallCorrelation(_ x: [Double], _ y: [Double]) throws(MetricsError) -> Double {
  try checkSymmetric(x, y, statistic: "Kendall correlation")
  return kendallOfChecked(x, y)
}

func spearmanOfChecked(_ x: [Double], _ y: [Double]) -> Double {
  RegressionAccumulator(checkedPrediction: ranksOfFinite(x), truth: ranksOfFinite(y))
    .pearsonCorrelation
}

func kendallOfChecked(_ x: [Double], _ y: [Double]) -> Double {
  let count = x.count
  let order = (0..<count).sorted { (x[$0], y[$0]) < (x[$1], y[$1]) }
  var sorted = order.map { y[$0] }
  let tiedX = tiedPairs(count) { x[order[$0]] == x[order[$1]] }
  let tiedBoth = tiedPairs(count) {
    x[order[$0]] == x[order[$1]] && y[order[$0]] == y[order[$1]]
  }
  var scratch = sorted
  // Within equal x the y already rise, so an inversion is exactly a discordant pair.
  let discordant = sortCountingInversions(&sorted, &scratch)
  let tiedY = tiedPairs(count) { sorted[$0] == sorted[$1] }
  let all = count * (count - 1) / 2
  guard tiedX < all, tiedY < all else { return .nan }
  let difference = all - tiedX - tiedY + tiedBoth - 2 * discordant
  let tau =
    Double(difference) / Double(all - tiedX).squareRoot() / Double(all - tiedY).squareRoot()
  return min(1, max(-1, tau))
}

/// The number of pairs within runs of neighbours for which `areTied` holds.
private func tiedPairs(_ count: Int, _ areTied: (Int, Int) -> Bool) -> Int {
  var pairs = 0
  var run = 1
  for index in 1..<count {
    if areTied(index - 1, index) {
      pairs += run
      run += 1
    } else {
      run = 1
    }
  }
  return pairs
}

/// Sorts by merging runs of doubling length and counts the pairs that stood in falling order.
private func sortCountingInversions(_ values: inout [Double], _ scratch: inout [Double]) -> Int {
  let count = values.count
  var inversions = 0
  var width = 1
  while width < count {
    var start = 0
    while start < count {
      let middle = min(start + width, count)
      let end = min(start + 2 * width, count)
      var left = start
      var right = middle
      for position in start..<end {
        if left < middle && (right >= end || values[left] <= values[right]) {
          scratch[position] = values[left]
          left += 1
        } else {
          scratch[position] = values[right]
          right += 1
          inversions += middle - left
        }
      }
      start = end
    }
    swap(&values, &scratch)
    width *= 2
  }
  return inversions
}

private func checkSymmetric(
  _ x: [Double], _ y: [Double], statistic: String
) throws(MetricsError) {
  try checkEqualLengths("x", x.count, "y", y.count)
  try checkCount(x.count, minimum: 2, statistic: statistic)
  try checkFinite(x, argument: "x")
  try checkFinite(y, argument: "y")
}
