import SentioDSP
import Testing

@Suite struct StreamingResamplerTests {
  static func stream(
    _ signal: [Float], from: Int, to: Int, quality: ResamplingQuality, chunk: (Int) -> Int
  ) throws -> [Float] {
    var resampler = try StreamingResampler(from: from, to: to, quality: quality)
    var result: [Float] = []
    var start = 0
    var index = 0
    while start < signal.count {
      let end = min(signal.count, start + chunk(index))
      result += resampler.process(Array(signal[start..<end]))
      start = end
      index += 1
    }
    return result + resampler.finish()
  }

  @Test(arguments: ResamplerTests.ratios, [ResamplingQuality.fast, .high])
  func anyChunkingGivesTheOfflineBits(ratio: (Int, Int), quality: ResamplingQuality) throws {
    let offline = try Resampler(from: ratio.0, to: ratio.1, quality: quality)
    for count in [0, 1, 17, 400, 5003] {
      let signal = SyntheticSignals.noise(count: count, seed: 5)
      let expected = offline.resample(signal)
      let chunkings: [(String, (Int) -> Int)] = [
        ("one chunk", { _ in 1 << 30 }), ("single samples", { _ in 1 }), ("1152", { _ in 1152 }),
        ("uneven, some empty", { $0 % 5 * 37 }),
      ]
      for (name, chunk) in chunkings {
        let found = try Self.stream(
          signal, from: ratio.0, to: ratio.1, quality: quality, chunk: chunk)
        #expect(found == expected, "\(name) of \(count) samples")
      }
    }
  }

  @Test func aFinishedStreamStartsAfresh() throws {
    let signal = SyntheticSignals.noise(count: 3001)
    var resampler = try StreamingResampler(from: 44_100, to: 22_050)
    let first = resampler.process(signal) + resampler.finish()
    #expect(resampler.inputCount == 0)
    let second = resampler.process(signal) + resampler.finish()
    #expect(first == second)
  }

  @Test func outputFollowsInputByOneFilterLength() throws {
    var resampler = try StreamingResampler(from: 44_100, to: 22_050)
    var produced = 0
    for chunk in 1...50 {
      produced += resampler.process([Float](repeating: 0.1, count: 1000)).count
      // Half a filter of 368 taps and one block of 16 outputs.
      #expect(chunk * 500 - produced <= 91 + 17)
    }
  }
}
