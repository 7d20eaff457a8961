/// The fewest edits that turn a true sequence into a predicted one (Levenshtein's distance).
///
/// Where several ways need equally few edits, the one found first when substitutions are preferred
/// to deletions and deletions to insertions is reported.
public struct EditDistance: Hashable, Sendable, Codable {
  /// Elements of the truth that another element stands for in the prediction.
  public var substitutions = 0
  /// Elements of the truth that the prediction lacks.
  public var deletions = 0
  /// Elements that only the prediction has.
  public var insertions = 0

  /// The number of edits.
  public var total: Int { substitutions + deletions + insertions }

  /// Compares two sequences.
  ///
  /// Either may be empty: the distance is then the length of the other.
  ///
  /// - Parameters:
  ///   - prediction: the predicted sequence, P elements.
  ///   - truth: the true sequence, T elements.
  /// - Complexity: O(P T) time, O(P) memory.
  ///
  /// *Reference:* R. A. Wagner, M. J. Fischer, "The string-to-string correction problem", 1974.
  public init<Element: Equatable>(
    prediction: some Collection<Element>, truth: some Collection<Element>
  ) {
    let predicted = Array(prediction)
    // row[j] edits turn the truth so far into the first j predictions.
    var row = [EditDistance](repeating: EditDistance(), count: predicted.count + 1)
    for j in predicted.indices {
      row[j + 1] = row[j]
      row[j + 1].insertions += 1
    }
    for element in truth {
      var diagonal = row[0]
      row[0].deletions += 1
      for j in predicted.indices {
        let above = row[j + 1]
        var best = diagonal
        if element != predicted[j] {
          best.substitutions += 1
          if above.total + 1 < best.total {
            best = above
            best.deletions += 1
          }
          if row[j].total + 1 < best.total {
            best = row[j]
            best.insertions += 1
          }
        }
        diagonal = above
        row[j + 1] = best
      }
    }
    self = row[predicted.count]
  }

  private init() {}
}

/// The phoneme error rate: edits per true phoneme, over all sequences together.
///
///     PER = Σ (substitutions + deletions + insertions) / Σ length of the truth
///
/// Long sequences count more than short ones, as in speech recognition's word error rate; the
/// rate can exceed 1 where much is inserted. The elements may be phonemes, words or notes.
///
/// - Parameters:
///   - prediction: the predicted sequences.
///   - truth: the true sequences in the same order, with at least one element among them.
/// - Returns: a value of at least 0.
/// - Throws: ``MetricsError`` for unequal numbers of sequences, or truths that are all empty.
public func phonemeErrorRate<Phoneme: Equatable>(
  prediction: [[Phoneme]], truth: [[Phoneme]]
) throws(MetricsError) -> Double {
  try checkEqualLengths("prediction", prediction.count, "truth", truth.count)
  let length = truth.reduce(0) { $0 + $1.count }
  try checkCount(length, minimum: 1, statistic: "phoneme error rate (true phonemes)")
  let edits = zip(prediction, truth).reduce(0) {
    $0 + EditDistance(prediction: $1.0, truth: $1.1).total
  }
  return Double(edits) / Double(length)
}
