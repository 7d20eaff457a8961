import Foundation
import SentioDSP
import Testing

@Suite struct ResamplerTests {
  /// Float rounding of a sum over some hundred taps stays below −126 dB of a unit tone.
  static let roundingFloor = 5e-7

  /// One ratio for each layout of coefficients, up and down.
  static let ratios = [
    (44_100, 22_050), (48_000, 16_000), (22_050, 44_100), (48_000, 22_050), (8000, 22_050),
    (35_467, 22_050), (16_001, 44_100),
  ]

  static func tone(_ frequency: Double, rate: Int, count: Int, phase: Double = 0.3) -> [Float] {
    (0..<count).map { n in
      // Reduced before the sine, whose argument would otherwise lose digits.
      let turns = (frequency / Double(rate) * Double(n)).truncatingRemainder(dividingBy: 1)
      return Float(sin(2 * .pi * turns + phase))
    }
  }

  /// The part of a result that the signal's ends do not reach.
  static func interior(_ values: [Float], margin: Int = 1100) -> ArraySlice<Float> {
    values[margin..<values.count - margin]
  }

  @Test(arguments: ratios, ResamplingQuality.allCases)
  func tonesKeepAmplitudeAndPhase(ratio: (Int, Int), quality: ResamplingQuality) throws {
    let resampler = try Resampler(from: ratio.0, to: ratio.1, quality: quality)
    let lowerNyquist = Double(min(ratio.0, ratio.1)) / 2
    // The ripple of a Kaiser design equals its stop band's depth.
    let tolerance = 1.5 * pow(10, -quality.stopBandAttenuation / 20) + Self.roundingFloor
    for fraction in [0.013, 0.31, 0.77, 1.0] {
      let frequency = fraction * quality.passBandEdge * lowerNyquist
      let found = resampler.resample(Self.tone(frequency, rate: ratio.0, count: 9001))
      let expected = Self.tone(frequency, rate: ratio.1, count: found.count)
      expectClose(
        Array(Self.interior(found)), Array(Self.interior(expected)), absolute: Float(tolerance),
        "\(frequency) Hz")
    }
  }

  @Test(
    arguments: [(44_100, 22_050), (48_000, 22_050), (35_467, 22_050), (96_000, 8000)],
    ResamplingQuality.allCases)
  func tonesAboveTheLowerNyquistVanish(ratio: (Int, Int), quality: ResamplingQuality) throws {
    let resampler = try Resampler(from: ratio.0, to: ratio.1, quality: quality)
    let (low, high) = (Double(ratio.1) / 2, Double(ratio.0) / 2)
    var worst = -Double.infinity
    for step in 0...40 {
      let frequency = low + (high - low) * Double(step) / 40.001
      let found = Self.interior(
        resampler.resample(Self.tone(frequency, rate: ratio.0, count: 60_000)))
      let power = found.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(found.count)
      worst = max(worst, 10 * log10(2 * power + 1e-30))
    }
    #expect(worst <= -quality.stopBandAttenuation, "\(worst) dB")
  }

  /// An impulse resampled far upwards is the filter itself, whose spectrum is flat to the pass band's
  /// edge and gone from the Nyquist frequency on.
  @Test(arguments: [(22_050, 176_400), (2205, 77_175)], ResamplingQuality.allCases)
  func theImpulseResponseHasTheStatedSpectrum(
    ratio: (Int, Int), quality: ResamplingQuality
  ) throws {
    let count = 1025
    var impulse = [Float](repeating: 0, count: count)
    impulse[count / 2] = 1
    let response = try Resampler(from: ratio.0, to: ratio.1, quality: quality).resample(impulse)
    let transform = RealFFT.ofLength(1 << 16)
    let spectrum = transform.forward(
      response + [Float](repeating: 0, count: transform.length - response.count))
    let factor = ratio.1 / ratio.0
    let nyquistBin = transform.length / factor / 2
    var ripple = 0.0
    var leak = 0.0
    for bin in 0..<transform.binCount {
      let magnitude =
        Double(hypot(spectrum[2 * bin], spectrum[2 * bin + 1])) / Double(factor)
      if Double(bin) <= quality.passBandEdge * Double(nyquistBin) {
        ripple = max(ripple, abs(magnitude - 1))
      } else if bin > nyquistBin {
        leak = max(leak, magnitude)
      }
    }
    let depth = pow(10, -quality.stopBandAttenuation / 20)
    #expect(ripple <= depth + Self.roundingFloor, "ripple \(ripple)")
    #expect(leak <= depth, "leak \(20 * log10(leak)) dB")
    // Linear phase: the response is symmetric about the impulse's time.
    let centre = count / 2 * factor
    let reach = min(centre, response.count - 1 - centre)
    expectClose(
      Array(response[centre - reach...centre].reversed()),
      Array(response[centre...centre + reach]), absolute: Float(Self.roundingFloor))
  }

