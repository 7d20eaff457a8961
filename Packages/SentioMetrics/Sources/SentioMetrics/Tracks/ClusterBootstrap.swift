/// Bootstrap distributions of several columns whose samples come in songs: whole songs are drawn.
///
/// Moments of a song's samples about the mean of all samples are summed once; a resample adds up the sums of the
/// songs that it draws. A resample that comes out constant is undefined.
struct ClusterBootstrap {
  /// One list per column, then one for the mean of the columns.
  let distributions: [[RegressionMetric: BootstrapDistribution]]

  /// Resamples.
  ///
  /// - Parameters:
  ///   - columns: the samples of each column, song after song.
  ///   - songs: the samples of each song.
  ///   - metrics: moment metrics.
  ///   - resampling: how many resamples.
  init(
    columns: [(prediction: [Double], truth: [Double])], songs: [Range<Int>],
    metrics: [RegressionMetric], resampling: Resampling
  ) {
    let tables = columns.map { MomentTable(prediction: $0.prediction, truth: $0.truth) }
    let sums = tables.map { table in
      songs.map { song in song.reduce(SIMD8<Double>()) { $0 + table.rows[$1] } }
    }
    let width = columns.count * metrics.count
    let values = resampling.bootstrap(sampleCount: songs.count, width: width) { indices, output in
      let count = indices.reduce(0) { $0 + songs[Int($1)].count }
      for (number, table) in tables.enumerated() {
        let sum = indices.reduce(SIMD8<Double>()) { $0 + sums[number][Int($1)] }
        let moments = table.moments(sum: sum, count: count)
        for (position, metric) in metrics.enumerated() {
          output[number * metrics.count + position] = moments?.value(of: metric) ?? .nan
        }
      }
    }
    func replicates(_ position: Int) -> [Double] {
      (0..<resampling.count).map { values[$0 * width + position] }
    }
    var parts: [[RegressionMetric: BootstrapDistribution]] = columns.map { _ in [:] }
    var mean: [RegressionMetric: BootstrapDistribution] = [:]
    for (position, metric) in metrics.enumerated() {
      for (number, column) in columns.enumerated() {
        parts[number][metric] = BootstrapDistribution(
          estimate: metric.valueOfChecked(prediction: column.prediction, truth: column.truth),
          replicates: replicates(number * metrics.count + position))
      }
      let all = parts.compactMap { $0[metric] }
      mean[metric] = BootstrapDistribution(
        estimate: all.reduce(0) { $0 + $1.estimate } / Double(all.count),
        replicates: (0..<resampling.count).map { item in
          all.reduce(0) { $0 + $1.replicates[item] } / Double(all.count)
        })
    }
    distributions = parts + [mean]
  }
}
