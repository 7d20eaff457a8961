/// Bootstraps several metrics of several columns with the same resamples.
///
/// The last distribution is that of the columns' mean. It must come from joint resamples: valence
/// and arousal of a song are drawn together, so their errors are not independent, and the mean of
/// the two intervals' limits would not be an interval of the mean.
struct JointBootstrap {
  /// One dictionary per column, then one for the mean of the columns.
  let distributions: [[RegressionMetric: BootstrapDistribution]]

  init(
    columns: [(prediction: [Double], truth: [Double])], metrics: [RegressionMetric],
    method: IntervalMethod, resampling: Resampling
  ) {
    let tables = columns.map { MomentTable(prediction: $0.prediction, truth: $0.truth) }
    let width = tables.count * metrics.count
    let values = resampling.bootstrap(
      sampleCount: columns[0].truth.count, width: width
    ) { indices, output in
      for (number, table) in tables.enumerated() {
        table.writeValues(of: metrics, indices, to: output + number * metrics.count)
      }
    }
    let needsJackknife = method == .biasCorrectedAccelerated
    var parts: [[RegressionMetric: BootstrapDistribution]] = []
    for (number, column) in columns.enumerated() {
      let jackknife = RegressionJackknife(prediction: column.prediction, truth: column.truth)
      var part: [RegressionMetric: BootstrapDistribution] = [:]
      for (position, metric) in metrics.enumerated() {
        let first = number * metrics.count + position
        part[metric] = BootstrapDistribution(
          estimate: metric.valueOfChecked(prediction: column.prediction, truth: column.truth),
          replicates: (0..<resampling.count).map { values[$0 * width + first] },
          leaveOneOut: needsJackknife ? jackknife.values(of: metric) : [])
      }
      parts.append(part)
    }
    var mean: [RegressionMetric: BootstrapDistribution] = [:]
    for metric in Set(metrics) {
      let all = parts.compactMap { $0[metric] }
      mean[metric] = BootstrapDistribution(
        estimate: all.reduce(0) { $0 + $1.estimate } / Double(all.count),
        replicates: Self.mean(all.map(\.replicates)),
        leaveOneOut: Self.mean(all.map(\.leaveOneOut)))
    }
    distributions = parts + [mean]
  }

  private static func mean(_ series: [[Double]]) -> [Double] {
    series[0].indices.map { index in
      series.reduce(0) { $0 + $1[index] } / Double(series.count)
    }
  }
}
