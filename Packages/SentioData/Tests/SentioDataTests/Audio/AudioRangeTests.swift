import Foundation
import SentioData
import Testing

@Suite("A range is the same samples as the whole file's")
struct AudioRangeTests {
  /// Starts and lengths around codecs' frames, at both ends and far inside.
  private func ranges(of count: Int) -> [Range<Int>] {
    [
      0..<1, 0..<count, 1..<1_000, 575..<578, 44_100..<44_101, count / 2 - 7..<count / 2 + 9_000,
      count - 3_000..<count, count - 1..<count,
    ]
  }

  @Test(arguments: RoundTrip.all)
  func exact(trip: RoundTrip) throws {
    let folder = try ScratchFolder()
    let url = folder.file(trip.fileName)
    // Six seconds: behind the point from which on the reader jumps.
    let samples = testSignal(
      frameCount: 6 * trip.sampleRate + 123, channelCount: trip.channelCount,
      sampleRate: trip.sampleRate)
    try AudioEncoder(trip.encoding).write(
      samples, sampleRate: trip.sampleRate, channelCount: trip.channelCount, to: url)
    try expectExactRanges(url)
  }

  @Test(.enabled(if: RealAudio.isPresent), arguments: RealAudio.ranged)
  func exactInRealFiles(name: String) throws {
    try expectExactRanges(RealAudio.url(name))
  }

  private func expectExactRanges(_ url: URL) throws {
    let decoder = AudioDecoder()
    let whole = try decoder.decode(url, as: .source)
    for range in ranges(of: whole.frameCount) where range.upperBound <= whole.frameCount {
      let part = try decoder.decode(url, as: .source, range: .frames(range))
      try #require(part.frameCount == range.count, "\(range)")
      #expect(part.sourceFrameCount == range.count)
      for channel in 0..<whole.channelCount {
        let expected = Array(Array(whole.channel(channel))[range])
        // Not compared inside the macro, which would print both.
        let same = Array(part.channel(channel)) == expected
        #expect(same, "\(range) of channel \(channel) differs")
      }
    }
  }

  private func failure(of url: URL, range: TimeRange) -> AudioError.Kind? {
    do {
      _ = try AudioDecoder().decode(url, range: range)
      return nil
    } catch {
      return error.kind
    }
  }

  @Test func secondsRoundToTheNearestFrame() throws {
    let folder = try ScratchFolder()
    let url = folder.file("song.wav")
    let samples = testSignal(frameCount: 8_000, sampleRate: 8_000)
    try AudioEncoder(.wav(.float32)).write(samples, sampleRate: 8_000, to: url)
    let part = try AudioDecoder().decode(
      url, as: .source, range: .seconds(0.100_05..<0.200_07))
    #expect(part.samples == Array(samples[800..<1_601]))
    let first = try AudioDecoder().decode(url, as: .source, range: .first(seconds: 30))
    #expect(first.samples == samples)
  }

  @Test func rangeBehindTheEnd() throws {
    let folder = try ScratchFolder()
    for trip in RoundTrip.all {
      let url = folder.file(trip.fileName)
      let samples = testSignal(
        frameCount: trip.sampleRate, channelCount: trip.channelCount, sampleRate: trip.sampleRate)
      try AudioEncoder(trip.encoding).write(
        samples, sampleRate: trip.sampleRate, channelCount: trip.channelCount, to: url)
      for start in [1.0, 5.0, 1e9, .infinity] {
        let kind = failure(of: url, range: .seconds(start..<Double.infinity))
        #expect(kind == .rangeOutside, "\(trip.name) from \(start) s")
      }
    }
  }

  @Test func resampledCountAndChannels() throws {
    let folder = try ScratchFolder()
    let url = folder.file("song.wav")
    let samples = testSignal(frameCount: 44_101, channelCount: 2, sampleRate: 44_100)
    try AudioEncoder(.wav(.float32)).write(
      samples, sampleRate: 44_100, channelCount: 2, to: url)
    let mono = try AudioDecoder().decode(url)
    #expect(mono.sampleRate == 22_050)
    #expect(mono.channelCount == 1)
    #expect(mono.frameCount == 22_051)
    let stereo = try AudioDecoder().decode(
      url, as: AudioFormat(sampleRate: 48_000, channels: .stereo))
    #expect(stereo.channelCount == 2)
    #expect(stereo.frameCount == 48_002)
    let plain = try AudioDecoder().decode(url, as: AudioFormat(sampleRate: nil))
    let mean = (0..<44_101).map { (index: Int) -> Float in
      (samples[index] + samples[44_101 + index]) * 0.5
    }
    #expect(plain.samples == mean)
  }

  @Test func moreThanTwoChannelsAreAveraged() throws {
    let folder = try ScratchFolder()
    let url = folder.file("surround.wav")
    let count = 1_000
    let samples = testSignal(frameCount: count, channelCount: 5, sampleRate: 8_000)
    try AudioEncoder(.wav(.float32)).write(samples, sampleRate: 8_000, channelCount: 5, to: url)
    let expected = (0..<count).map { (index: Int) -> Float in
      var sum: Float = 0
      for channel in 0..<5 { sum += samples[channel * count + index] }
      return sum / 5
    }
    let mono = try AudioDecoder().decode(url, as: AudioFormat(sampleRate: nil))
    #expect(mono.samples == expected)
    let stereo = try AudioDecoder().decode(
      url, as: AudioFormat(sampleRate: nil, channels: .stereo))
    #expect(stereo.samples == expected + expected)
    let source = try AudioDecoder().decode(url, as: .source)
    #expect(source.samples == samples)
  }
}
