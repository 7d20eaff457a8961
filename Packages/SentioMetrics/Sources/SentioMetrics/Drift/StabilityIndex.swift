/// The population stability index of a variable: how far its distribution has moved, as one number.
///
///     PSI = Σ (q - p) ln(q / p)
///
/// over the bins whose edges are the reference's quantiles, with p and q the shares of the reference and of the new
/// values in a bin. It is 0 for equal shares and grows with any change. Equal edges of tied values are one edge. A bin
/// that only one side has values in counts as half a value of the other, so that the logarithm is finite.
///
/// By custom, below 0.1 nothing happened and from 0.25 on much did. Small samples are large by chance: without any
/// change the expected value is about (bins - 1)(1/m + 1/n), 0.1 for 100 new songs in ten bins.
///
/// - Parameters:
///   - reference: finite values, at least 1.
///   - new: finite values, at least 1.
///   - bins: how many bins the reference is divided into, at least 2.
/// - Returns: a value of at least 0.
/// - Throws: ``MetricsError`` for no value, a value that is not finite, or too few bins.
///
/// *Reference:* N. Siddiqi, "Credit risk scorecards", 2006.
public func populationStabilityIndex(
  reference: [Double], new: [Double], bins: Int = 10
) throws(MetricsError) -> Double {
  guard bins >= 2 else {
    throw .invalidOption(name: "bins", found: "\(bins)", expected: "at least 2")
  }
  try checkCount(reference.count, minimum: 1, statistic: "population stability index (reference)")
  try checkCount(new.count, minimum: 1, statistic: "population stability index (new)")
  try checkFinite(reference, argument: "reference")
  try checkFinite(new, argument: "new")
  return stabilityIndex(sorted: reference.sorted(), new: new, bins: bins)
}

/// The same for a reference that is in order.
func stabilityIndex(sorted reference: [Double], new: [Double], bins: Int) -> Double {
  var edges: [Double] = []
  for bin in 1..<bins {
    let position = Double(bin) / Double(bins) * Double(reference.count - 1)
    let index = Int(position)
    let next = min(index + 1, reference.count - 1)
    let edge =
      reference[index] + (reference[next] - reference[index]) * (position - Double(index))
    if edges.last != edge { edges.append(edge) }
  }
  func counts(_ values: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: edges.count + 1)
    for value in values { counts[edges.partitionPoint { $0 >= value }] += 1 }
    return counts
  }
  return zip(counts(reference), counts(new)).reduce(0) { sum, found in
    // A bin that nobody fell into says nothing.
    guard found.0 + found.1 > 0 else { return sum }
    let (old, now) = (
      max(found.0, 0.5) / Double(reference.count), max(found.1, 0.5) / Double(new.count)
    )
    return sum + (now - old) * naturalLogarithm(now / old)
  }
}
