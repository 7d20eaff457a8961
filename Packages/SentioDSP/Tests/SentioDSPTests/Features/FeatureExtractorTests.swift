import Foundation
import SentioDSP
import Testing

@Suite struct FeatureExtractorTests {
  /// What the package promises against librosa.
  static let relative: Float = 1e-4
  /// Cepstral coefficients and contrast are in decibels, as in `SpectralGoldenTests`; of frequencies
  /// this is far below the last digit that anyone reads.
  static let absolute: Float = 5e-3

  @Test func the164FeaturesEqualLibrosas() throws {
    let cases = try goldenCases("Spectral/report164", of: PlainCase.self)
    try #require(!cases.isEmpty)
    let names = FeatureSet.report164.names
    for golden in cases {
      let extractor = try FeatureExtractor(
        frontEnd: FrontEnd(sampleRate: Double(golden.parameters.rate)))
      let found = try extractor.extract(
        golden.parameters.samples, sampleRate: Double(golden.parameters.rate))
      #expect(found.count == names.count)
      for (index, name) in names.enumerated() {
        let isSmall =
          ["zcr", "rms", "chroma", "energy"].contains { name.hasPrefix($0) }
        expectClose(
          found[index], golden.values[index], relative: Self.relative,
          absolute: isSmall ? 1e-5 : Self.absolute, "\(name), \(golden.parameters.name)")
      }
    }
  }

  @Test func rowsEqualTheFeaturesOneByOne() throws {
    let signal = SyntheticSignals.mixture(count: 30_000, sampleRate: 22_050)
    let extractor = try FeatureExtractor()
    let rows = try extractor.rows(signal, sampleRate: 22_050)
    let spectrogram = try STFT().spectrogram(signal, sampleRate: 22_050)
    let levels = try MelSpectrogram().levels(signal)
    func row(_ name: String) -> [Float] {
      rows.row(FeatureSet.report164.rowNames.firstIndex(of: name)!)
    }
    let mfcc = MFCC().coefficients(ofLevels: levels)
    for index in 0..<13 { #expect(row("mfcc\(index + 1)") == mfcc.row(index)) }
    #expect(row("spectral_centroid") == spectrogram.centroid())
    #expect(row("spectral_bandwidth") == spectrogram.bandwidth())
    #expect(row("spectral_rolloff") == spectrogram.rolloff())
    let contrast = try SpectralContrast(sampleRate: 22_050, fftLength: 2048)
      .contrast(of: spectrogram)
    for index in 0..<7 {
      expectClose(row("spectral_contrast\(index + 1)"), contrast.row(index), absolute: 1e-4)
    }
    let chroma = spectrogram.chroma()
    for index in 0..<12 { #expect(row("chroma\(index + 1)") == chroma.row(index)) }
    expectClose(
      row("onset_strength"), OnsetStrength().strength(ofLevels: levels), absolute: 1e-4)
  }

  @Test(arguments: [Parallelism.serial, .threads(2), .threads(5), .automatic])
  func threadsDoNotChangeABit(parallelism: Parallelism) throws {
    let signal = SyntheticSignals.mixture(count: 150_001, sampleRate: 22_050)
    let extractor = try FeatureExtractor()
    let alone = try extractor.extract(signal, sampleRate: 22_050, parallelism: .serial)
    #expect(try extractor.extract(signal, sampleRate: 22_050, parallelism: parallelism) == alone)
  }

  @Test func oneExtractorServesManyThreadsAndLengths() async throws {
    let extractor = try FeatureExtractor()
    let songs = (0..<8).map {
      SyntheticSignals.mixture(count: 5000 + 9001 * ($0 % 5), sampleRate: 22_050)
    }
    let alone = try songs.map { try FeatureExtractor().extract($0, sampleRate: 22_050) }
    let together = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for (index, song) in songs.enumerated() {
        group.addTask {
          (index, try extractor.extract(song, sampleRate: 22_050, parallelism: .serial))
        }
      }
      return try await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
    }
    for index in songs.indices { #expect(together[index] == alone[index]) }
  }

  @Test(arguments: [1, 2, 500, 2047, 4100])
  func shortSignalsHaveFiniteFeatures(count: Int) throws {
    for signal in [SyntheticSignals.noise(count: count), SyntheticSignals.silence(count: count)] {
      let features = try FeatureExtractor().extract(signal, sampleRate: 22_050)
      #expect(features.allSatisfy { $0.isFinite })
    }
  }

  @Test func impossibleSignalsAreErrors() throws {
    let extractor = try FeatureExtractor()
    var signal = SyntheticSignals.noise(count: 9000)
    #expect(throws: DSPError.emptySignal) { try extractor.extract([], sampleRate: 22_050) }
    #expect(throws: DSPError.sampleRateMismatch(expected: 22_050, found: 44_100)) {
      try extractor.extract(signal, sampleRate: 44_100)
    }
    signal[8123] = .infinity
    #expect(throws: DSPError.nonFiniteSample(index: 8123, value: .infinity)) {
      try extractor.extract(signal, sampleRate: 22_050)
    }
    #expect(throws: DSPError.self) { try FeatureExtractor(frontEnd: FrontEnd(sampleRate: 8000)) }
  }

  @Test(arguments: FrameFeature.allCases)
  func frameFeaturesHaveARowForEachName(feature: FrameFeature) throws {
    let frontEnd = FrontEnd(melBands: 40)
    let signal = SyntheticSignals.mixture(count: 20_000, sampleRate: 22_050)
    let matrix = try feature.matrix(of: signal, frontEnd: frontEnd)
    #expect(matrix.rowCount == feature.rowNames(frontEnd: frontEnd).count)
    #expect(matrix.frameCount == (feature == .fbank ? 89 : 40))
    #expect(matrix.values.allSatisfy { $0.isFinite })
    #expect(throws: DSPError.emptySignal) { try feature.matrix(of: [], frontEnd: frontEnd) }
  }
}
