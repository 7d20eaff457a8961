/// Stops the program with a message and the caller's place.
///
/// Where the place that is known lies in this module, because an operator called, the caller's is
/// looked up.
func stop(_ message: String, _ file: StaticString, _ line: UInt) -> Never {
  let isOurs = "\(file)".hasPrefix("SentioTensor/")
  fatalError(message + (isOurs ? CallerLocation.text() : ""), file: file, line: line)
}

/// Stops the program, at the caller's line, where a programmer's assumption does not hold.
///
/// Unlike `precondition`, this prints its message in release builds too: a shape mistake in a model
/// is found there as often as in a debugger.
@inline(__always)
func require(
  _ condition: Bool, _ message: @autoclosure () -> String, _ file: StaticString, _ line: UInt
) {
  if !condition { stop(message(), file, line) }
}

/// The axis counted from the front; negative ones count from the back.
@inline(__always)
func resolvedAxis(
  _ axis: Int, rank: Int, _ shape: Shape, _ file: StaticString, _ line: UInt
) -> Int {
  let resolved = axis < 0 ? axis + rank : axis
  require(
    resolved >= 0 && resolved < rank, "axis \(axis) does not exist in shape \(shape)", file, line)
  return resolved
}
