import Foundation
import SentioDSP
import Testing

@Suite struct ExtendedSetTests {
  static let set = FeatureSet.extended
  static let names = FeatureSet.extended.names

  /// A song's features by name.
  private func features(_ signal: [Float]) throws -> [String: Float] {
    let values = try FeatureExtractor(set: Self.set).extract(signal, sampleRate: 22_050)
    return Dictionary(uniqueKeysWithValues: zip(Self.names, values))
  }

  /// Two seconds of equally loud sines.
  private func chord(_ hertz: [Double]) -> [Float] {
    SyntheticSignals.tones(
      count: 44_100, sampleRate: 22_050, hertz.map { ($0, 0.75 / Double(hertz.count)) })
  }

  private func pitch(_ midi: Int) -> Double { 440 * pow(2, Double(midi - 69) / 12) }

  @Test func theSetHas289Columns() {
    #expect(Self.names.count == 289)
    #expect(Set(Self.names).count == 289)
    #expect(Array(Self.names.prefix(3)) == ["mfcc1_mean", "mfcc1_std", "mfcc1_change"])
    #expect(Self.names[123] == "band_level1_mean")
    #expect(Self.names[210] == "scale_step1")
    #expect(Self.names.last == "low_energy")
    #expect(Array(Self.set.rowNames.prefix(41)) == FeatureSet.report164.rowNames)
    #expect(Self.set.identifier == "extended.v1")
  }

  @Test func itEqualsThePeers() throws {
    let cases = try goldenCases("Extended/extended", of: PlainCase.self)
    try #require(!cases.isEmpty)
    for golden in cases {
      let rate = Double(golden.parameters.rate)
      let extractor = try FeatureExtractor(
        set: Self.set, frontEnd: FrontEnd(sampleRate: rate))
      let found = try extractor.extract(golden.parameters.samples, sampleRate: rate)
      #expect(found.count == golden.values.count)
      for (index, name) in Self.names.enumerated() {
        // Decibels, hertz and modulation as in the report's set; shares and correlations finer.
        let isSmall = ["zcr", "rms", "chroma", "energy", "triad", "scale", "key", "pulse"]
          .contains { name.hasPrefix($0) }
        expectClose(
          found[index], golden.values[index], relative: 1e-4, absolute: isSmall ? 2e-4 : 5e-3,
          "\(name), \(golden.parameters.name)")
      }
    }
  }

  @Test func commonColumnsEqualTheReports() throws {
    let signal = SyntheticSignals.mixture(count: 70_000, sampleRate: 22_050)
    let extended = try features(signal)
    let report = try FeatureExtractor().extract(signal, sampleRate: 22_050)
    for (name, value) in zip(FeatureSet.report164.names, report) {
      if let other = extended[name] { #expect(other == value, "\(name)") }
    }
    let rows = try FeatureExtractor(set: Self.set).rows(signal, sampleRate: 22_050)
    let own = try FeatureExtractor().rows(signal, sampleRate: 22_050)
    for row in 0..<41 { #expect(rows.row(row) == own.row(row)) }
  }

  @Test func majorAndMinorTriadsAreToldApart() throws {
    let major = try features(chord([60, 64, 67].map(pitch)))
    let minor = try features(chord([57, 60, 64].map(pitch)))
    #expect(major["triad_mode_mean"]! > 0.1)
    #expect(minor["triad_mode_mean"]! < -0.1)
  }

  @Test func theKeyIsHeardAndItsTonicComesFirst() throws {
    func scale(_ degrees: [(midi: Int, amplitude: Double)]) throws -> [String: Float] {
      try features(
        SyntheticSignals.tones(
          count: 44_100, sampleRate: 22_050, degrees.map { (pitch($0.midi), $0.amplitude) }))
    }
    let major = try scale([(67, 0.3), (71, 0.18), (74, 0.2), (72, 0.1), (69, 0.08)])
    let minor = try scale([(69, 0.3), (72, 0.22), (76, 0.18), (74, 0.1), (71, 0.08)])
    #expect(major["key_mode"]! > 0)
    #expect(minor["key_mode"]! < 0)
    for song in [major, minor] {
      #expect(song["key_clarity"] == max(song["key_major"]!, song["key_minor"]!))
      #expect(song["key_clarity"]! > 0.7)
      #expect((2...12).allSatisfy { song["scale_step1"]! > song["scale_step\($0)"]! })
    }
  }

  @Test func transpositionLeavesScaleStepsAlone() throws {
    let low = try features(chord([60, 64, 67, 72].map(pitch)))
    let high = try features(chord([65, 69, 72, 77].map(pitch)))
    for step in 1...12 {
      let name = "scale_step\(step)"
      // A transposed tone falls between other bins: its leakage differs.
      expectClose(high[name]!, low[name]!, absolute: 0.05, name)
    }
    let sum = (1...12).reduce(Float(0)) { $0 + low["scale_step\($1)"]! }
    expectClose(sum, 1, absolute: 1e-5)
  }

  @Test func regularClicksHaveAClearPulse() throws {
    // Every half second, at a whole number of frames.
    let period = 21 * 512
    let steady = try features(SyntheticSignals.clicks(count: 40 * period, period: period))
    let noise = try features(SyntheticSignals.noise(count: 40 * period))
    #expect(steady["pulse_clarity"]! > 0.9)
    #expect(noise["pulse_clarity"]! < 0.4)
    expectClose(steady["onset_density"]!, 22_050 / Float(period), relative: 0.1)
  }

  @Test func modulationStandsAtItsRate() throws {
    // Noise whose level swings at 3 Hz: the third band of rates, 2 … 4 Hz.
    let noise = SyntheticSignals.noise(count: 220_500)
    let swelling = noise.enumerated().map { t, value in
      value * Float(0.55 + 0.45 * sin(2 * .pi * 3 * Double(t) / 22_050))
    }
    let features = try features(swelling)
    for register in 1...8 {
      let rates = (1...6).map { features["modulation\(register)_\($0)"]! }
      #expect(rates.max() == rates[2])
    }
  }

  @Test(arguments: [1, 2, 500, 2047, 4100, 30_000])
  func shortSignalsAndSilenceHaveFiniteFeatures(count: Int) throws {
    for signal in [SyntheticSignals.noise(count: count), SyntheticSignals.silence(count: count)] {
      let values = try FeatureExtractor(set: Self.set).extract(signal, sampleRate: 22_050)
      #expect(values.count == 289)
      #expect(values.allSatisfy { $0.isFinite })
    }
  }

  @Test(arguments: [Parallelism.serial, .threads(3), .automatic])
  func threadsDoNotChangeABit(parallelism: Parallelism) throws {
    let signal = SyntheticSignals.mixture(count: 150_001, sampleRate: 22_050)
    let extractor = try FeatureExtractor(set: Self.set)
    let alone = try extractor.extract(signal, sampleRate: 22_050, parallelism: .serial)
    #expect(try extractor.extract(signal, sampleRate: 22_050, parallelism: parallelism) == alone)
  }

  @Test func itNeedsSixteenBands() {
    #expect(throws: DSPError.self) {
      try FeatureExtractor(set: Self.set, frontEnd: FrontEnd(melBands: 15))
    }
  }
}
