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
    for count in [0, 1, 17, 400, 5003, 47_111] {
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

  /// A ratio in the frequency domain holds back five pairs of frames, another one block of 16 outputs.
  @Test(arguments: [(44_100, 22_050, 0.2), (48_000, 22_050, 0.005)])
  func outputFollowsInputByAFifthOfASecond(ratio: (from: Int, to: Int, seconds: Double)) throws {
    var resampler = try StreamingResampler(from: ratio.from, to: ratio.to)
    var produced = 0
    for chunk in 1...50 {
      produced += resampler.process([Float](repeating: 0.1, count: 1000)).count
      let behind = Double(chunk * 1000) / Double(ratio.from) - Double(produced) / Double(ratio.to)
      #expect(behind <= ratio.seconds, "after \(chunk) chunks")
    }
  }
}
