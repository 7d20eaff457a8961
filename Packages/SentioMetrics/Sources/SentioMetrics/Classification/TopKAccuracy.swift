/// The share of samples whose true class is among the `k` classes of highest score.
///
/// A tie counts against the model: the true class is among the first k only if fewer than k other
/// classes score at least as high. A model that gives all classes one score therefore gets 0 and
/// not 1.
///
/// - Parameters:
///   - scores: for each sample the finite scores of all C classes, in any unit; shape [N, C].
///   - truth: the true class of each sample, in 0..<C; N ≥ 1 of them.
///   - k: how many classes may be named, 1...C.
/// - Returns: a share in 0...1.
/// - Throws: ``MetricsError`` for unequal lengths, rows of unequal length, a score that is not
///   finite, a class outside 0..<C, no sample, or an impossible `k`.
///
/// *Reference:* `sklearn.metrics.top_k_accuracy_score` 1.9. *Differs from:* scikit-learn, which
/// breaks ties by the order of the classes.
public func topKAccuracy(
  scores: [[Double]], truth: [Int], k: Int
) throws(MetricsError) -> Double {
  try checkEqualLengths("scores", scores.count, "truth", truth.count)
  try checkCount(truth.count, minimum: 1, statistic: "top-k accuracy")
  let classCount = scores[0].count
  guard k >= 1, k <= classCount else {
    throw .invalidOption(name: "k", found: "\(k)", expected: "1 to \(classCount)")
  }
  var hits = 0
  for (index, row) in scores.enumerated() {
    try checkEqualLengths("scores[0]", classCount, "scores[\(index)]", row.count)
    try checkFinite(row, argument: "scores[\(index)]")
    guard row.indices.contains(truth[index]) else {
      throw .classOutOfRange(
        argument: "truth", index: index, found: truth[index], classCount: classCount)
    }
    let own = row[truth[index]]
    // The class itself is counted by `>=` and taken off again.
    if row.count(where: { $0 >= own }) - 1 < k { hits += 1 }
  }
  return Double(hits) / Double(truth.count)
}
