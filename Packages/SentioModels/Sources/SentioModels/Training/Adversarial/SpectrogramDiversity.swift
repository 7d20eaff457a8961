import SentioMetrics
import SentioTensor

/// Whether synthetic clips differ from each other as real ones do, and are no copies of real ones.
///
/// Distances are root mean squares over all bands and frames, in deviations.
public struct SpectrogramDiversity: Sendable, Hashable, Codable {
  /// The mean distance of two synthetic clips.
  public let syntheticDistance: Double
  /// The mean distance of two real clips.
  public let realDistance: Double
  /// The median distance of a synthetic clip from the real one that is nearest to it.
  public let nearestReal: Double
  /// The median distance of a real clip from the other one that is nearest to it.
  public let nearestAmongReal: Double
  /// Synthetic clips that are nearer to a real one than any two real ones are to each other: copies, most likely.
  public let copies: Int
  /// Synthetic clips that were looked at.
  public let count: Int

  /// 1 where synthetic clips are as different as real ones, near 0 where all are the same.
  public var ratio: Double { syntheticDistance / realDistance }

  /// How far synthetic clips stay from the real ones, by how far real ones do from each other: well below 1 where the
  /// generator has learned clips by heart.
  public var novelty: Double { nearestReal / nearestAmongReal }

  /// Measures synthetic clips against the real ones that their generator learned from.
  ///
  /// - Parameters:
  ///   - synthetic: `[N, 1, mels, frames]`, at least two.
  ///   - real: `[M, 1, mels, frames]`, at least two. A copy of a clip that is not among them is not found.
  /// - Throws: ``AdversarialError`` for fewer clips or other sizes.
  public init(_ synthetic: Tensor, real: Tensor) throws {
    for (tensor, purpose) in [(synthetic, "synthetic"), (real, "real")] {
      let found = tensor.shape.first ?? 0
      guard found >= 2 else {
        throw AdversarialError.tooFewClips(
          purpose: "the distance of two \(purpose) clips", needed: 2, found: found)
      }
    }
    guard synthetic.shape.dropFirst().elementsEqual(real.shape.dropFirst()) else {
      throw AdversarialError.shape(
        ids: [], expected: "the real clips' \(real.shape)", found: "\(synthetic.shape)")
    }
    let (own, others) = (
      SpectrogramDistances(synthetic, synthetic), SpectrogramDistances(real, real)
    )
    let across = SpectrogramDistances(synthetic, real)
    let (count, realCount) = (synthetic.shape[0], real.shape[0])
    let nearest = (0..<count).map { row in (0..<realCount).map { across[row, $0] }.min() ?? 0 }
    let nearestOther = (0..<realCount).map { row in
      (0..<realCount).filter { $0 != row }.map { others[row, $0] }.min() ?? 0
    }
    syntheticDistance = Self.mean(own, count)
    realDistance = Self.mean(others, realCount)
    nearestReal = Self.median(nearest)
    nearestAmongReal = Self.median(nearestOther)
    let least = nearestOther.min() ?? 0
    copies = nearest.count { $0 < least }
    self.count = count
  }

  private static func mean(_ distances: SpectrogramDistances, _ count: Int) -> Double {
    var sum = 0.0
    for row in 0..<count { for column in 0..<row { sum += distances[row, column] } }
    return sum / Double(count * (count - 1) / 2)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
