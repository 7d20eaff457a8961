import Foundation

/// A logarithmic map from positive values to user units, with ticks at powers of ten.
package struct LogarithmicAxis {
  private let axis: LinearAxis

  /// Maps the values' range, widened to whole steps of 1, 2, 5, onto `start ... end`.
  package init(covering values: [Double], from start: Double, to end: Double) {
    let usable = values.filter { $0 > 0 && $0.isFinite }
    let lower = log10(usable.min() ?? 1)
    let upper = log10(usable.max() ?? 10)
    // A tenth of a decade at least around a single value.
    let margin = max(0.06 * (upper - lower), 0.1)
    axis = LinearAxis(domain: lower - margin...upper + margin, from: start, to: end)
  }

  package func position(of value: Double) -> Double {
    value > 0 ? axis.position(of: log10(value)) : axis.start
  }

  /// Powers of ten in the domain; with the 2s and 5s between them where there are fewer than three.
  package var ticks: [Double] {
    let (lower, upper) = (axis.domain.lowerBound, axis.domain.upperBound)
    let decades = Int(floor(lower))...Int(ceil(upper))
    func inside(_ factors: [Double]) -> [Double] {
      decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
        .filter { (lower...upper).contains(log10($0)) }
    }
    let powers = inside([1])
    return powers.count >= 3 ? powers : inside([1, 2, 5])
  }
}
