/// The settings of a ``KaldiFilterbank``.
///
/// Defaults are Kaldi's. Times are in milliseconds and frequencies in hertz.
public struct KaldiConfiguration: Hashable, Codable, Sendable {
  /// What stands at the ends of the signal.
  public enum Framing: String, Hashable, Codable, Sendable, CaseIterable {
    /// Only frames that fit: `1 + (n - window) / shift` of them, none if the signal is shorter than a window.
    case snipEdges
    /// `(n + shift/2) / shift` frames about multiples of the shift, the signal mirrored at its ends
    /// (`2 1 0 0 1 2`, again and again where it is shorter than a window).
    case reflect
  }

  /// Whether and where a frame's log energy joins its bands.
  public enum EnergyColumn: String, Hashable, Codable, Sendable, CaseIterable {
    /// Bands only.
    case none
    /// Energy before the bands: Kaldi's own order.
    case first
    /// Energy after the bands: HTK's order (`htk_compat`).
    case last
  }

  /// Samples per second, above 0.
  public var sampleRate: Double = 16_000
  /// Length of a frame; cut to whole samples, at least 2.
  public var frameMilliseconds: Double = 25
  /// Distance of two frames; cut to whole samples, at least 1.
  public var shiftMilliseconds: Double = 10
  /// Treatment of the signal's ends.
  public var framing: Framing = .snipEdges
  /// The window, taken in its symmetric form.
  public var window: Window = .povey
  /// Whether the frame is padded with zeros to a power of two before its transform.
  public var padsToPowerOfTwo = true
  /// `x[i] - c · x[i-1]` within the frame, whose first sample is its own predecessor; 0 … 1.
  public var preEmphasis: Float = 0.97
  /// Whether the frame's mean is subtracted before everything else.
  public var removesMean = true
  /// Standard deviation of Gaussian noise added to every sample of every frame, in the signal's unit; 0 for none.
  public var dither: Float = 0
  /// Seed of the dither: the same seed gives the same bits.
  public var ditherSeed: UInt64 = 0
  /// Triangular bands, 1 or more (4 or more make sense).
  public var melCount = 23
  /// Lower edge of the lowest band, 0 … below the Nyquist frequency.
  public var lowFrequency: Double = 20
  /// Upper edge of the highest band; 0 or below counts from the Nyquist frequency.
  public var highFrequency: Double = 0
  /// Whether bands sum power (magnitude otherwise).
  public var usesPower = true
  /// Whether the natural logarithm is taken, of at least 1.1920929e-7.
  public var usesLogarithm = true
  /// Place of the frame's log energy.
  public var energyColumn: EnergyColumn = .none
  /// Whether the energy is taken before pre-emphasis and window.
  public var usesRawEnergy = true
  /// Least energy, before the logarithm; 0 for none.
  public var energyFloor: Float = 1
  /// Whether each column's mean over the frames is subtracted at the end.
  public var subtractsColumnMeans = false

  /// Kaldi's defaults.
  public init() {}

  /// Samples in a frame.
  public var frameLength: Int { Int(sampleRate * frameMilliseconds * 0.001) }
  /// Samples between two frames.
  public var shiftLength: Int { Int(sampleRate * shiftMilliseconds * 0.001) }
  /// Samples in a transform.
  public var transformLength: Int {
    guard padsToPowerOfTwo, frameLength > 1 else { return frameLength }
    return 1 << (Int.bitWidth - (frameLength - 1).leadingZeroBitCount)
  }
  /// Columns of the result: the bands, and the energy where it is asked for.
  public var columnCount: Int { melCount + (energyColumn == .none ? 0 : 1) }
  /// The upper edge of the highest band in hertz.
  var upperEdge: Double { highFrequency > 0 ? highFrequency : highFrequency + 0.5 * sampleRate }

  /// Number of frames of a signal.
  ///
  /// - Parameter sampleCount: Length of the signal in samples.
  /// - Returns: The number of frames, 0 or more.
  public func frameCount(forSampleCount sampleCount: Int) -> Int {
    switch framing {
    case .snipEdges:
      sampleCount < frameLength ? 0 : 1 + (sampleCount - frameLength) / shiftLength
    case .reflect: (sampleCount + shiftLength / 2) / shiftLength
    }
  }

  /// Refuses settings that no filter bank can be made of.
  ///
  /// - Throws: ``DSPError/invalidSetting(name:value:expected:)``.
  func validate() throws {
    func require(_ holds: Bool, _ name: String, _ value: Any, _ expected: String) throws {
      if !holds {
        throw DSPError.invalidSetting(name: name, value: "\(value)", expected: expected)
      }
    }
    try require(sampleRate > 0 && sampleRate <= 1e7, "sampleRate", sampleRate, "in 0 ..< 1e7 Hz")
    try require(
      frameMilliseconds > 0 && frameMilliseconds <= 1e5 && frameLength >= 2
        && transformLength <= RealFFT.maximumLength, "frameMilliseconds", frameMilliseconds,
      "at least two samples, at most 100 s")
    try require(
      shiftMilliseconds > 0 && shiftMilliseconds <= 1e5 && shiftLength >= 1, "shiftMilliseconds",
      shiftMilliseconds, "at least one sample, at most 100 s")
    try require(
      transformLength % 2 == 0, "padsToPowerOfTwo", padsToPowerOfTwo,
      "true for a frame of \(frameLength) samples, an odd number")
    try require((0...1).contains(preEmphasis), "preEmphasis", preEmphasis, "in 0...1")
    try require(dither >= 0 && dither.isFinite, "dither", dither, "0 or more")
    try require((1...4096).contains(melCount), "melCount", melCount, "in 1...4096")
    let nyquist = 0.5 * sampleRate
    try require(
      lowFrequency >= 0 && lowFrequency < nyquist, "lowFrequency", lowFrequency,
      "in 0 ..< \(nyquist)")
    try require(
      upperEdge > lowFrequency && upperEdge <= nyquist, "highFrequency", highFrequency,
      "above the low frequency and at most \(nyquist), or 0 or below")
    try require(energyFloor >= 0, "energyFloor", energyFloor, "0 or more")
  }
}
