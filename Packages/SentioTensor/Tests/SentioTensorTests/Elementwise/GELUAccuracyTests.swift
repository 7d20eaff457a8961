import Foundation
import SentioTensor
import Testing

/// GELU and its derivative against double precision, over a dense grid and at the ends.
@Suite struct GELUAccuracyTests {
  static let grid = (-900_000...900_000).map { Float($0) * 1e-5 }

  static func exact(_ x: Double) -> Double { 0.5 * x * erfc(-x * 0.5.squareRoot()) }

  @Test func valuesKeepTheirBound() {
    for (x, y) in zip(Self.grid, Tensor(Self.grid).gelu().scalars) {
      let expected = Self.exact(Double(x))
      let error = abs(Double(y) - expected)
      // One ten-millionth, or what is left of single precision.
      let bound = max(1e-7, 2 * Double(Float(expected).ulp))
      if error > bound {
        Issue.record("gelu(\(x)) is \(y), and off by \(error)")
        return
      }
      // The tail keeps its shape, where 1 + erf would lose it.
      if x < 0 && x > -5.5 && error > 3e-4 * abs(expected) + 1e-12 {
        Issue.record("gelu(\(x)) is \(y), expected \(expected)")
        return
      }
    }
  }

  @Test func slopesKeepTheirBound() {
    let (_, slopes) = valueAndGradient(of: Tensor(Self.grid)) { $0.gelu().sum() }
    for (x, slope) in zip(Self.grid, slopes.scalars) {
      let z = Double(x)
      let share: Double = 0.5 * erfc(-z * 0.5.squareRoot())
      let density: Double = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
      let expected = share + z * density
      if abs(Double(slope) - expected) > 3e-7 {
        Issue.record("the slope at \(x) is \(slope), expected \(expected)")
        return
      }
    }
  }

  @Test func theEndsAreTheLimits() {
    let x = Tensor([-Float.infinity, -1e30, -7, 0, 7, 1e30, Float.infinity])
    let limits = Tensor([0, 0, 0, 0, 7, 1e30, Float.infinity])
    #expect(x.gelu() == limits)
    #expect(Tensor(Float.nan).gelu().scalar.isNaN)
  }
}
