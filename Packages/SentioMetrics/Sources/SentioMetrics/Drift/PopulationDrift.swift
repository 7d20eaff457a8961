/// Whether new songs come from the population that a model was trained on.
///
///     let drift = try PopulationDrift(reference: trainingRows, new: newRows, columns: featureNames)
///     drift.verdict                        // .stable, .watch, .drifted
///     drift.features.prefix(5)             // what moved most
///     drift.outliers.share                 // songs unlike 97.5 % of the training songs
///
/// Two looks, since each misses what the other sees. **Feature by feature**: a two-sample Kolmogorov-Smirnov test,
/// corrected by Holm over the features, says whether a change is more than chance; the population stability index says
/// whether it is large. **All features together**: the share of new songs whose Mahalanobis distance exceeds the
/// quantile that 2.5 % of the training songs exceed. Training songs are measured by covariances of the other four
/// fifths, since a covariance takes its own songs for closer than they are.
///
/// | state of a feature | when |
/// |---|---|
/// | `.stable` | corrected probability above `alpha`, or index below 0.1 |
/// | `.moderate` | corrected probability at most `alpha`, index from 0.1 to 0.25 |
/// | `.major` | corrected probability at most `alpha`, index from 0.25 on |
///
/// | verdict | when |
/// |---|---|
/// | `.drifted` | a feature's change is major, or more outliers than chance explains and at least 10 % of the new songs |
/// | `.watch` | a feature's change is moderate, or more outliers than chance explains |
/// | `.stable` | otherwise |
///
/// A model's error is not looked at: it can rise without drift, and need not rise with it.
public struct PopulationDrift: Hashable, Sendable, Codable {
  /// The number of training songs.
  public let referenceCount: Int
  /// The number of new songs.
  public let newCount: Int
  /// The probability below which a change counts as real.
  public let alpha: Double
  /// One a feature, the largest stability index first.
  public let features: [Feature]
  /// All features together.
  public let outliers: Outliers

  /// How far one feature has moved.
  public struct Feature: Hashable, Sendable, Codable {
    /// Its name.
    public let name: String
    /// The two-sample test.
    public let test: KolmogorovSmirnovTest
    /// The test's probability after Holm's correction over the features.
    public let correctedProbability: Double
    /// See ``populationStabilityIndex(reference:new:bins:)``.
    public let stabilityIndex: Double
    /// The difference of the means in deviations of the training songs; 0 between equal constants.
    @UndefinedAsNull public private(set) var shift: Double
    /// What that amounts to.
    public let state: State

    /// What a change amounts to.
    public enum State: String, Hashable, Sendable, Codable {
      /// None, or none that matters.
      case stable
      /// Real, and worth a look.
      case moderate
      /// Real and large.
      case major
    }
  }

  /// The new songs that are unlike the training songs.
  public struct Outliers: Hashable, Sendable, Codable {
    /// The squared distance that 2.5 % of the training songs exceed.
    public let bound: Double
    /// The number of new songs that exceed it.
    public let count: Int
    /// Their share of the new songs.
    public let share: Double
    /// The probability of so many or more if new songs were like the training songs; binomial, with 2.5 %.
    public let probability: Double
    /// The mean squared distance of the new songs over that of the training songs, 1 where nothing changed.
    public let ratio: Double
    /// The squared distance of each new song, in the order that they were given.
    public let distances: [Double]
  }

  /// What the changes amount to.
  public enum Verdict: String, Hashable, Sendable, Codable {
    /// New songs are like the training songs.
    case stable
    /// Something changed; predictions should be checked.
    case watch
    /// New songs are another population; the model should be trained anew.
    case drifted
  }

