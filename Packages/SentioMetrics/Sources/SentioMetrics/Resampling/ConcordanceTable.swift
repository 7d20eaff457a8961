/// What the concordance correlation of a resample needs of each pair, as one vector.
///
/// With p' and t' the deviations from the whole set's means, a row is (p', t', p' t', (p - t)²).
/// A resample sums its rows; then cov = mean(p' t') - mean(p') mean(t') and, because
/// MSE = var(p) + var(t) - 2 cov + bias², the coefficient is 2 cov / (MSE + 2 cov). The deviations
/// keep the subtraction in cov harmless: a resample's means stray only by σ/√n from the set's.
/// Four sums instead of a pass for the means and one for the moments, and no square cancels.
struct ConcordanceTable: Sendable {
  private let rows: [SIMD4<Double>]
  private let prediction: [Double]
  private let truth: [Double]
  /// Below this the denominator is within round-off of zero.
  private let smallest: Double

  init(prediction: [Double], truth: [Double]) {
    let moments = RegressionAccumulator(checkedPrediction: prediction, truth: truth).moments
    rows = prediction.indices.map {
      let deviation = prediction[$0] - moments.meanPrediction
      let truthDeviation = truth[$0] - moments.meanTruth
      let error = prediction[$0] - truth[$0]
      return SIMD4(deviation, truthDeviation, deviation * truthDeviation, error * error)
    }
    self.prediction = prediction
    self.truth = truth
    smallest =
      1e-9 * (moments.predictionSquares + moments.truthSquares) / Double(moments.count)
  }

  /// The coefficient of the resample that `indices` name.
  func value(_ indices: UnsafeBufferPointer<UInt32>) -> Double {
    let count = indices.count
    let (even, odd) = rows.withUnsafeBufferPointer { rows in
      let row = rows.baseAddress!
      let index = indices.baseAddress!
      // Two sums, so that an addition need not wait for the one before.
      var even = SIMD4<Double>()
      var odd = SIMD4<Double>()
      var position = 0
      while position + 1 < count {
        even += row[Int(index[position])]
        odd += row[Int(index[position + 1])]
        position += 2
      }
      if position < count { even += row[Int(index[position])] }
      return (even, odd)
    }
    let mean = (even + odd) / Double(count)
    let covariance = mean[2] - mean[0] * mean[1]
    let denominator = mean[3] + 2 * covariance
    if denominator > smallest { return 2 * covariance / denominator }
    // A resample of nearly equal pairs: take the form that knows constant series.
    return RegressionAccumulator(
      checkedPrediction: indices.map { prediction[Int($0)] },
      truth: indices.map { truth[Int($0)] }
    ).concordanceCorrelation
  }
}
