import SentioMetrics

/// A feature table whose every row has a label: what a classical model trains on.
public struct LabelledFeatures: Hashable, Sendable {
  /// Features of the songs that have both, in the table's order.
  public let features: FeatureTable
  /// One label a row of ``features``, all on one scale.
  public let labels: [ValenceArousal]
  /// Ids that have features and no label.
  public let withoutLabel: [String]
  /// Ids that have a label and no features.
  public let withoutFeatures: [String]
}

extension FeatureTable {
  /// Joins features and labels by song id.
  ///
  /// - Parameter labels: labels of songs; songs without features are listed in the result.
  /// - Returns: rows that have both, and the ids that have one only.
  /// - Throws: ``CorpusError/nothingInCommon(_:_:)`` when no id occurs in both.
  public func joined(with labels: LabelTable) throws -> LabelledFeatures {
    try joined(with: labels.rows.map { ($0.id, $0.label) })
  }

  /// Joins features with the labels of a corpus by song id.
  ///
  /// - Parameter corpus: its unlabelled songs are treated as absent.
  /// - Returns: rows that have both, and the ids that have one only.
  /// - Throws: ``CorpusError/nothingInCommon(_:_:)`` when no id occurs in both.
  public func joined(with corpus: Corpus) throws -> LabelledFeatures {
    try joined(
      with: corpus.songs.compactMap { song in song.label.map { (song.id, $0) } })
  }

  private func joined(with labels: [(String, ValenceArousal)]) throws -> LabelledFeatures {
    let byID = Dictionary(labels, uniquingKeysWith: { first, _ in first })
    let shared = ids.filter { byID[$0] != nil }
    guard !shared.isEmpty else {
      throw CorpusError.nothingInCommon(Array(ids.prefix(3)), labels.prefix(3).map(\.0))
    }
    let known = Set(ids)
    return LabelledFeatures(
      features: shared.count == ids.count ? self : try selecting(ids: shared),
      labels: shared.map { byID[$0]! },
      withoutLabel: ids.filter { byID[$0] == nil },
      withoutFeatures: labels.map(\.0).filter { !known.contains($0) })
  }
}
