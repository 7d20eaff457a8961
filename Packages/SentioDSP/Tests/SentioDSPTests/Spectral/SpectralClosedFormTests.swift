import Foundation
import SentioDSP
import Testing

/// Spectra whose features can be written down.
@Suite struct SpectralClosedFormTests {
  /// Rounding of sums over a thousand bins.
  static let rounding: Float = 1e-5

  private func spectrogram(
    _ frames: [[Float]], _ quantity: Spectrogram.Quantity = .magnitude
  ) -> Spectrogram {
    Spectrogram(
      values: FrameMatrix(frameMajor: frames.flatMap { $0 }, rowCount: 513), quantity: quantity,
      sampleRate: 10_240, fftLength: 1024, hopLength: 256)
  }

  private func line(at bin: Int, height: Float = 1) -> [Float] {
    (0..<513).map { $0 == bin ? height : 0 }
  }

  @Test(arguments: [0, 1, 37, 511, 512])
  func aSpectrumOfOneLineHasItsShapeThere(bin: Int) {
    // Seventeen frames: a full block of lanes, and one beyond.
    let frames = (1...17).map { line(at: bin, height: Float($0)) }
    let shape = spectrogram(frames).shape()
    let hertz = Float(10 * bin)
    expectClose(shape.row(0), [Float](repeating: hertz, count: 17), relative: Self.rounding)
    expectClose(shape.row(1), [Float](repeating: 0, count: 17), absolute: Self.rounding)
    expectClose(shape.row(2), [Float](repeating: hertz, count: 17), relative: Self.rounding)
  }

  @Test func twoLinesShareTheirCentroid() {
    var frame = line(at: 100, height: 3)
    frame[200] = 1
    let spectrogram = spectrogram([frame])
    expectClose(spectrogram.centroid(), [1250], relative: Self.rounding)
    // Variance (3·250² + 1·750²) / 4.
    expectClose(spectrogram.bandwidth(), [433.0127], relative: Self.rounding)
    expectClose(spectrogram.rolloff(fraction: 0.7), [1000])
    expectClose(spectrogram.rolloff(fraction: 0.8), [2000])
  }

  @Test func aFlatSpectrumIsFlat() throws {
    let flat = spectrogram([[Float](repeating: 0.25, count: 513)])
    expectClose(flat.flatness(), [1], absolute: Self.rounding)
    let contrast = try SpectralContrast(sampleRate: 10_240, fftLength: 1024, octaves: 4)
      .contrast(of: flat)
    expectClose(contrast.values, [0, 0, 0, 0, 0], absolute: Self.rounding)
    expectClose(spectrogram([line(at: 3)]).flatness(), [0], absolute: Self.rounding)
  }

  @Test func contrastIsPeakOverValley() throws {
    // Ten times the amplitude in one bin of each octave: librosa's decibels of magnitudes, 10.
    var frame = [Float](repeating: 0.1, count: 513)
    for bin in [5, 30, 60, 120, 300] { frame[bin] = 1 }
    let contrast = try SpectralContrast(
      sampleRate: 10_240, fftLength: 1024, octaves: 4, quantile: 0.001
    ).contrast(of: spectrogram([frame]))
    expectClose(contrast.values, [10, 10, 10, 10, 10], relative: Self.rounding)
  }

  @Test func fluxSeesFormAndNotLoudness() {
    let frames = [line(at: 5), line(at: 5, height: 9), line(at: 6), line(at: 6)]
    expectClose(
      spectrogram(frames).flux(), [0, 0, Float(2).squareRoot(), 0], absolute: Self.rounding)
  }

  @Test func rmsFollowsFromParsevalsTheorem() throws {
    let signal = SyntheticSignals.noise(count: 4096)
    let stft = STFT(fftLength: 1024, hopLength: 1024, window: .rectangular, framing: .leftAligned)
    let rms = try stft.spectrogram(signal, sampleRate: 1).rms()
    let expected = (0..<4).map { t in
      (signal[t * 1024..<(t + 1) * 1024].reduce(0) { $0 + $1 * $1 } / 1024).squareRoot()
    }
    expectClose(rms, expected, relative: Self.rounding)
  }

  @Test func silenceHasTheDocumentedFeatures() throws {
    let silence = try STFT().spectrogram([Float](repeating: 0, count: 9000), sampleRate: 22_050)
    #expect(silence.shape().values.allSatisfy { $0 == 0 })
    #expect(silence.flux().allSatisfy { $0 == 0 })
    #expect(silence.chroma().values.allSatisfy { $0 == 0 })
    #expect(silence.estimatedTuning() == 0)
    let levels = try MelSpectrogram().levels([Float](repeating: 0, count: 9000))
    expectClose(levels.values, levels.values.map { _ in -100 }, absolute: Self.rounding)
    expectClose(silence.flatness(), silence.flatness().map { _ in 1 }, absolute: Self.rounding)
  }

