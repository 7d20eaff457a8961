import Foundation
import SentioDSP
import Testing

/// Real music, where a machine has it: the folder that SENTIO_TEST_DATA names, or `shared/data`
/// beside the repository.
private let musicFolder: URL? = {
  if let path = ProcessInfo.processInfo.environment["SENTIO_TEST_DATA"] {
    return URL(filePath: path)
  }
  var folder = URL(filePath: #filePath)
  while folder.path != "/" {
    folder.deleteLastPathComponent()
    let candidate = folder.appending(path: "shared/data")
    if FileManager.default.fileExists(atPath: candidate.appending(path: "muse").path) {
      return candidate
    }
  }
  return nil
}()

@Suite(.enabled(if: musicFolder != nil, "needs real music: set SENTIO_TEST_DATA"))
struct MusicTests {
  struct Clip: Decodable, Sendable {
    let path: String
    let rate: Double
  }

  /// A valley may lie 1e-5 below the largest bin, of which a float transform rounds at 1e-7.
  ///
  /// librosa transforms in double. The worst of 140 columns here is 0.018 dB of 46.
  static let contrast: Float = 0.05

  /// Samples of a 16-bit mono WAV file, whose data chunk is looked for.
  private func samples(_ path: String) throws -> [Float] {
    let bytes = [UInt8](try Data(contentsOf: musicFolder!.appending(path: path)))
    func number(_ offset: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    var offset = 12
    while Array(bytes[offset..<offset + 4]) != Array("data".utf8) {
      offset += 8 + number(offset + 4)
    }
    let start = offset + 8
    return stride(from: start, to: start + number(offset + 4), by: 2).map {
      Float(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) / 32768
    }
  }

  @Test func the164FeaturesEqualLibrosas() throws {
    let cases = try goldenCases("Music/report164", of: Clip.self)
    try #require(!cases.isEmpty)
    let names = FeatureSet.report164.names
    for golden in cases {
      let extractor = try FeatureExtractor(frontEnd: FrontEnd(sampleRate: golden.parameters.rate))
      let found = try extractor.extract(
        samples(golden.parameters.path), sampleRate: golden.parameters.rate)
      for (index, name) in names.enumerated() {
        let isSmall = ["zcr", "rms", "chroma", "energy"].contains { name.hasPrefix($0) }
        expectClose(
          found[index], golden.values[index], relative: FeatureExtractorTests.relative,
          absolute: isSmall
            ? 1e-5
            : name.hasPrefix("spectral_contrast")
              ? Self.contrast : FeatureExtractorTests.absolute,
          "\(name), \(golden.parameters.path)")
      }
    }
  }
}
