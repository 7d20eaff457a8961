import Foundation

/// A linear map from values to user units, with round tick values.
package struct LinearAxis {
  let domain: ClosedRange<Double>
  let start: Double
  let end: Double

  /// Maps `domain` onto `start ... end`; `end` may be the smaller one, as on an upward axis.
  package init(domain: ClosedRange<Double>, from start: Double, to end: Double) {
    let isEmpty = domain.lowerBound == domain.upperBound
    self.domain = isEmpty ? domain.lowerBound - 0.5...domain.upperBound + 0.5 : domain
    self.start = start
    self.end = end
  }

  package func position(of value: Double) -> Double {
    let fraction = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return start + fraction * (end - start)
  }

  /// About `count` round values within the domain: multiples of 1, 2 or 5 times a power of ten.
  package func ticks(about count: Int) -> [Double] {
    let span = domain.upperBound - domain.lowerBound
    let rough = span / Double(max(count, 1))
    let magnitude = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * magnitude }.first { $0 >= rough * 0.999 } ?? rough
    let first = (domain.lowerBound / step - 1e-9).rounded(.up)
    let last = (domain.upperBound / step + 1e-9).rounded(.down)
    guard first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }
}

/// A tick's value without the noise of binary fractions.
func tickLabel(_ value: Double) -> String {
  let rounded = (value * 1000).rounded() / 1000
  guard rounded.magnitude < 1e15 else { return "\(value)" }
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}
