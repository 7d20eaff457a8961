extension TreeEnsemble {
  /// A way to weigh what a feature does in the trees.
  public enum ImportanceKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// The mean gain of the splits on the feature; XGBoost's `gain`.
    case gain
    /// The sum of the gains; XGBoost's `total_gain`.
    case totalGain
    /// The number of splits; XGBoost's `weight`.
    case splitCount
    /// The mean number of training rows at the splits; XGBoost's `cover`.
    case cover
  }

  /// How much each feature does in the trees; 0 for a feature that no split asks for.
  ///
  /// *Reference:* `Booster.get_score` of XGBoost 3.2.
  public func importance(_ kind: ImportanceKind) -> [Double] {
    var counts = [Double](repeating: 0, count: featureCount)
    var sums = counts
    for node in 0..<nodeCount where features[node] >= 0 {
      let feature = Int(features[node])
      counts[feature] += 1
      sums[feature] += Double(kind == .cover ? covers[node] : gains[node])
    }
    return (0..<featureCount).map { feature in
      guard counts[feature] > 0 else { return 0 }
      return switch kind {
      case .gain, .cover: sums[feature] / counts[feature]
      case .totalGain: sums[feature]
      case .splitCount: counts[feature]
      }
    }
  }
}
