/// How well valence and arousal are followed through songs: the metrics of each song, and of all samples together.
///
/// Samples of one song resemble each other, so an interval that draws samples would be far too narrow: whole songs are
/// drawn.
///
///     let metrics = try EmotionTrackMetrics(songs: songs, scale: .unit)
///     metrics.pooled.mean[.concordanceCorrelation]          // over all samples, interval by song
///     metrics.within.mean[.concordanceCorrelation]          // the mean over songs of what each song has
///
/// **Pooled** numbers are mostly about telling songs apart; **within** a song the mean is given and only the movement
/// counts, so these are much lower, and 0 for a model that says one value a song.
public struct EmotionTrackMetrics: Hashable, Sendable, Codable {
  /// The scale on which the errors are expressed.
  public let scale: EmotionScale
  /// The songs, in the order that they were given.
  public let songs: [Row]
  /// The metrics over all samples; intervals from resamples of songs.
  public let pooled: EmotionIntervals
  /// The means over the songs of their own metrics; songs for which one is not defined are left out of it.
  public let within: EmotionIntervals

  /// One song's predictions and truths, sample by sample at the same times.
  public struct Song: Hashable, Sendable {
    /// Its name.
    public var id: String
    /// What the model says.
    public var prediction: [ValenceArousal]
    /// What listeners said.
    public var truth: [ValenceArousal]

    /// Names a song's samples.
    public init(id: String, prediction: [ValenceArousal], truth: [ValenceArousal]) {
      self.id = id
      self.prediction = prediction
      self.truth = truth
    }
  }

  /// A song's own metrics.
  public struct Row: Hashable, Sendable, Codable {
    /// Its name.
    public let id: String
    /// The number of its samples.
    public let count: Int
    /// Its metrics; nil for a single sample.
    public let metrics: EmotionMetrics?
  }

  /// The metrics that are reported where none are asked for.
  public static let usual: [RegressionMetric] = [
    .concordanceCorrelation, .pearsonCorrelation, .rootMeanSquaredError, .meanAbsoluteError,
  ]

  /// Scores songs.
  ///
  /// - Parameters:
  ///   - songs: at least 2 songs, each with as many predictions as truths, at least one, all finite.
  ///   - scale: the scale on which errors are expressed.
  ///   - metrics: what is reported; the two rank correlations are not possible.
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - resampling: how many resamples of songs, from which seed.
  /// - Throws: ``MetricsError`` with the song in the argument's name, or an impossible option.
  public init(
    songs: [Song], scale: EmotionScale, metrics: [RegressionMetric] = Self.usual,
    level: Double = 0.95, resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    try checkScale(scale)
    try checkCount(songs.count, minimum: 2, statistic: "metrics over time (songs)")
    if let metric = metrics.first(where: \.isRankMetric) {
      throw .invalidOption(
        name: "metrics", found: metric.symbol, expected: "metrics that follow from moments")
    }
    var columns = EmotionDimension.allCases.map { _ in
      (prediction: [Double](), truth: [Double]())
    }
    var ranges: [Range<Int>] = []
    var rows: [Row] = []
    for song in songs {
      let (prediction, truth) = ("\(song.id): prediction", "\(song.id): truth")
      try checkEqualLengths(prediction, song.prediction.count, truth, song.truth.count)
      try checkCount(song.truth.count, minimum: 1, statistic: "\(song.id): metrics over time")
      let said = try EmotionColumns(song.prediction, scale: scale, argument: prediction)
      let rated = try EmotionColumns(song.truth, scale: scale, argument: truth)
      let start = columns[0].truth.count
      for (number, dimension) in EmotionDimension.allCases.enumerated() {
        columns[number].prediction += said[dimension]
        columns[number].truth += rated[dimension]
      }
      ranges.append(start..<columns[0].truth.count)
      rows.append(
        Row(
          id: song.id, count: song.truth.count,
          metrics: song.truth.count < 2
            ? nil
            : try EmotionMetrics(prediction: song.prediction, truth: song.truth, scale: scale)))
    }
    let drawn = ClusterBootstrap(
      columns: columns, songs: ranges, metrics: metrics, resampling: resampling
    ).distributions
    let own = Self.meansOverSongs(rows, metrics, resampling)
    func intervals(
      _ count: Int, _ parts: [[RegressionMetric: BootstrapDistribution]]
    ) throws(MetricsError) -> EmotionIntervals {
      EmotionIntervals(
        scale: scale,
        valence: try RegressionIntervals(
          count: count, parts[0], level: level, method: .percentile),
        arousal: try RegressionIntervals(
          count: count, parts[1], level: level, method: .percentile),
        mean: try RegressionIntervals(count: count, parts[2], level: level, method: .percentile))
    }
    self.scale = scale
    self.songs = rows
    pooled = try intervals(columns[0].truth.count, drawn)
    within = try intervals(songs.count, own)
  }

  /// The distributions of the means over songs of what each song has: valence, arousal, their mean.
  private static func meansOverSongs(
    _ rows: [Row], _ metrics: [RegressionMetric], _ resampling: Resampling
  ) -> [[RegressionMetric: BootstrapDistribution]] {
    let values = metrics.flatMap { metric in
      [
        rows.map { $0.metrics?.valence[metric] ?? .nan },
        rows.map { $0.metrics?.arousal[metric] ?? .nan },
        rows.map { $0.metrics?.mean[metric] ?? .nan },
      ]
    }
    @Sendable func mean(_ column: Int, _ indices: UnsafeBufferPointer<UInt32>) -> Double {
      var (sum, count) = (0.0, 0)
      for index in indices where !values[column][Int(index)].isNaN {
        sum += values[column][Int(index)]
        count += 1
      }
      return sum / Double(count)
    }
    let width = values.count
    let replicates = resampling.bootstrap(sampleCount: rows.count, width: width) {
      indices, output in
      for column in 0..<width { output[column] = mean(column, indices) }
    }
    let everySong = rows.indices.map { UInt32($0) }
    return (0..<3).map { part in
      var distributions: [RegressionMetric: BootstrapDistribution] = [:]
      for (position, metric) in metrics.enumerated() {
        let column = position * 3 + part
        distributions[metric] = BootstrapDistribution(
          estimate: everySong.withUnsafeBufferPointer { mean(column, $0) },
          replicates: (0..<resampling.count).map { replicates[$0 * width + column] })
      }
      return distributions
    }
  }
}
