import Foundation

/// The modified Bessel function of the first kind and order zero, `Σ ((x/2)ᵏ / k!)²`.
///
/// All terms are positive, so the sum is accurate to a few ulps for every argument that a Kaiser window meets.
func besselI0(_ x: Double) -> Double {
  let quarterSquare = x * x / 4
  var term = 1.0
  var sum = 1.0
  var k = 1.0
  while term > sum * 1e-17 {
    term *= quarterSquare / (k * k)
    sum += term
    k += 1
  }
  return sum
}

/// `sin(π x)`, exactly zero at integers.
///
/// Reducing `x` before multiplying by π keeps the zeros of a sinc at the samples where they belong.
func sinPi(_ x: Double) -> Double {
  let reduced = x - 2 * (x / 2).rounded()
  return reduced.magnitude == 1 ? 0 : sin(.pi * reduced)
}
