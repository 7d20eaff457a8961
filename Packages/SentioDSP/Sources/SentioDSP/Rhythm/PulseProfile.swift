/// How regularly things begin, at which periods, and how often.
///
/// The onset strength less its mean is autocorrelated and divided by its value at lag 0:
/// - `pulse_peak1` … `6` and `pulse_mean1` … `6`: the largest and the mean value among periods of
///   0.12, 0.24, 0.38, 0.6, 0.95, 1.5 … 2.3 seconds;
/// - `pulse_clarity`: the largest among periods of 0.38 … 1.5 seconds, 40 to 158 beats per minute;
/// - `onset_density`: onsets per second. An onset is a frame above the one before, not below the one
///   after, and more than 1 dB above the mean.
///
/// A steady beat has a clarity near 1, free rhythm near 0; without onsets all are 0, as are bands
/// without a lag and lags beyond the song.
///
/// *Reference:* Lartillot et al., "Multi-feature modeling of pulse clarity", 2008.
enum PulseProfile {
  private static let seconds = [0.12, 0.24, 0.38, 0.6, 0.95, 1.5, 2.3]
  private static let bandCount = seconds.count - 1
  private static let beatBands = 2..<5

  static let columnNames =
    (1...bandCount).map { "pulse_peak\($0)" } + (1...bandCount).map { "pulse_mean\($0)" }
    + ["pulse_clarity", "onset_density"]

  /// - Parameters:
  ///   - onsetStrength: in decibels, one value a frame, at least one.
  ///   - frameRate: frames per second.
  /// - Returns: values in the order of ``columnNames``.
  static func values(onsetStrength: [Float], frameRate: Double) -> [Float] {
    let lags = seconds.map { Int(min($0 * frameRate, 1e6).rounded(.toNearestOrEven)) }
    let mean = average(onsetStrength)
    let strengths = autocorrelation(
      onsetStrength.map { Float(Double($0) - mean) }, lagCount: lags.last! + 1)
    let bands = (0..<bandCount).map { strengths[lags[$0]..<lags[$0 + 1]] }
    let peaks = bands.map { $0.max() ?? 0 }
    let means = bands.map { $0.isEmpty ? 0 : $0.reduce(0, +) / Float($0.count) }
    var onsets = 0
    for t in 1..<max(1, onsetStrength.count - 1) {
      let value = onsetStrength[t]
      if value > onsetStrength[t - 1], value >= onsetStrength[t + 1], Double(value) > mean + 1 {
        onsets += 1
      }
    }
    return peaks + means + [
      peaks[beatBands].max()!, Float(Double(onsets) * frameRate / Double(onsetStrength.count)),
    ]
  }

  /// `Σ x(t)·x(t + lag) / Σ x(t)²` for each lag.
  private static func autocorrelation(_ values: [Float], lagCount: Int) -> [Float] {
    // Twice as long as what is read, so that no lag wraps around.
    let used = values.prefix(RealFFT.maximumLength / 4)
    let transform = RealFFT.ofLength(powerOfTwo(atLeast: used.count + lagCount))
    let signal = AlignedBuffer(count: transform.length)
    let spectrum = AlignedBuffer(count: 2 * transform.binCount)
    return withExtendedLifetime((signal, spectrum)) {
      signal.fill(from: used)
      transform.forward(signal.pointer, into: spectrum.pointer)
      for bin in 0..<transform.binCount {
        let (re, im) = (spectrum.pointer[2 * bin], spectrum.pointer[2 * bin + 1])
        spectrum.pointer[2 * bin] = re * re + im * im
        spectrum.pointer[2 * bin + 1] = 0
      }
      transform.inverse(spectrum.pointer, into: signal.pointer)
      let power = signal.pointer[0]
      return (0..<lagCount).map { lag in
        power > 0 && lag < used.count ? signal.pointer[lag] / power : 0
      }
    }
  }
}

/// The least power of two that is not below a count, at least 2.
func powerOfTwo(atLeast count: Int) -> Int {
  count <= 2 ? 2 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
}
