/// The ranks of `values`, counted from 1, where equal values share the mean of their ranks.
///
/// `[20, 10, 20, 30]` gives `[2.5, 1, 2.5, 4]`. An empty input gives an empty result.
///
/// - Parameter values: finite values in any order.
/// - Returns: as many ranks, in the order of `values`; they always sum to n (n + 1) / 2.
/// - Throws: ``MetricsError/nonFiniteValue(argument:index:value:)``.
/// - Complexity: O(n log n).
///
/// *Reference:* `scipy.stats.rankdata(values, method="average")` 1.17.
public func averageRanks(_ values: [Double]) throws(MetricsError) -> [Double] {
  try checkFinite(values, argument: "values")
  return ranksOfFinite(values)
}

func ranksOfFinite(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
    // Positions start ..< end hold the ranks start + 1 ... end.
    let shared = Double(start + 1 + end) / 2
    for position in start..<end { ranks[order[position]] = shared }
    start = end
  }
  return ranks
}