  @Test func theLengthIsTheCeilingOfTheRatio() throws {
    for (from, to) in Self.ratios {
      let resampler = try Resampler(from: from, to: to, quality: .fast)
      for count in [0, 1, 2, 3, 15, 16, 17, 147, 1000, 4097] {
        let expected = Int((Double(count) * Double(to) / Double(from)).rounded(.up))
        #expect(resampler.outputCount(forInputCount: count) == expected)
        let signal = [Float](repeating: 0.5, count: count)
        #expect(resampler.resample(signal).count == expected)
      }
    }
  }

  @Test func aConstantStaysAndOneSampleBecomesTheFilter() throws {
    let half = try Resampler(from: 2, to: 1)
    let constant = half.resample([Float](repeating: 0.25, count: 8000))
    expectClose(
      Array(Self.interior(constant)), Array(repeating: 0.25, count: constant.count - 2200),
      absolute: Float(Self.roundingFloor))
    // h(0) = 2 · cutoff, the cutoff lying midway between pass-band edge and Nyquist frequency.
    expectClose(half.resample([1]), [Float(0.5 * (1 + 0.913) / 2)], relative: 1e-5)
    #expect(half.resample([]).isEmpty)
  }

  @Test func equalRatesReturnTheSignal() throws {
    let signal = SyntheticSignals.noise(count: 777)
    #expect(try Resampler(from: 22_050, to: 22_050).resample(signal) == signal)
  }

  @Test(arguments: ratios, [ResamplingQuality.fast, .high])
  func aNaNReachesOnlyTheFilterAroundIt(
    ratio: (Int, Int), quality: ResamplingQuality
  ) throws {
    let resampler = try Resampler(from: ratio.0, to: ratio.1, quality: quality)
    var signal = SyntheticSignals.noise(count: 40_000)
    let clean = resampler.resample(signal)
    signal[20_000] = quality == .fast ? .infinity : .nan
    let found = resampler.resample(signal)
    let scale = Double(ratio.1) / Double(ratio.0)
    let centre = Int(20_000 * scale)
    // Half of 39 or 184 taps at the lower rate on either side, whole blocks of 16.
    let taps = quality == .fast ? 39.0 : 184
    let reach = Int((taps / 2 + 2) * max(1, scale)) + 32
    #expect(found[centre].isNaN || found[centre].isInfinite)
    let kept = found.indices.filter { abs($0 - centre) > reach }
    expectClose(
      kept.map { found[$0] }, kept.map { clean[$0] }, absolute: Float(2 * Self.roundingFloor),
      "two methods, each with its own rounding")
    // Twice two frames of the frequency domain: further off, not a bit changes.
    for index in kept where abs(index - centre) > Int(4096 * max(1, scale)) {
      #expect(found[index] == clean[index], "output \(index)")
    }
  }

  /// Sums that would overflow in the frequency domain are made directly.
  @Test func loudSignalsDoNotOverflow() throws {
    let loud = SyntheticSignals.noise(count: 8000).map { $0 * 1e37 }
    #expect(try Resampler(from: 44_100, to: 22_050).resample(loud).allSatisfy(\.isFinite))
  }

  @Test(arguments: ratios) func theNumberOfThreadsChangesNoBit(ratio: (Int, Int)) throws {
    let resampler = try Resampler(from: ratio.0, to: ratio.1)
    let signal = SyntheticSignals.noise(count: 200_001)
    let expected = resampler.resample(signal, parallelism: .serial)
    for threads in [2, 3, 5] {
      #expect(
        resampler.resample(signal, parallelism: .threads(threads)) == expected, "\(threads) threads"
      )
    }
    #expect(resampler.resample(signal) == expected)
  }

  @Test(arguments: [(0, 1), (1, 0), (-8000, 16_000), (1 << 25, 1 << 25), (1, 257), (257, 1)])
  func impossibleRatesAreRefused(ratio: (Int, Int)) {
    #expect(throws: ResamplingError.unsupportedRates(from: ratio.0, to: ratio.1)) {
      try Resampler(from: ratio.0, to: ratio.1)
    }
  }
}
