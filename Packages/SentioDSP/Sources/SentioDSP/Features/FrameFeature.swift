/// A feature over time, by name: what the command line offers and a model may take as input.
public enum FrameFeature: String, Hashable, Codable, Sendable, CaseIterable {
  /// Levels of the front end's mel bands in decibels.
  case mel
  /// Thirteen cepstral coefficients of the mel levels.
  case mfcc
  /// Twelve pitch classes of the estimated tuning, 0 … 1.
  case chroma
  /// Kaldi's logarithmic filter bank, at the front end's rate and number of bands.
  case fbank

  /// The names of the rows, in order.
  ///
  /// - Parameter frontEnd: says how many bands there are.
  /// - Returns: `mel1`, `mel2`, …; counted from 1.
  public func rowNames(frontEnd: FrontEnd) -> [String] {
    let count =
      switch self {
      case .mel, .fbank: frontEnd.melBands
      case .mfcc: min(13, frontEnd.melBands)
      case .chroma: 12
      }
    return (0..<count).map { "\(rawValue)\($0 + 1)" }
  }

  /// The feature of a signal.
  ///
  /// - Parameters:
  ///   - samples: one channel at the front end's rate.
  ///   - frontEnd: the settings.
  ///   - parallelism: threads that may be used; the result does not depend on it.
  /// - Returns: one row for each name; ``fbank`` takes rate, bands and frequencies of the front end, and
  ///   Kaldi's frames of 25 ms at steps of 10 ms; the others have the front end's frames.
  /// - Throws: ``DSPError``.
  public func matrix(
    of samples: [Float], frontEnd: FrontEnd = .report, parallelism: Parallelism = .automatic
  ) throws -> FrameMatrix {
    switch self {
    case .mel:
      return try MelSpectrogram(frontEnd: frontEnd).levels(samples, parallelism: parallelism)
    case .mfcc:
      let levels = try MelSpectrogram(frontEnd: frontEnd).levels(
        samples, parallelism: parallelism)
      return MFCC(coefficientCount: min(13, frontEnd.melBands), bandCount: frontEnd.melBands)
        .coefficients(ofLevels: levels, parallelism: parallelism)
    case .chroma:
      try frontEnd.validate()
      return try frontEnd.stft.spectrogram(
        samples, sampleRate: frontEnd.sampleRate, parallelism: parallelism
      ).chroma(parallelism: parallelism)
    case .fbank:
      if samples.isEmpty { throw DSPError.emptySignal }
      var configuration = KaldiConfiguration()
      configuration.sampleRate = frontEnd.sampleRate
      configuration.melCount = frontEnd.melBands
      configuration.lowFrequency = frontEnd.minimumFrequency
      configuration.highFrequency = min(frontEnd.maximumFrequency, frontEnd.sampleRate / 2)
      let frames = try KaldiFilterbank(configuration)(samples)
      if frames.frameCount == 0 {
        throw DSPError.signalTooShort(
          sampleCount: samples.count, minimum: configuration.frameLength,
          reason: "Kaldi's frames must lie within the signal")
      }
      return frames
    }
  }
}
