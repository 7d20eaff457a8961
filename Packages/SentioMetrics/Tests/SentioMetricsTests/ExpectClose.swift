import Testing

/// Closed forms in double precision, on a few hundred values: what summation order may change.
let roundoff = 1e-12

/// Compares shapes first, then names the worst element with both values and both errors.
func expectClose(
  _ found: [Double], _ expected: [Double], relative: Double = roundoff, absolute: Double = roundoff,
  _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record(
      "\(what): \(found.count) values, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  var worst: (excess: Double, index: Int)?
  for index in found.indices {
    let (value, target) = (found[index], expected[index])
    if value.isNaN && target.isNaN || value == target { continue }
    let error = (value - target).magnitude
    let excess = error - max(absolute, relative * target.magnitude)
    if !(excess <= 0) && (worst.map { !(excess <= $0.excess) } ?? true) {
      worst = (excess, index)
    }
  }
  if let worst {
    let (value, target) = (found[worst.index], expected[worst.index])
    Issue.record(
      """
      \(what)[\(worst.index)] = \(value), expected \(target): absolute error \
      \((value - target).magnitude), relative \((value - target).magnitude / target.magnitude)
      """, sourceLocation: sourceLocation)
  }
}

/// The same for one number.
func expectClose(
  _ found: Double, _ expected: Double, relative: Double = roundoff, absolute: Double = roundoff,
  _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    [found], [expected], relative: relative, absolute: absolute, what,
    sourceLocation: sourceLocation)
}
