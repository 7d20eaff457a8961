/// The regularized incomplete beta function I_x(a, b), by Lentz's continued fraction.
///
/// The probability that a beta variable with shapes `a` and `b` is at most `x`.
///
/// *Reference:* NIST Digital Library of Mathematical Functions, 8.17.22.
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  // The fraction converges fast below the mean; above it the other tail is the small one.
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
  let logFront =
    a * naturalLogarithm(x) + b * naturalLogarithm(1 - x) - naturalLogarithm(a)
    - (logGamma(a) + logGamma(b) - logGamma(a + b))
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (d.magnitude < tiny ? tiny : d)
  var fraction = d
  for step in 1...10_000 {
    let m = Double(step)
    for numerator in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 + numerator * d
      d = 1 / (d.magnitude < tiny ? tiny : d)
      c = 1 + numerator / c
      if c.magnitude < tiny { c = tiny }
      fraction *= c * d
    }
    if (c * d - 1).magnitude < 1e-16 { break }
  }
  return exponential(logFront) * fraction
}
