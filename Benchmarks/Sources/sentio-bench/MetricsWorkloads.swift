import Foundation
import SentioMetrics

/// The same work as the peer's row: 10,000 resamples of 174 songs and the percentile interval.
let metricsWorkloads: [Workload] = [
  Workload("metrics.ccc.bootstrap10000.n174") {
    let (prediction, truth) = noisySongs(174)
    return {
      let distribution = try BootstrapDistribution(
        of: .concordanceCorrelation, prediction: prediction, truth: truth,
        resampling: Resampling(count: 10_000, seed: 0))
      blackHole(try distribution.interval(level: 0.95, method: .percentile))
    }
  }
]

/// Truths and correlated predictions, without a random generator.
private func noisySongs(_ count: Int) -> ([Double], [Double]) {
  let truth = (0..<count).map { 1.4 * sin(Double($0 * $0) * 0.37) }
  let prediction = truth.enumerated().map { 0.7 * $1 + 0.7 * cos(Double($0 * $0) * 1.13) }
  return (prediction, truth)
}
