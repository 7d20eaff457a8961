import SentioMetrics
import SentioReport

extension EmotionComparison {
  /// A row for each metric of each dimension: both figures, their difference with its interval, and the probability
  /// of such a difference between models that are alike.
  var table: ReportTable {
    let rows = [("valence", valence), ("arousal", arousal), ("mean", mean)].flatMap {
      dimension, metrics in
      metrics.map { metric in
        [
          "\(metric.metric.symbol) \(dimension)", fixed(metric.first, 3), fixed(metric.second, 3),
          "\(fixed(metric.difference.estimate, 3)) (\(fixed(metric.difference.lower, 3)) – "
            + "\(fixed(metric.difference.upper, 3)))",
          probability(metric.permutationProbability),
        ]
      }
    }
    return ReportTable(
      caption: "", header: ["metric", "first", "second", "difference (95 %)", "p (permutation)"],
      rows: rows)
  }
}
