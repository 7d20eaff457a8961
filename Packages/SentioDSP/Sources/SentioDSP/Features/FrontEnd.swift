/// How a signal becomes a mel spectrogram: everything that a model must know about its input.
///
/// It travels inside model files, so that a model cannot be fed the wrong spectrogram. The defaults
/// are the report's: 22,050 Hz, frames of 2048 at a hop of 512, 128 Slaney bands from 20 Hz to 8 kHz
/// of the power spectrum, levels re 1 with a floor of 1e-10 and 80 dB of dynamic range; a clip of
/// 30 s gives 1,292 frames.
///
/// *Reference:* librosa 0.11, `librosa.feature.melspectrogram` and `librosa.power_to_db`.
public struct FrontEnd: Hashable, Codable, Sendable {
  /// Samples per second.
  public var sampleRate: Double
  /// Samples in a frame.
  public var fftLength: Int
  /// Samples from one frame to the next.
  public var hopLength: Int
  /// The window's shape; it covers the whole frame.
  public var window: Window
  /// Where frames lie.
  public var framing: Framing
  /// Whether bands are sums of powers or of magnitudes.
  public var quantity: Spectrogram.Quantity
  /// Bands.
  public var melBands: Int
  /// Lower end of the first band in hertz.
  public var minimumFrequency: Double
  /// Upper end of the last band in hertz.
  public var maximumFrequency: Double
  /// The mel scale.
  public var melScale: MelScale
  /// How the bands' triangles are scaled.
  public var melNorm: MelNorm
  /// How bands become levels.
  public var decibels: DecibelScale

  /// A front end; every setting has the report's value by default.
  ///
  /// - Parameters:
  ///   - sampleRate: samples per second, 1 … 10⁶.
  ///   - fftLength: samples in a frame, 2 … 2²⁰; powers of two are faster.
  ///   - hopLength: samples from one frame to the next, 1 … 2²⁰.
  ///   - window: the window's shape.
  ///   - framing: where frames lie.
  ///   - quantity: whether bands are sums of powers or of magnitudes.
  ///   - melBands: bands, 1 … 4096.
  ///   - minimumFrequency: lower end of the first band in hertz, ≥ 0.
  ///   - maximumFrequency: upper end of the last band in hertz; bands beyond half the sample rate
  ///     stay empty.
  ///   - melScale: the mel scale.
  ///   - melNorm: how the bands' triangles are scaled.
  ///   - decibels: how bands become levels.
  public init(
    sampleRate: Double = 22_050, fftLength: Int = 2048, hopLength: Int = 512,
    window: Window = .hann, framing: Framing = .centered(.zero),
    quantity: Spectrogram.Quantity = .power, melBands: Int = 128, minimumFrequency: Double = 20,
    maximumFrequency: Double = 8_000, melScale: MelScale = .slaney, melNorm: MelNorm = .slaney,
    decibels: DecibelScale = DecibelScale()
  ) {
    self.sampleRate = sampleRate
    self.fftLength = fftLength
    self.hopLength = hopLength
    self.window = window
    self.framing = framing
    self.quantity = quantity
    self.melBands = melBands
    self.minimumFrequency = minimumFrequency
    self.maximumFrequency = maximumFrequency
    self.melScale = melScale
    self.melNorm = melNorm
    self.decibels = decibels
  }

  /// The report's front end.
  public static let report = FrontEnd()

  /// The transform of this front end.
  ///
  /// The settings must be valid: see ``validate()``.
  public var stft: STFT {
    STFT(fftLength: fftLength, hopLength: hopLength, window: window, framing: framing)
  }

  /// The filters of this front end.
  ///
  /// The settings must be valid: see ``validate()``.
  public var melFilterBank: MelFilterBank {
    MelFilterBank(
      sampleRate: sampleRate, fftLength: fftLength, bandCount: melBands,
      minimumFrequency: minimumFrequency, maximumFrequency: maximumFrequency, scale: melScale,
      norm: melNorm)
  }

  /// Checks settings that may come from a file.
  ///
  /// - Throws: ``DSPError/invalidSetting(name:value:expected:)`` for the first that is out of range.
  public func validate() throws(DSPError) {
    func require(
      _ holds: Bool, _ name: String, _ value: some Sendable, _ expected: String
    ) throws(DSPError) {
      if !holds { throw .invalidSetting(name: name, value: "\(value)", expected: expected) }
    }
    try require((1...1e6).contains(sampleRate), "sampleRate", sampleRate, "from 1 to 1e6 Hz")
    try require(
      STFT.lengths.contains(fftLength), "fftLength", fftLength, "in \(STFT.lengths)")
    try require(STFT.hops.contains(hopLength), "hopLength", hopLength, "in \(STFT.hops)")
    try require((1...4096).contains(melBands), "melBands", melBands, "in 1...4096")
    try require(
      minimumFrequency >= 0 && minimumFrequency.isFinite, "minimumFrequency", minimumFrequency,
      "at least 0 Hz")
    try require(
      maximumFrequency > minimumFrequency && maximumFrequency.isFinite, "maximumFrequency",
      maximumFrequency, "above minimumFrequency (\(minimumFrequency) Hz)")
    if case .kaiser(let beta) = window {
      try require((0...500).contains(beta), "window.kaiser.beta", beta, "from 0 to 500")
    }
    try decibels.validate()
  }

  /// Checks a signal's rate.
  func requireRate(_ rate: Double) throws(DSPError) {
    if rate != sampleRate { throw .sampleRateMismatch(expected: sampleRate, found: rate) }
  }
}
