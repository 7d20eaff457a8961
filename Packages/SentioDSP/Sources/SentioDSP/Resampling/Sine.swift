import Foundation

/// `sin(π x)`, exactly zero at integers.
///
/// Reducing `x` before multiplying by π keeps the zeros of a sinc at the samples where they belong.
func sinPi(_ x: Double) -> Double {
  let reduced = x - 2 * (x / 2).rounded()
  return reduced.magnitude == 1 ? 0 : sin(.pi * reduced)
}
