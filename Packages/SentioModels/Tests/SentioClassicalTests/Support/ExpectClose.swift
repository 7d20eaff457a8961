import Testing

/// Expects two lists to agree, count first, then element by element: `|a - e| <= absolute + relative · |e|`.
///
/// A failure names the worst element, both values and both errors, at the caller's line.
func expectClose(
  _ actual: [Double], _ expected: [Double], absolute: Double = 0, relative: Double = 0,
  _ what: String = "", location: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(what) has \(actual.count) elements, expected \(expected.count)", sourceLocation: location)
    return
  }
  var worst = -1
  var excess = 0.0
  for i in actual.indices {
    let error = (actual[i] - expected[i]).magnitude
    let over = error - (absolute + relative * expected[i].magnitude)
    if !(over <= 0), worst < 0 || !(over <= excess) {
      worst = i
      excess = over
    }
  }
  guard worst >= 0 else { return }
  let error = (actual[worst] - expected[worst]).magnitude
  Issue.record(
    """
    \(what)[\(worst)] is \(actual[worst]), expected \(expected[worst]): absolute error \(error), \
    relative \(error / expected[worst].magnitude)
    """, sourceLocation: location)
}
