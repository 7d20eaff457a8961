/// What every moment metric of a resample needs of each pair, as one vector.
///
/// A row is (p', t', p'², t'², p' t', |e|, e², 0) with p' and t' the deviations from the whole
/// set's means and e the error. Sums of rows give the centred moments of any resample in one pass.
struct MomentTable: Sendable {
  let rows: [SIMD8<Double>]
  let prediction: [Double]
  let truth: [Double]
  private let meanPrediction: Double
  private let meanTruth: Double
  private let smallestPredictionSquares: Double
  private let smallestTruthSquares: Double

  init(prediction: [Double], truth: [Double]) {
    let moments = RegressionAccumulator(checkedPrediction: prediction, truth: truth).moments
    meanPrediction = moments.meanPrediction
    meanTruth = moments.meanTruth
    rows = prediction.indices.map {
      let deviation = prediction[$0] - moments.meanPrediction
      let truthDeviation = truth[$0] - moments.meanTruth
      let error = prediction[$0] - truth[$0]
      return SIMD8(
        deviation, truthDeviation, deviation * deviation, truthDeviation * truthDeviation,
        deviation * truthDeviation, error.magnitude, error * error, 0)
    }
    self.prediction = prediction
    self.truth = truth
    smallestPredictionSquares = 1e-9 * moments.predictionSquares
    smallestTruthSquares = 1e-9 * moments.truthSquares
  }

  func sum(_ indices: UnsafeBufferPointer<UInt32>) -> SIMD8<Double> {
    rows.withUnsafeBufferPointer { rows in
      var total = SIMD8<Double>()
      for index in indices { total += rows[Int(index)] }
      return total
    }
  }

  /// The moments behind a sum of `count` rows; nil where a variance is within round-off of zero
  /// and the caller must look at the samples themselves.
  func moments(sum: SIMD8<Double>, count: Int) -> RegressionMoments? {
    let size = Double(count)
    let predictionSquares = sum[2] - sum[0] * sum[0] / size
    let truthSquares = sum[3] - sum[1] * sum[1] / size
    guard predictionSquares > smallestPredictionSquares, truthSquares > smallestTruthSquares
    else { return nil }
    return RegressionMoments(
      count: count, meanPrediction: meanPrediction + sum[0] / size,
      meanTruth: meanTruth + sum[1] / size, predictionSquares: predictionSquares,
      truthSquares: truthSquares, products: sum[4] - sum[0] * sum[1] / size,
      absoluteErrors: sum[5], squaredErrors: sum[6], hasConstantPrediction: false,
      hasConstantTruth: false)
  }

  /// The moments of a resample.
  func moments(_ indices: UnsafeBufferPointer<UInt32>) -> RegressionMoments {
    if let moments = moments(sum: sum(indices), count: indices.count) { return moments }
    let (prediction, truth) = gather(indices)
    return RegressionAccumulator(checkedPrediction: prediction, truth: truth).moments
  }

  /// One metric of a resample.
  func value(
    of metric: RegressionMetric, _ indices: UnsafeBufferPointer<UInt32>
  ) -> Double {
    if metric.isRankMetric {
      let (prediction, truth) = gather(indices)
      return metric.valueOfChecked(prediction: prediction, truth: truth)
    }
    return moments(indices).value(of: metric) ?? .nan
  }

  /// Several metrics of a resample, written one after the other.
  func writeValues(
    of metrics: [RegressionMetric], _ indices: UnsafeBufferPointer<UInt32>,
    to output: UnsafeMutablePointer<Double>
  ) {
    let moments = moments(indices)
    for (position, metric) in metrics.enumerated() {
      output[position] = moments.value(of: metric) ?? value(of: metric, indices)
    }
  }

  private func gather(_ indices: UnsafeBufferPointer<UInt32>) -> ([Double], [Double]) {
    (indices.map { prediction[Int($0)] }, indices.map { truth[Int($0)] })
  }
}

/// The metrics of a set without each of its pairs in turn.
struct RegressionJackknife {
  let prediction: [Double]
  let truth: [Double]

  /// The value of `metric` without pair 0, without pair 1, and so on.
  func values(of metric: RegressionMetric) -> [Double] {
    let count = truth.count
    guard count > 2 else { return [] }
    let table = MomentTable(prediction: prediction, truth: truth)
    let total = table.rows.reduce(SIMD8<Double>(), +)
    return (0..<count).map { left in
      if !metric.isRankMetric,
        let moments = table.moments(sum: total - table.rows[left], count: count - 1)
      {
        return moments.value(of: metric) ?? .nan
      }
      var (prediction, truth) = (prediction, truth)
      prediction.remove(at: left)
      truth.remove(at: left)
      return metric.valueOfChecked(prediction: prediction, truth: truth)
    }
  }
}
