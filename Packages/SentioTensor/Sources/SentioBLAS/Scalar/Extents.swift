/// The 32-bit form of an extent or leading dimension; stops, with the value, on one that the
/// library cannot count.
@inline(__always)
func extent(_ value: Int, _ name: StaticString) -> Int32 {
  precondition(
    value >= 0 && value <= Int(Int32.max),
    "\(name) must lie in 0...\(Int32.max), and is \(value)")
  return Int32(truncatingIfNeeded: value)
}

/// A leading dimension: the given one, or the row length; never 0, which BLAS refuses even for an
/// empty matrix.
@inline(__always)
func leading(_ given: Int?, rowLength: Int, _ name: StaticString) -> Int32 {
  guard let given else { return max(1, extent(rowLength, name)) }
  precondition(
    given >= rowLength, "\(name) \(given) is shorter than the rows, which have \(rowLength)")
  return max(1, extent(given, name))
}
