/// Elementary functions from IEEE additions and multiplications alone.
///
/// What is composed and rendered must not depend on the C library. Accuracy is that of Double but for
/// some units in the last place.
enum DeterministicMath {
  /// 2^x for |x| < 1000, by the Taylor series of exp on [-ln 2 / 2, ln 2 / 2].
  static func exp2(_ x: Double) -> Double {
    let whole = x.rounded()
    let r = (x - whole) * 0.693_147_180_559_945_3
    var sum = 1.0
    var k = 13.0
    while k >= 1 {
      sum = 1 + sum * r / k
      k -= 1
    }
    return Double(sign: .plus, exponent: Int(whole), significand: 1) * sum
  }

  /// log2(x) for x > 0, from the exponent and the series of atanh.
  static func log2(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.414_213_562_373_095 {
      m *= 0.5
      exponent += 1
    }
    let t = (m - 1) / (m + 1)
    let t2 = t * t
    var sum = 0.0
    var k = 25.0
    while k >= 1 {
      sum = sum * t2 + 1 / k
      k -= 2
    }
    return exponent + 2 * t * sum * 1.442_695_040_888_963_4
  }

  /// sin(2π x) for |x| < 2^20, by symmetry and the Taylor series on [-1/4, 1/4] of a period.
  static func sine(periods x: Double) -> Double {
    var r = x - x.rounded()
    if r > 0.25 { r = 0.5 - r }
    if r < -0.25 { r = -0.5 - r }
    let a = r * 6.283_185_307_179_586
    let a2 = a * a
    var sum = 1.0
    var k = 20.0
    while k >= 2 {
      sum = 1 - sum * a2 / (k * (k + 1))
      k -= 2
    }
    return a * sum
  }

  /// Amplitude ratio of a level difference in decibels.
  static func amplitude(decibels: Double) -> Double { exp2(decibels * 0.166_096_404_744_368_1) }

  /// Level difference in decibels of an amplitude ratio above zero.
  static func decibels(amplitude: Double) -> Double { log2(amplitude) * 6.020_599_913_279_624 }

  /// Frequency of a MIDI pitch in hertz, A4 = 69 = 440 Hz.
  static func frequency(pitch: Double) -> Double { 440 * exp2((pitch - 69) / 12) }
}
