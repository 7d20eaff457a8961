extension GroupBreakdown {
  /// Scores each group, with intervals.
  ///
  /// Each group's interval resamples its own songs. Two groups differ for sure where their intervals do not overlap;
  /// the converse does not hold. Give the names of true quadrants as groups for intervals by quadrant.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, at least 1 point with finite coordinates.
  ///   - truth: what listeners said, as many points.
  ///   - groups: the name of each song's group, in the same order.
  ///   - scale: the scale on which errors are expressed.
  ///   - minimumCount: the fewest songs that are scored, at least 2.
  ///   - metrics: the metrics that get an interval.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - method: how the limits follow from the replicates.
  ///   - resampling: how many resamples, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, no song, a coordinate that is not finite, or an impossible
  ///   option.
  public init(
    prediction: [ValenceArousal], truth: [ValenceArousal], groups: [String], scale: EmotionScale,
    minimumCount: Int = 10, intervals metrics: [RegressionMetric], level: Double = 0.95,
    method: IntervalMethod = .percentile, resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try self.init(
      prediction: prediction, truth: truth, groups: groups, scale: scale,
      minimumCount: minimumCount)
    for index in rows.indices where rows[index].metrics != nil {
      let own = groups.indices.filter { groups[$0] == rows[index].name }
      rows[index].intervals = try EmotionIntervals(
        prediction: own.map { prediction[$0] }, truth: own.map { truth[$0] }, scale: scale,
        metrics: metrics, level: level, method: method, resampling: resampling)
    }
  }
}
