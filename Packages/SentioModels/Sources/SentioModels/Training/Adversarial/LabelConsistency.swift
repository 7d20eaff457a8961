import SentioMetrics
import SentioNN
import SentioTensor

/// Whether a regressor that learned from real songs finds in synthetic clips the emotion that was asked for.
///
/// A generator that ignores its condition comes to correlations around 0. The regressor's own error bounds them: what it
/// reaches on held-out real songs is the most that can be expected here.
public struct LabelConsistency: Sendable, Hashable, Codable {
  /// One dimension of emotion.
  public struct Dimension: Sendable, Hashable, Codable {
    /// Pearson's correlation of what was asked for and what was found; NaN where either is constant.
    @UndefinedAsNull public private(set) var correlation: Double
    /// Their concordance correlation.
    @UndefinedAsNull public private(set) var concordance: Double

    fileprivate init(_ requested: [Double], _ found: [Double]) throws {
      correlation = try pearsonCorrelation(requested, found)
      concordance = try concordanceCorrelation(prediction: found, truth: requested)
    }
  }

  /// The clips.
  public let count: Int
  /// Valence.
  public let valence: Dimension
  /// Arousal.
  public let arousal: Dimension

  /// `max(0, r)`, r being the mean of both correlations: what a quality is worth of clips that have the emotion asked for.
  ///
  /// A correlation that is not defined counts as 0.
  public var weight: Double {
    func number(_ value: Double) -> Double { value.isFinite ? value : 0 }
    return max(0, (number(valence.correlation) + number(arousal.correlation)) / 2)
  }

  /// Compares emotions that were asked for with those that were found.
  ///
  /// - Parameters:
  ///   - requested: `[N, 2]`, N at least 2.
  ///   - found: `[N, 2]`, on the same scale.
  /// - Throws: `MetricsError` for fewer than two, or a value that is not finite.
  public init(requested: Tensor, found: Tensor) throws {
    precondition(
      requested.rank == 2 && requested.shape[1] == 2 && found.shape == requested.shape,
      "emotions of shapes \(requested.shape) and \(found.shape)")
    func column(_ tensor: Tensor, _ index: Int) -> [Double] {
      tensor.selected(index, axis: 1).scalars.map(Double.init)
    }
    count = requested.shape[0]
    valence = try Dimension(column(requested, 0), column(found, 0))
    arousal = try Dimension(column(requested, 1), column(found, 1))
  }

  /// Asks a regressor for the emotions of clips.
  ///
  /// - Parameters:
  ///   - clips: synthetic clips with the emotions that were asked for.
  ///   - batchSize: clips that the regressor is given at once.
  ///   - regressor: from `[N, 1, mels, frames]` of mean 0 and deviation 1 to `[N, 2]` in −1…1.
  /// - Throws: `MetricsError`, and what the regressor throws.
  public init(
    of clips: LabelledBatch, batchSize: Int = 16, regressor: (Tensor) throws -> Tensor
  ) throws {
    let count = clips.ids.count
    let parts = try stride(from: 0, to: count, by: batchSize).map {
      try regressor(clips.inputs[$0..<min($0 + batchSize, count)])
    }
    try self.init(
      requested: clips.targets, found: parts.isEmpty ? clips.targets : .concatenate(parts))
  }
}
