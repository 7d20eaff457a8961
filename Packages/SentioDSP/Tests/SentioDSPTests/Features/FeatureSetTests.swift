import Foundation
import SentioDSP
import Testing

@Suite struct FeatureSetTests {
  @Test func theReportsSetHas164Columns() {
    let names = FeatureSet.report164.names
    #expect(names.count == 164)
    #expect(Set(names).count == 164)
    #expect(
      Array(names.prefix(5)) == [
        "mfcc1_mean", "mfcc1_std", "mfcc1_min", "mfcc1_max", "mfcc2_mean",
      ])
    #expect(names[52] == "spectral_centroid_mean")
    #expect(names[92] == "zcr_mean")
    #expect(names[116] == "chroma1_mean")
    #expect(names[163] == "chroma12_max")
  }

  @Test func aSetIsStoredByItsIdentifier() throws {
    let data = try JSONEncoder().encode([FeatureSet.report164])
    #expect(String(decoding: data, as: UTF8.self) == "[\"report164.v1\"]")
    let decoded = try JSONDecoder().decode([FeatureSet].self, from: data)
    #expect(decoded == [.report164])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([FeatureSet].self, from: Data("[\"report165.v1\"]".utf8))
    }
    #expect(throws: DSPError.unknownName("nothing", known: ["report164.v1", "extended.v1"])) {
      try FeatureSet.named("nothing")
    }
    let named = try FeatureSet.named("report164")
    #expect(named == .report164)
  }

  @Test func aFrontEndSurvivesItsFile() throws {
    let frontEnd = FrontEnd(
      sampleRate: 16_000, fftLength: 400, hopLength: 160, window: .kaiser(beta: 7),
      framing: .leftAligned, melBands: 80, melScale: .htk, melNorm: .unitPeak,
      decibels: DecibelScale(reference: .maximum, dynamicRange: nil))
    let data = try JSONEncoder().encode(frontEnd)
    let decoded = try JSONDecoder().decode(FrontEnd.self, from: data)
    #expect(decoded == frontEnd)
  }

  @Test(arguments: [
    FrontEnd(sampleRate: -1), FrontEnd(sampleRate: .nan), FrontEnd(fftLength: 0),
    FrontEnd(fftLength: 1 << 30), FrontEnd(hopLength: 0), FrontEnd(melBands: 0),
    FrontEnd(melBands: 1 << 40), FrontEnd(minimumFrequency: 9000),
    FrontEnd(maximumFrequency: .infinity), FrontEnd(decibels: DecibelScale(floor: 0)),
    FrontEnd(decibels: DecibelScale(dynamicRange: -1)), FrontEnd(window: .kaiser(beta: -3)),
  ])
  func impossibleSettingsAreRefused(frontEnd: FrontEnd) {
    #expect(throws: DSPError.self) { try frontEnd.validate() }
    #expect(throws: DSPError.self) { try MelSpectrogram(frontEnd: frontEnd) }
    #expect(throws: DSPError.self) { try FeatureExtractor(frontEnd: frontEnd) }
  }
}
