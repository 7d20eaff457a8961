import Foundation

/// Signals that the golden files' generator (`Tests/Generators/synthetic_signals.py`) makes bit for
/// bit alike, so that only results are stored.
enum SyntheticSignals {
  /// Uniform noise in [-1, 1): a 64-bit linear congruential generator's upper 24 bits.
  static func noise(count: Int, seed: UInt64 = 1) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(state >> 40) - 0x80_0000) / Float(0x80_0000)
    }
  }

  /// A sum of sines, `amplitude · sin(2π·frequency·n/rate)`, rounded to a multiple of 2⁻²⁰ so that
  /// the last bit of two sine functions does not matter.
  static func tones(
    count: Int, sampleRate: Double, _ partials: [(frequency: Double, amplitude: Double)]
  ) -> [Float] {
    (0..<count).map { n in
      let sum = partials.reduce(0.0) {
        $0 + $1.amplitude * sin(2 * Double.pi * $1.frequency * Double(n) / sampleRate)
      }
      return Float((sum * 1_048_576).rounded(.toNearestOrEven) / 1_048_576)
    }
  }

  /// Ones at multiples of `period`, zeros elsewhere.
  static func clicks(count: Int, period: Int) -> [Float] {
    (0..<count).map { $0 % period == 0 ? 1 : 0 }
  }

  /// Zeros.
  static func silence(count: Int) -> [Float] { [Float](repeating: 0, count: count) }

  /// A chord with a slow swell, clicks and noise: something of everything that music has.
  static func mixture(count: Int, sampleRate: Double) -> [Float] {
    let chord = tones(
      count: count, sampleRate: sampleRate,
      [(110, 0.25), (220, 0.125), (277.25, 0.125), (331, 0.125), (1760, 0.0625)])
    let hiss = noise(count: count, seed: 7)
    return (0..<count).map { n in
      let swell = Float(n % 16384) / 16384
      return chord[n] * swell + hiss[n] * 0.015625 + (n % 11025 == 100 ? 0.5 : 0)
    }
  }
}
