import Foundation

/// How near synthetic spectrograms are to real ones, from 0 to 100.
///
/// Four similarities from 0 to 1, and 100 times their geometric mean, so that one that fails can't be made up for by the
/// others: a generator that makes one perfect clip over and over has no ``diversity`` and scores 0.
///
/// | similarity | of synthetic (s) and real (r) clips, over the mel bands |
/// |---|---|
/// | ``means`` | `exp(−√mean((μs − μr)²) / √mean(σr²))`: levels, in deviations of the real ones |
/// | ``deviations`` | `exp(−mean(abs(ln(σs / σr))))`: how much each band varies |
/// | ``movements`` | `exp(−mean(abs(ln(m_s / m_r))))`: how much it changes from frame to frame |
/// | ``diversity`` | `min(d_s / d_r, d_r / d_s)`: the mean distance of two clips |
///
/// Two samples of one distribution come to about 100, less what sampling leaves; the report wants more than 50 and
/// doesn't say of what. It judges marginal statistics and not music: a high score is necessary for good clips and not
/// sufficient, and ``LabelConsistency`` asks for the emotion.
public struct QualityScore: Sendable, Hashable, Codable {
  /// The similarity of the bands' means.
  public let means: Double
  /// The similarity of the bands' deviations.
  public let deviations: Double
  /// The similarity of the changes from frame to frame.
  public let movements: Double
  /// The similarity of the distances of two clips.
  public let diversity: Double

  /// 100 times the geometric mean of the similarities.
  public var value: Double {
    100 * (means * deviations * movements * diversity).squareRoot().squareRoot()
  }

  /// Compares synthetic spectrograms with real ones.
  ///
  /// - Parameters:
  ///   - synthetic: what synthetic ones are like.
  ///   - real: what real ones are like, of as many bands.
  public init(_ synthetic: SpectrogramStatistics, to real: SpectrogramStatistics) {
    precondition(
      synthetic.means.count == real.means.count,
      "\(synthetic.means.count) bands and \(real.means.count)")
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let differences = zip(synthetic.means, real.means).map { ($0 - $1) * ($0 - $1) }
    let spread = mean(real.deviations.map { $0 * $0 }).squareRoot()
    // Clips that are no numbers are like nothing.
    let ofMeans = exp(-mean(differences).squareRoot() / max(spread, Self.least))
    means = ofMeans.isFinite ? ofMeans : 0
    deviations = Self.similarity(synthetic.deviations, real.deviations)
    movements = Self.similarity(synthetic.movements, real.movements)
    diversity = Self.similarity([synthetic.meanDistance], [real.meanDistance])
  }

  /// `exp(−mean(abs(ln(a / b))))`; two zeros are alike, one is like nothing.
  private static func similarity(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for (a, b) in zip(a, b) where a > least || b > least {
      guard a.isFinite, b.isFinite else { return 0 }
      sum += abs(log(max(a, least) / max(b, least)))
    }
    return exp(-sum / Double(a.count))
  }

  /// What counts as nothing, in deviations.
  private static let least = 1e-6
}
