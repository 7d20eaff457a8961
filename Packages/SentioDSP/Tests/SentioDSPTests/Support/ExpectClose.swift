import Testing

/// Expects two arrays to agree: `|found - expected| ≤ absolute + relative · |expected|` everywhere.
///
/// Counts are compared first. A failure names the worst index, both values and both errors, at the
/// caller's line. A NaN equals only a NaN.
func expectClose(
  _ found: [Float], _ expected: [Float], relative: Float = 0, absolute: Float = 0,
  _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record(
      "\(what): \(found.count) values, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  var worst = -1
  var worstExcess: Float = 0
  for index in found.indices {
    let f = found[index]
    let e = expected[index]
    if f == e || (f.isNaN && e.isNaN) { continue }
    let difference = (f - e).magnitude
    let allowed = absolute + relative * e.magnitude
    let excess =
      difference.isFinite ? difference / max(allowed, .leastNonzeroMagnitude) : .infinity
    if excess > 1, excess > worstExcess {
      worst = index
      worstExcess = excess
    }
  }
  if worst >= 0 {
    let difference = (found[worst] - expected[worst]).magnitude
    Issue.record(
      """
      \(what): worst at index \(worst): found \(found[worst]), expected \(expected[worst]), \
      absolute error \(difference), relative error \(difference / expected[worst].magnitude), \
      \(worstExcess) times what is allowed
      """, sourceLocation: sourceLocation)
  }
}

/// Expects two numbers to agree.
func expectClose(
  _ found: Float, _ expected: Float, relative: Float = 0, absolute: Float = 0, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    [found], [expected], relative: relative, absolute: absolute, what,
    sourceLocation: sourceLocation)
}
