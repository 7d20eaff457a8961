import Foundation

/// How fast, and how far, the level of each register goes up and down.
///
/// The course of each eighth of the mel bands, less its mean, is weighted by a Hann window and
/// transformed; `modulation<register>_<rate>` is the variance, `10·log₁₀(0.01 + v)` with `v` in dB²,
/// of 0.25 … 1, 1 … 2, 2 … 4, 4 … 8, 8 … 16 and above 16 hertz: phrases, bars, beats, notes, tremolo.
/// Without change, or where a song is too short for a rate, it is -20.
///
/// *Reference:* rhythm patterns: Pampalk, Rauber and Merkl, "Content-based organization and
/// visualization of music archives", 2002; there of loudness in sone and with other bands.
enum LevelModulation {
  static let registerCount = 8
  private static let hertz = [0.25, 1, 2, 4, 8, 16, Double.infinity]

  static let columnNames = (1...registerCount).flatMap { register in
    (1..<hertz.count).map { "modulation\(register)_\($0)" }
  }

  /// - Parameters:
  ///   - levels: the course of each register in decibels, at least one frame.
  ///   - frameRate: frames per second.
  /// - Returns: values in the order of ``columnNames``.
  static func values(levels: [[Float]], frameRate: Double) -> [Float] {
    let count = min(levels[0].count, RealFFT.maximumLength / 2)
    let window = (0..<count).map {
      0.5 - 0.5 * cos(2 * .pi * Double($0 + 1) / Double(count + 1))
    }
    let transform = RealFFT.ofLength(powerOfTwo(atLeast: count))
    let scale = 2 / (Double(transform.length) * window.reduce(0) { $0 + $1 * $1 })
    let signal = AlignedBuffer(count: transform.length)
    let spectrum = AlignedBuffer(count: 2 * transform.binCount)
    return withExtendedLifetime((signal, spectrum)) {
      levels.flatMap { course in
        let mean = average(course)
        for t in 0..<count { signal.pointer[t] = Float((Double(course[t]) - mean) * window[t]) }
        transform.forward(signal.pointer, into: spectrum.pointer)
        var variances = [Double](repeating: 0, count: hertz.count - 1)
        for bin in 0..<transform.binCount {
          let rate = Double(bin) * frameRate / Double(transform.length)
          guard rate >= hertz[0] else { continue }
          let (re, im) = (spectrum.pointer[2 * bin], spectrum.pointer[2 * bin + 1])
          variances[hertz.lastIndex { rate >= $0 }!] += Double(re * re + im * im) * scale
        }
        return variances.map { Float(10 * log10(1e-2 + $0)) }
      }
    }
  }
}
