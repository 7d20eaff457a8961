import Foundation
import Testing

@testable import SentioData

/// A long MP3 is decoded as two halves at the same time; nobody may be able to tell.
@Suite("MP3 decoded as two halves")
struct AudioHalvesTests {
  /// Twelve seconds of a stereo chord with noise, as MP3.
  private func song() throws -> URL {
    let rate = 44_100
    let count = 12 * rate
    var state: UInt32 = 1
    var samples = [Float](repeating: 0, count: 2 * count)
    for index in samples.indices {
      state = state &* 1_664_525 &+ 1_013_904_223
      let time = Float(index % count) / Float(rate)
      let noise = Float(state >> 8) / Float(1 << 24) - 0.5
      samples[index] =
        0.3 * sin(2 * .pi * 220 * time) + 0.2 * sin(2 * .pi * 331 * time) + 0.1 * noise
    }
    let url = FileManager.default.temporaryDirectory
      .appending(path: "halves-\(UUID().uuidString).mp3")
    try AudioEncoder(.mp3(bitRate: 128_000)).write(
      samples, sampleRate: rate, channelCount: 2, to: url)
    return url
  }

  @Test(
    "the halves are the whole, bit for bit",
    arguments: [nil, TimeRange.seconds(0.5..<11.25), .seconds(0..<100)] as [TimeRange?])
  func equalsOnePass(range: TimeRange?) throws {
    let url = try song()
    defer { try? FileManager.default.removeItem(at: url) }
    let decoder = AudioDecoder()
    for format in [AudioFormat(), .source] {
      let whole = try decoder.decode(url, as: format, range: range, threads: 1)
      let source = try decoder.inspect(url)
      let halves = try #require(
        decoder.decodeHalves(
          url, as: format, asked: range?.frames(at: 44_100) ?? 0..<Int.max, source: source,
          threads: nil))
      #expect(halves.samples == whole.samples)
      #expect(halves.sourceFrameCount == whole.sourceFrameCount)
      #expect(halves.sampleRate == whole.sampleRate)
      #expect(halves.source == whole.source)
    }
  }

  @Test("a damaged file is left to one pass, which tells where it is damaged")
  func damageIsLeftToOnePass() throws {
    let url = try song()
    defer { try? FileManager.default.removeItem(at: url) }
    var bytes = try Data(contentsOf: url)
    bytes.replaceSubrange(bytes.count / 3..<bytes.count / 3 + 4_000, with: Data(count: 4_000))
    try bytes.write(to: url)
    let decoder = AudioDecoder()
    let onePass = try decoder.decode(url, as: AudioFormat(), range: nil, threads: 1)
    let usual = try decoder.decode(url)
    #expect(!onePass.warnings.isEmpty)
    #expect(usual.warnings == onePass.warnings)
    #expect(usual.samples == onePass.samples)
  }
}
