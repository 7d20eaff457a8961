import Foundation
import SentioDSP
import Testing

/// librosa's results on noise, tones, silence, clicks and a mixture at five sample rates.
@Suite struct SpectralGoldenTests {
  /// What the package promises against librosa, which computes in float as we do.
  static let relative: Float = 1e-4
  /// Levels differ by rounding of the power below them: 1e-4 of a power is 4e-4 dB; near the floor
  /// of a frame's strong bands, where 1e-7 of the strongest is 1e-3 of the weakest, a little more.
  static let decibels: Float = 2e-3
  /// A coefficient is a sum of 128 levels with weights of about 1/8.
  static let cepstral: Float = 5e-3
  /// Frequencies, in hertz, and features from 0 to 1, which may come out as 0.
  static let hertz: Float = 1e-3
  static let unit: Float = 1e-5

  private func compare(
    _ file: String, relative: Float = relative, absolute: Float,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ compute: (PlainCase) throws -> [Float]
  ) throws {
    let cases = try goldenCases("Spectral/" + file, of: PlainCase.self)
    try #require(!cases.isEmpty)
    for golden in cases {
      expectClose(
        try compute(golden.parameters), golden.values, relative: relative, absolute: absolute,
        golden.parameters.name, sourceLocation: sourceLocation)
    }
  }

  private func spectrogram(
    _ golden: PlainCase, _ quantity: Spectrogram.Quantity = .magnitude
  ) throws -> Spectrogram {
    try STFT().spectrogram(
      golden.samples, sampleRate: Double(golden.rate), quantity: quantity)
  }

  private func melLevels(_ golden: PlainCase) throws -> FrameMatrix {
    try MelSpectrogram(frontEnd: FrontEnd(sampleRate: Double(golden.rate))).levels(golden.samples)
  }

  @Test func melLevelsEqualLibrosas() throws {
    try compare("mel-levels", absolute: Self.decibels) { golden in
      let levels = try melLevels(golden)
      return stride(from: 0, to: levels.frameCount, by: 5).flatMap { levels.frame($0) }
    }
  }

  @Test func melBandsWithTheOtherConventionsEqualLibrosas() throws {
    try compare("mel-reflect-htk", absolute: Self.unit) { golden in
      let frontEnd = FrontEnd(
        sampleRate: Double(golden.rate), fftLength: 1024, hopLength: 256,
        framing: .centered(.reflect), quantity: .magnitude, melBands: 40, minimumFrequency: 0,
        maximumFrequency: 4000, melScale: .htk, melNorm: .unitPeak)
      let bands = try MelSpectrogram(frontEnd: frontEnd).powers(golden.samples)
      return stride(from: 0, to: bands.frameCount, by: 5).flatMap { bands.frame($0) }
    }
  }

  @Test func mfccEqualLibrosas() throws {
    try compare("mfcc", absolute: Self.cepstral) {
      MFCC().coefficients(ofLevels: try melLevels($0)).values
    }
    try compare("mfcc-lifter-22", absolute: 12 * Self.cepstral) {
      MFCC(coefficientCount: 20, lifter: 22).coefficients(ofLevels: try melLevels($0)).values
    }
  }

  @Test func centroidEqualsLibrosas() throws {
    try compare("centroid", absolute: Self.hertz) { try spectrogram($0).centroid() }
  }

  @Test func bandwidthEqualsLibrosas() throws {
    try compare("bandwidth", absolute: Self.hertz) { try spectrogram($0).bandwidth() }
  }

  @Test func rolloffEqualsLibrosas() throws {
    try compare("rolloff", absolute: Self.hertz) { try spectrogram($0).rolloff() }
  }

  @Test func featuresDoNotDependOnWhatTheSpectrogramHolds() throws {
    try compare("centroid", absolute: Self.hertz) { try spectrogram($0, .power).centroid() }
    try compare("rms", absolute: Self.unit) { try spectrogram($0, .power).rms() }
  }

  @Test func flatnessEqualsLibrosas() throws {
    try compare("flatness", absolute: Self.unit) { try spectrogram($0).flatness() }
  }

  @Test func contrastEqualsLibrosas() throws {
    try compare("contrast", absolute: Self.decibels) { golden in
      let octaves = golden.rate == 8000 ? 4 : 6
      let contrast = try SpectralContrast(
        sampleRate: Double(golden.rate), fftLength: 2048, octaves: octaves)
      return contrast.contrast(of: try spectrogram(golden)).values
    }
  }

  @Test func fluxEqualsItsDefinition() throws {
    try compare("flux", absolute: Self.unit) { try spectrogram($0).flux() }
  }

  @Test func rmsEqualsLibrosas() throws {
    try compare("rms", absolute: Self.unit) { try spectrogram($0).rms() }
  }

  @Test func tuningEqualsLibrosas() throws {
    try compare("tuning", absolute: Self.unit) {
      [
        Float(try spectrogram($0, .magnitude).estimatedTuning()),
        Float(try spectrogram($0, .power).estimatedTuning()),
      ]
    }
  }

  @Test func chromaEqualsLibrosas() throws {
    try compare("chroma", absolute: Self.unit) { try spectrogram($0, .power).chroma().values }
    try compare("chroma-tuned", absolute: Self.unit) {
      try spectrogram($0).chroma(tuning: 0.1).values
    }
  }

  @Test func onsetStrengthEqualsLibrosas() throws {
    try compare("onset-strength", absolute: Self.decibels) {
      OnsetStrength().strength(ofLevels: try melLevels($0))
    }
  }
}