  @Test(arguments: [(440.0, 9), (261.626, 0), (1864.655, 10)])
  func aToneHasItsPitchClass(tone: (frequency: Double, pitchClass: Int)) throws {
    let signal = SyntheticSignals.tones(
      count: 22_050, sampleRate: 22_050, [(tone.frequency, 0.5)])
    let chroma = try STFT(fftLength: 4096, hopLength: 1024)
      .spectrogram(signal, sampleRate: 22_050).chroma(tuning: 0)
    for t in 2..<chroma.frameCount - 2 {
      let frame = Array(chroma.frame(t))
      #expect(frame[tone.pitchClass] == 1)
      #expect(frame[(tone.pitchClass + 6) % 12] < 0.1)
    }
  }

  @Test(arguments: [-0.35, -0.105, 0.155, 0.4])
  func aDetunedRecordingIsFound(deviation: Double) throws {
    let partials = [220.0, 330, 440, 550, 660, 880].map {
      // Each moved to the nearest tempered pitch, then by the deviation.
      (440 * pow(2, ((12 * log2($0 / 440)).rounded() + deviation) / 12), 0.1)
    }
    let signal = SyntheticSignals.tones(count: 44_100, sampleRate: 22_050, partials)
    let tuning = try STFT(fftLength: 8192, hopLength: 2048)
      .spectrogram(signal, sampleRate: 22_050).estimatedTuning()
    // A parabola through a Hann window's power misses the peak by up to a tenth of a bin, which is
    // two hundredths of a semitone for the lowest partial; one more is the histogram's step.
    #expect(abs(tuning - deviation) <= 0.03, "\(tuning)")
  }

  @Test func cepstraOfKnownLevels() {
    let bands = 40
    let constant = FrameMatrix(repeating: 2, frameCount: 3, rowCount: bands)
    let flat = MFCC(coefficientCount: 5, bandCount: bands).coefficients(ofLevels: constant)
    let first = 2 * Float(bands).squareRoot()
    expectClose(Array(flat.frame(2)), [first, 0, 0, 0, 0], absolute: Self.rounding)
    // A cosine over the bands is one coefficient.
    let wave = (0..<bands).map { Float(cos(.pi * 3 * (Double($0) + 0.5) / Double(bands))) }
    let ripple = MFCC(coefficientCount: 5, bandCount: bands)
      .coefficients(ofLevels: FrameMatrix(frameMajor: wave, rowCount: bands))
    expectClose(
      ripple.values, [0, 0, 0, Float(bands / 2).squareRoot(), 0], absolute: Self.rounding)
  }

  @Test func aStepOfLevelsIsOneOnset() {
    let levels = FrameMatrix(
      frameMajor: [0, 0, 0, 6, 6, 6, 0, 0].flatMap { [$0, 0] }, rowCount: 2)
    let strength = OnsetStrength(fftLength: 2048, hopLength: 512).strength(ofLevels: levels)
    #expect(strength == [0, 0, 0, 0, 0, 3, 0, 0])
  }

  @Test func levelsKeepNaNAndInfinityToThemselves() {
    let levels = DecibelScale().levels(ofPowers: [.nan, 1, 1e-12, .infinity])
    #expect(levels[0].isNaN)
    #expect(levels[3] == .infinity)
    let finite = DecibelScale().levels(ofPowers: [.nan, 1, 1e-12])
    expectClose(Array(finite.dropFirst()), [0, -80], absolute: Self.rounding)
    expectClose(
      DecibelScale().powers(ofLevels: [0, -10, 3]), [1, 0.1, 1.9952623], relative: Self.rounding)
  }

  @Test func everyBandBetweenTheEdgesIsCovered() {
    let filters = MelFilterBank(sampleRate: 22_050, fftLength: 2048, bandCount: 40, norm: .unitPeak)
    // Neighbouring triangles of height 1 add up to 1 between the first and the last centre.
    let sums = (0..<filters.binCount).map { bin in
      (0..<40).reduce(Float(0)) { $0 + filters.denseWeights[$1 * filters.binCount + bin] }
    }
    for bin in 0..<filters.binCount {
      let hertz = Double(bin) * 22_050 / 2048
      if hertz > filters.centerFrequencies[0] && hertz < filters.centerFrequencies[39] {
        expectClose(sums[bin], 1, absolute: 2e-5)
      }
    }
    #expect(filters.emptyBands.isEmpty)
    #expect(
      !MelFilterBank(sampleRate: 22_050, fftLength: 256, bandCount: 128, minimumFrequency: 20)
        .emptyBands.isEmpty)
  }
}
