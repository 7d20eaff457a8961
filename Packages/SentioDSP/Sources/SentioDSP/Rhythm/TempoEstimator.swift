import Foundation

/// The tempo of a piece, from the periods at which its onset strength repeats.
///
/// Around each frame, `windowSeconds` of onset strength (faded out linearly beyond the ends) are weighted by a Hann window
/// and autocorrelated, and the result is divided by its largest magnitude: a tempogram. The tempo is the lag with the
/// largest `ln(1 + 10⁶ a) - ½ ((log₂ tempo - log₂ expectedTempo) / octaveDeviation)²`, where `a` is the mean over all
/// frames; lags of ``maximumTempo`` and faster do not count.
///
/// *Reference:* `librosa.feature.tempo` 0.11 (`aggregate=np.mean`).
public struct TempoEstimator: Hashable, Codable, Sendable {
  /// Centre of the prior, beats per minute, above 0.
  public var expectedTempo: Double
  /// Standard deviation of the prior in octaves, above 0.
  public var octaveDeviation: Double
  /// Length of the autocorrelated stretch in seconds, above 0.
  public var windowSeconds: Double
  /// Upper bound of the tempo, beats per minute.
  public var maximumTempo: Double

  /// Frames that a window may have, whatever the frame rate: 8 s at librosa's rate are 344.
  private static let maximumWindow = 1 << 16

  /// An estimator with librosa's defaults.
  ///
  /// - Parameters:
  ///   - expectedTempo: centre of the prior, beats per minute, above 0.
  ///   - octaveDeviation: standard deviation of the prior in octaves, above 0.
  ///   - windowSeconds: length of the autocorrelated stretch in seconds, above 0.
  ///   - maximumTempo: upper bound of the tempo, beats per minute.
  public init(
    expectedTempo: Double = 120, octaveDeviation: Double = 1, windowSeconds: Double = 8,
    maximumTempo: Double = 320
  ) {
    self.expectedTempo = expectedTempo
    self.octaveDeviation = octaveDeviation
    self.windowSeconds = windowSeconds
    self.maximumTempo = maximumTempo
  }

  /// The tempo in beats per minute.
  ///
  /// - Parameters:
  ///   - onsetStrength: onset strength, one value a frame.
  ///   - frameRate: frames per second, above 0.
  /// - Returns: the tempo, or `nil` if there is none: no frame, nothing but zeros, or a value that is not finite.
  public func callAsFunction(_ onsetStrength: [Float], frameRate: Double) -> Double? {
    precondition(
      frameRate > 0 && expectedTempo > 0 && octaveDeviation > 0 && windowSeconds > 0,
      "frame rate, expected tempo, deviation and window must be above 0")
    guard onsetStrength.contains(where: { $0 != 0 }), onsetStrength.allSatisfy(\.isFinite)
    else { return nil }
    let window = Int(min(windowSeconds * frameRate, Double(Self.maximumWindow)))
    guard window >= 2 else { return nil }
    let strengths = meanAutocorrelation(of: onsetStrength, window: window)
    var best: (score: Double, tempo: Double)?
    for lag in 1..<window {
      let tempo = 60 * frameRate / Double(lag)
      if tempo >= maximumTempo { continue }
      let octaves = (log2(tempo) - log2(expectedTempo)) / octaveDeviation
      let score = log1p(1e6 * strengths[lag]) - 0.5 * octaves * octaves
      if score > best?.score ?? -.infinity { best = (score, tempo) }
    }
    return best?.tempo
  }

  /// The mean over all frames of the tempogram's columns.
  private func meanAutocorrelation(of onsetStrength: [Float], window: Int) -> [Double] {
    let padded = faded(onsetStrength, by: window / 2)
    let weights = Window.hann.coefficients(count: window)
    // Twice the window, so that no lag wraps around.
    let transform = RealFFT.ofLength(1 << (Int.bitWidth - (2 * window - 2).leadingZeroBitCount))
    let frame = AlignedBuffer(count: transform.length)
    let spectrum = AlignedBuffer(count: 2 * transform.binCount)
    var mean = [Double](repeating: 0, count: window)
    withExtendedLifetime((frame, spectrum)) {
      for start in 0..<onsetStrength.count {
        frame.fill(0)
        for index in 0..<window { frame.pointer[index] = padded[start + index] * weights[index] }
        transform.forward(frame.pointer, into: spectrum.pointer)
        for bin in 0..<transform.binCount {
          let (re, im) = (spectrum.pointer[2 * bin], spectrum.pointer[2 * bin + 1])
          spectrum.pointer[2 * bin] = re * re + im * im
          spectrum.pointer[2 * bin + 1] = 0
        }
        transform.inverse(spectrum.pointer, into: frame.pointer)
        var largest: Float = 0
        for lag in 0..<window { largest = max(largest, frame.pointer[lag].magnitude) }
        if largest < .leastNormalMagnitude { continue }
        let scale = 1 / (Double(largest) * Double(onsetStrength.count))
        for lag in 0..<window { mean[lag] += Double(frame.pointer[lag]) * scale }
      }
    }
    return mean
  }

  /// The values with linear ramps from and to zero before and after them.
  private func faded(_ values: [Float], by count: Int) -> [Float] {
    func ramp(to value: Float) -> [Float] {
      (0..<count).map { Float(Double($0) * Double(value) / Double(count)) }
    }
    return ramp(to: values[0]) + values + ramp(to: values[values.count - 1]).reversed()
  }
}
