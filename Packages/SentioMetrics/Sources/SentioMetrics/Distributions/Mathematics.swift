// The C mathematics library under whatever name the platform gives it; Foundation is not needed.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The complementary error function, accurate in the tail.
func complementaryError(_ x: Double) -> Double { erfc(x) }

func exponential(_ x: Double) -> Double { exp(x) }

func naturalLogarithm(_ x: Double) -> Double { log(x) }

func sineOf(_ x: Double) -> Double { sin(x) }

func cosineOf(_ x: Double) -> Double { cos(x) }

/// The angle of the point (x, y) from the x axis, in -π...π; 0 for the origin.
func arcTangent(y: Double, x: Double) -> Double { atan2(y, x) }

/// The logarithm of the gamma function, for positive `x`.
///
/// Stirling's series after shifting the argument above 15, where its first six terms are exact to
/// an ulp. The C function `lgamma` writes a global sign and is therefore not safe on threads.
func logGamma(_ x: Double) -> Double {
  var x = x
  var product = 1.0
  while x < 15 {
    product *= x
    x += 1
  }
  let inverse = 1 / (x * x)
  let series =
    (1.0 / 12
      - inverse
      * (1.0 / 360
        - inverse
        * (1.0 / 1260
          - inverse * (1.0 / 1680 - inverse * (1.0 / 1188 - inverse * (691.0 / 360_360))))))
    / x
  return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - log(product)
}
