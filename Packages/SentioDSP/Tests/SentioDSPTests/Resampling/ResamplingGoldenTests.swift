import Foundation
import SentioDSP
import Testing

@Suite struct ResamplingGoldenTests {
  /// Rounding and ripple: 120 dB below full scale is 1e-6.
  static let closedFormTolerance: Float = 1e-6
  /// At ratios of small integers both filters err by rounding and ripple only.
  static let soxrTolerance: Float = 1e-6
  /// At the other ratios soxr 1.1 itself misses the closed form by 1e-5 to 6.2e-5 (its VHQ recipe by 5e-5).
  static let soxrFractionalTolerance: Float = 7e-5

  struct Parameters: Decodable, Sendable {
    let from: Int
    let to: Int
    let count: Int
  }

  /// The burst that the generator resampled, at `count` instants spaced 1 / `rate`.
  static func burst(_ parameters: Parameters, rate: Int, count: Int) -> [Float] {
    let highest = Double(min(parameters.from, parameters.to)) / 2
    let length = Double(parameters.count)
    return (0..<count).map { index in
      let n = Double(index) * Double(parameters.from) / Double(rate)
      let deviation = (n - length / 2) / (length / 14)
      let tones = [(0.11, 0.5, 0.0), (0.43, 0.25, 1.0), (0.83, 0.125, 2.0)].reduce(0.0) {
        $0 + $1.1 * sin(2 * .pi * $1.0 * highest * n / Double(parameters.from) + $1.2)
      }
      return Float(exp(-0.5 * deviation * deviation) * tones)
    }
  }

  @Test func bandLimitedBurstsEqualTheirClosedFormAndSoxr() throws {
    for golden in try goldenCases("Resampling/soxr-hq", of: Parameters.self) {
      let (from, to) = (golden.parameters.from, golden.parameters.to)
      let signal = Self.burst(golden.parameters, rate: from, count: golden.parameters.count)
      let found = try Resampler(from: from, to: to).resample(signal)
      expectClose(
        found, Self.burst(golden.parameters, rate: to, count: found.count),
        absolute: Self.closedFormTolerance, "\(from) to \(to) Hz, closed form")
      // soxr rounds the length to the nearest, librosa and this module round up.
      #expect((0...1).contains(found.count - golden.values.count))
      let isIntegerRatio = from % to == 0 || to % from == 0
      expectClose(
        Array(found.prefix(golden.values.count)), golden.values,
        absolute: isIntegerRatio ? Self.soxrTolerance : Self.soxrFractionalTolerance,
        "\(from) to \(to) Hz, soxr")
    }
  }
}
