/// How steep and how deep the anti-aliasing filter of a ``Resampler`` is.
///
/// Every level is a linear-phase Kaiser-windowed sinc whose stop band begins at the lower of the two Nyquist
/// frequencies, so that nothing aliases into the pass band or folds onto its edge. The levels differ in
/// where the pass band ends and in how far the stop band is down; the tests measure both at every level.
///
/// | level | pass band, of the lower Nyquist | ripple | stop band | taps per output at the lower rate |
/// |---|---|---|---|---|
/// | ``fast`` | 0 … 0.80 | ± 0.01 dB | ≥ 60 dB | 39 |
/// | ``medium`` | 0 … 0.875 | ± 0.0005 dB | ≥ 90 dB | 95 |
/// | ``high`` | 0 … 0.913 | ± 0.0001 dB | ≥ 120 dB | 184 |
/// | ``best`` | 0 … 0.96 | ± 0.0001 dB | ≥ 125 dB | 447 |
///
/// ``high`` has the pass band and the rejection of soxr's HQ recipe. Samples and coefficients are `Float`, whose
/// rounding leaves a noise floor near −130 dB: that, not the design of 136 dB, bounds ``best``.
public enum ResamplingQuality: String, Sendable, Hashable, CaseIterable, Codable {
  /// A short filter for previews and for features of low frequencies.
  case fast
  /// Below the noise of 15-bit audio.
  case medium
  /// Below the noise of 20-bit audio; the default.
  case high
  /// The widest pass band, at 2.5 times the work of ``high``.
  case best

  /// End of the pass band as a fraction of the lower of the two Nyquist frequencies.
  public var passBandEdge: Double {
    switch self {
    case .fast: 0.80
    case .medium: 0.875
    case .high: 0.913
    case .best: 0.96
    }
  }

  /// Attenuation in decibels that the tests hold every tone above the lower Nyquist frequency to.
  public var stopBandAttenuation: Double {
    switch self {
    case .fast: 60
    case .medium: 90
    case .high: 120
    case .best: 125
    }
  }

  /// Attenuation in decibels that the Kaiser window is designed for.
  ///
  /// Kaiser's formula is a fit that can miss by a fraction of a decibel, hence the margin.
  var designAttenuation: Double {
    switch self {
    case .fast: 61.5
    case .medium: 91.5
    case .high: 122
    case .best: 136
    }
  }
}

/// Why a resampler could not be made.
public enum ResamplingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A rate is not positive or is above ``Resampler/highestRate``, or the two differ by more than
  /// ``Resampler/highestRatio`` times.
  case unsupportedRates(from: Int, to: Int)

  /// What was given, what is accepted, and what to do.
  public var description: String {
    switch self {
    case .unsupportedRates(let from, let to):
      """
      cannot resample from \(from) Hz to \(to) Hz: rates must lie in 1...\(Resampler.highestRate) Hz and differ by \
      at most \(Resampler.highestRatio) times; check the sample rate that the file declares
      """
    }
  }
}
