/// Holm's correction of several probabilities for being tested together.
///
/// The smallest of m probabilities is multiplied by m, the next by m - 1, and so on; a larger
/// probability never gets a smaller result, and none exceeds 1. Rejecting where the result is at
/// most α keeps the chance of any false rejection at most α, whatever the dependence, and rejects
/// at least what Bonferroni's correction does. Six models make 15 pairs: compare the corrected
/// values.
///
/// An empty input gives an empty result.
///
/// - Parameter probabilities: p values in 0...1, in any order.
/// - Returns: the corrected values in the same order.
/// - Throws: ``MetricsError`` for a value that is not finite or outside 0...1.
///
/// *Reference:* S. Holm, "A simple sequentially rejective multiple test procedure", 1979;
/// `statsmodels.stats.multitest.multipletests(method="holm")` 0.15.
public func holmCorrection(_ probabilities: [Double]) throws(MetricsError) -> [Double] {
  try checkFinite(probabilities, argument: "probabilities")
  for (index, value) in probabilities.enumerated() where !(0...1).contains(value) {
    throw .invalidOption(
      name: "probabilities[\(index)]", found: "\(value)", expected: "0 to 1")
  }
  let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
  var corrected = probabilities
  var largest = 0.0
  for (rank, index) in order.enumerated() {
    largest = max(largest, min(1, Double(order.count - rank) * probabilities[index]))
    corrected[index] = largest
  }
  return corrected
}
