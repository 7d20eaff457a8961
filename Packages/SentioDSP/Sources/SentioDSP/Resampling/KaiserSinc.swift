/// The continuous low-pass filter that every phase samples.
struct KaiserSinc {
  private let cutoff: Double
  private let halfWidth: Double
  private let beta: Double
  private let scale: Double

  /// - Parameters:
  ///   - cutoff: The −6 dB frequency in cycles per input sample.
  ///   - halfWidth: Distance in samples from which on the filter is zero.
  ///   - attenuation: Design attenuation of the stop band in decibels, above 50.
  init(cutoff: Double, halfWidth: Double, attenuation: Double) {
    self.cutoff = cutoff
    self.halfWidth = halfWidth
    // Kaiser 1974, the branch for attenuations above 50 dB.
    beta = 0.1102 * (attenuation - 8.7)
    scale = 2 * cutoff / besselI0(beta)
  }

  func callAsFunction(_ distance: Double) -> Double {
    let relative = distance / halfWidth
    guard relative.magnitude < 1 else { return 0 }
    let window = besselI0(beta * (1 - relative * relative).squareRoot())
    let phase = 2 * cutoff * distance
    let sinc = phase == 0 ? 1 : sinPi(phase) / (.pi * phase)
    return scale * window * sinc
  }
}
