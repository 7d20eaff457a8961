/// Whether a model scores better than the same predictions dealt to the wrong songs.
///
/// The truths are shuffled many times; the share of shuffles that score at least as well as the
/// real pairing is the probability of the score by chance. Means and spreads of both series stay
/// as they are, so only the pairing is tested. What remains for shuffled labels (the mean of the
/// null distribution) is the level that counts as nothing learned.
public struct LabelPermutationTest: Hashable, Sendable, Codable {
  /// The metric that was tested.
  public let metric: RegressionMetric
  /// The metric of the real pairing, NaN where undefined.
  @UndefinedAsNull public private(set) var observed: Double
  /// The mean of the metric over the shuffles, NaN where undefined.
  @UndefinedAsNull public private(set) var chanceMean: Double
  /// The probability of a score at least as good by chance; NaN where the metric is undefined.
  @UndefinedAsNull public private(set) var probability: Double

  /// Shuffles and scores.
  ///
  ///     p = (1 + #shuffles at least as good) / (1 + #shuffles)
  ///
  /// - Parameters:
  ///   - metric: a metric with a ``RegressionMetric/preference``.
  ///   - prediction: what the model says, at least 2 finite values.
  ///   - truth: what was observed, as many values in the same unit.
  ///   - resampling: how many shuffles, from which seed.
  /// - Throws: ``MetricsError`` for unequal lengths, fewer than 2 samples, a value that is not
  ///   finite, an impossible `resampling`, or a metric that has no better direction.
  public init(
    of metric: RegressionMetric, prediction: [Double], truth: [Double],
    resampling: Resampling = Resampling()
  ) throws(MetricsError) {
    try resampling.check()
    guard let preference = metric.preference else {
      throw .invalidOption(
        name: "metric", found: metric.rawValue, expected: "one that is better high or low")
    }
    try checkPaired(
      prediction: prediction, truth: truth, minimum: 2, statistic: "label permutation")
    let observed = metric.valueOfChecked(prediction: prediction, truth: truth)
    let seed = resampling.seed
    let chance = resampling.forEachPart(width: 1) { items, output in
      for (offset, item) in items.enumerated() {
        // From the original order each time: a shuffle must not depend on the one before.
        var shuffled = truth
        var words = PhiloxSequence(seed: seed, stream: .labelPermutation, item: UInt64(item))
        for position in stride(from: truth.count - 1, to: 0, by: -1) {
          shuffled.swapAt(position, Int(words.next(below: UInt32(position + 1))))
        }
        output[offset] = metric.valueOfChecked(prediction: prediction, truth: shuffled)
      }
    }
    self.metric = metric
    self.observed = observed
    chanceMean = chance.reduce(0, +) / Double(chance.count)
    if observed.isNaN {
      probability = .nan
    } else {
      // A shuffle that restores the pairing sums in another order: allow for its round-off.
      let slack = 1e-12 * observed.magnitude
      let asGood = chance.count {
        switch preference {
        case .higher: $0 >= observed - slack
        case .lower: $0 <= observed + slack
        }
      }
      probability = Double(1 + asGood) / Double(1 + chance.count)
    }
  }
}