  /// Compares new songs with those of the training.
  ///
  /// - Parameters:
  ///   - reference: the features of at least 10 training songs, row-major, all finite.
  ///   - new: those of at least 1 new song.
  ///   - columns: the names of the features, distinct; at least 1.
  ///   - alpha: the probability below which a change counts as real, more than 0 and less than 1.
  ///   - bins: how many bins the stability index has, at least 2.
  /// - Throws: ``MetricsError`` for another number of values, too few songs, a value that is not finite, or an
  ///   impossible option.
  /// - Complexity: O(n d²) for n songs of d features, and m n d for the exact tests.
  public init(
    reference: [Double], new: [Double], columns: [String], alpha: Double = 0.01, bins: Int = 10
  ) throws(MetricsError) {
    let width = columns.count
    guard alpha > 0, alpha < 1 else {
      throw .invalidOption(name: "alpha", found: "\(alpha)", expected: "between 0 and 1")
    }
    guard bins >= 2 else {
      throw .invalidOption(name: "bins", found: "\(bins)", expected: "at least 2")
    }
    try checkRows(reference, width, argument: "reference", minimum: 10)
    try checkRows(new, width, argument: "new", minimum: 1)
    referenceCount = reference.count / width
    newCount = new.count / width
    self.alpha = alpha
    features = try Self.features(reference, new, columns, alpha: alpha, bins: bins)
    outliers = Self.outliers(reference, new, width)
  }

  /// What the changes amount to.
  public var verdict: Verdict {
    let hasMoreOutliers = outliers.probability <= alpha
    if features.contains(where: { $0.state == .major }) || hasMoreOutliers && outliers.share >= 0.1
    {
      return .drifted
    }
    return hasMoreOutliers || features.contains { $0.state == .moderate } ? .watch : .stable
  }

  private static func features(
    _ reference: [Double], _ new: [Double], _ columns: [String], alpha: Double, bins: Int
  ) throws(MetricsError) -> [Feature] {
    let width = columns.count
    func column(_ rows: [Double], _ index: Int) -> [Double] {
      stride(from: index, to: rows.count, by: width).map { rows[$0] }
    }
    var tests: [KolmogorovSmirnovTest] = []
    var indices: [Double] = []
    var shifts: [Double] = []
    for index in columns.indices {
      let (old, other) = (column(reference, index).sorted(), column(new, index))
      tests.append(try KolmogorovSmirnovTest(first: old, second: other))
      indices.append(SentioMetrics.stabilityIndex(sorted: old, new: other, bins: bins))
      let mean = old.reduce(0, +) / Double(old.count)
      let squares = old.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = old.first == old.last ? 0 : (squares / Double(old.count)).squareRoot()
      let gap = other.reduce(0, +) / Double(other.count) - (deviation > 0 ? mean : old[0])
      shifts.append(gap == 0 ? 0 : gap / deviation)
    }
    let corrected = try holmCorrection(tests.map(\.probability))
    return columns.indices.map { index in
      let isReal = corrected[index] <= alpha
      return Feature(
        name: columns[index], test: tests[index], correctedProbability: corrected[index],
        stabilityIndex: indices[index], shift: shifts[index],
        state: !isReal || indices[index] < 0.1
          ? .stable : indices[index] < 0.25 ? .moderate : .major)
    }
    .sorted { ($1.stabilityIndex, $0.name) < ($0.stabilityIndex, $1.name) }
  }

  /// The share of training songs that counts as unlike the others.
  private static let outlying = 0.025

  private static func outliers(_ reference: [Double], _ new: [Double], _ width: Int) -> Outliers {
    let count = reference.count / width
    let folds = 5
    var own: [Double] = []
    for fold in 0..<folds {
      // Every fifth song, so that an order by genre does not matter.
      var (kept, held) = ([Double](), [Double]())
      for row in 0..<count {
        let values = reference[row * width..<(row + 1) * width]
        if row % folds == fold { held += values } else { kept += values }
      }
      own += MahalanobisDistance(checkedRows: kept, width).squared(checkedRows: held)
    }
    let distances = MahalanobisDistance(checkedRows: reference, width).squared(checkedRows: new)
    var ordered = own
    let bound = quantiles(of: &ordered, at: 1 - outlying, 1).0
    let beyond = distances.count { $0 > bound }
    // P(X ≥ k) of a binomial variable is an incomplete beta function.
    let probability =
      beyond == 0
      ? 1 : incompleteBeta(outlying, Double(beyond), Double(distances.count - beyond + 1))
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    return Outliers(
      bound: bound, count: beyond, share: Double(beyond) / Double(distances.count),
      probability: probability, ratio: mean(distances) / mean(own), distances: distances)
  }
}
