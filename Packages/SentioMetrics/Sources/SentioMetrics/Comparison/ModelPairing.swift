/// Resamples and exchanges two models' predictions, column by column with the same draws.
struct ModelPairing {
  /// One dimension of the predictions.
  struct Column: Sendable {
    var first: [Double]
    var second: [Double]
    var truth: [Double]
  }

  let columns: [Column]
  let metrics: [RegressionMetric]
  private let tables: [(first: MomentTable, second: MomentTable)]
  private var width: Int { columns.count * metrics.count }
  private var count: Int { columns[0].truth.count }

  init(columns: [Column], metrics: [RegressionMetric]) {
    self.columns = columns
    self.metrics = metrics
    tables = columns.map {
      (
        MomentTable(prediction: $0.first, truth: $0.truth),
        MomentTable(prediction: $0.second, truth: $0.truth)
      )
    }
  }

  /// One list per column, then, for more than one column, one for their mean.
  func comparisons(
    level: Double, method: IntervalMethod, resampling: Resampling
  ) throws(MetricsError) -> [[MetricComparison]] {
    let resampled = bootstrapDifferences(resampling)
    let exchanged = exchangeDifferences(resampling)
    var groups = columns.indices.map { [$0] }
    if columns.count > 1 { groups.append(Array(columns.indices)) }
    var result: [[MetricComparison]] = []
    for group in groups {
      var comparisons: [MetricComparison] = []
      for (position, metric) in metrics.enumerated() {
        // The mean over the columns of the group, of whatever is given by column.
        func mean(_ value: (Int) -> Double) -> Double {
          group.reduce(0) { $0 + value($1) } / Double(group.count)
        }
        func series(_ values: [Double]) -> [Double] {
          (0..<resampling.count).map { item in
            mean { values[item * width + $0 * metrics.count + position] }
          }
        }
        let first = mean {
          metric.valueOfChecked(prediction: columns[$0].first, truth: columns[$0].truth)
        }
        let second = mean {
          metric.valueOfChecked(prediction: columns[$0].second, truth: columns[$0].truth)
        }
        var leaveOneOut: [Double] = []
        if method == .biasCorrectedAccelerated {
          let parts = group.map { number in
            let column = columns[number]
            let first = RegressionJackknife(prediction: column.first, truth: column.truth)
            let second = RegressionJackknife(prediction: column.second, truth: column.truth)
            return zip(first.values(of: metric), second.values(of: metric)).map { $0 - $1 }
          }
          leaveOneOut = parts[0].indices.map { index in
            parts.reduce(0) { $0 + $1[index] } / Double(parts.count)
          }
        }
        let distribution = BootstrapDistribution(
          estimate: first - second, replicates: series(resampled), leaveOneOut: leaveOneOut)
        comparisons.append(
          MetricComparison(
            metric: metric, first: first, second: second,
            difference: try distribution.interval(level: level, method: method),
            bootstrapProbability: (first - second).isNaN
              ? .nan : distribution.twoSidedProbability(),
            permutationProbability: Self.probability(of: first - second, in: series(exchanged))))
      }
      result.append(comparisons)
    }
    return result
  }

  /// Both models' metrics of each resample, subtracted.
  private func bootstrapDifferences(_ resampling: Resampling) -> [Double] {
    let tables = tables
    let metrics = metrics
    return resampling.bootstrap(sampleCount: count, width: width) { indices, output in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: metrics.count) { other in
        for (number, pair) in tables.enumerated() {
          let target = output + number * metrics.count
          guard let scratch = other.baseAddress else { return }
          pair.first.writeValues(of: metrics, indices, to: target)
          pair.second.writeValues(of: metrics, indices, to: scratch)
          for position in metrics.indices { target[position] -= scratch[position] }
        }
      }
    }
  }

  /// The difference after exchanging the models on a random half of the songs.
  private func exchangeDifferences(_ resampling: Resampling) -> [Double] {
    let (columns, metrics, count, width) = (columns, metrics, count, width)
    let seed = resampling.seed
    return resampling.forEachPart(width: width) { items, output in
      var swaps = [Bool](repeating: false, count: count)
      for (offset, item) in items.enumerated() {
        var words = PhiloxSequence(seed: seed, stream: .modelSwap, item: UInt64(item))
        var bits: UInt32 = 0
        for index in 0..<count {
          if index % 32 == 0 { bits = words.nextWord() }
          swaps[index] = bits & 1 == 1
          bits >>= 1
        }
        for (number, column) in columns.enumerated() {
          var first = column.first
          var second = column.second
          for index in 0..<count where swaps[index] {
            (first[index], second[index]) = (second[index], first[index])
          }
          let firstMoments = RegressionAccumulator(
            checkedPrediction: first, truth: column.truth
          ).moments
          let secondMoments = RegressionAccumulator(
            checkedPrediction: second, truth: column.truth
          ).moments
          for (position, metric) in metrics.enumerated() {
            let one =
              firstMoments.value(of: metric)
              ?? metric.valueOfChecked(prediction: first, truth: column.truth)
            let two =
              secondMoments.value(of: metric)
              ?? metric.valueOfChecked(prediction: second, truth: column.truth)
            output[offset * width + number * metrics.count + position] = one - two
          }
        }
      }
    }
  }

  /// The share of exchanges with a difference at least as large, the observed one included.
  ///
  /// An undefined difference counts as large, which can only make the test more careful.
  private static func probability(of observed: Double, in exchanged: [Double]) -> Double {
    guard !observed.isNaN else { return .nan }
    // An exchange of all or none sums in the same order, but of equal predictions may not.
    let bound = observed.magnitude * (1 - 1e-12)
    let asLarge = exchanged.count { $0.isNaN || $0.magnitude >= bound }
    return Double(1 + asLarge) / Double(1 + exchanged.count)
  }
}
