import SentioMetrics

/// Whether the parts of a split have the same distribution of labels.
public struct SplitBalance: Hashable, Sendable, CustomStringConvertible {
  /// The comparison of one part with the training part in one dimension.
  public struct Comparison: Hashable, Sendable {
    /// Validation or test.
    public var part: SplitPart
    /// `valence` or `arousal`.
    public var dimension: String
    /// Kolmogorov-Smirnov test of the part's labels against the training part's.
    public var test: KolmogorovSmirnovTest
  }

  /// Validation and test, each in both dimensions; parts without labelled songs are left out.
  public var comparisons: [Comparison]

  /// One line a comparison.
  public var description: String {
    comparisons.map {
      "\($0.part.rawValue) \($0.dimension): D \($0.test.statistic), p \($0.test.probability)"
    }.joined(separator: "\n")
  }
}

extension Split {
  /// Compares the labels of validation and test with those of training.
  ///
  /// - Parameter corpus: the corpus that was split.
  /// - Returns: a Kolmogorov-Smirnov test a part and dimension.
  /// - Throws: ``CorpusError/unknownSongs(_:in:)`` when the split names songs that it has not.
  public func balance(in corpus: Corpus) throws -> SplitBalance {
    func labels(_ part: SplitPart) throws -> [ValenceArousal] {
      try corpus.songs(songs[part] ?? []).compactMap(\.label)
    }
    let reference = try labels(.training)
    var comparisons: [SplitBalance.Comparison] = []
    for part in [SplitPart.validation, .test] {
      let own = try labels(part)
      guard !own.isEmpty, !reference.isEmpty else { continue }
      for (name, path) in [("valence", \ValenceArousal.valence), ("arousal", \.arousal)] {
        comparisons.append(
          SplitBalance.Comparison(
            part: part, dimension: name,
            test: try KolmogorovSmirnovTest(
              first: reference.map { $0[keyPath: path] }, second: own.map { $0[keyPath: path] })))
      }
    }
    return SplitBalance(comparisons: comparisons)
  }
}
