import Dispatch
import Foundation
import Synchronization

extension AudioDecoder {
  /// Below this much audio a second thread costs more than it gives, in seconds.
  private static let shortestHalf = 5.0

  /// Decodes a long part of an MP3 file as two halves at the same time.
  ///
  /// libavcodec decodes MP3 on one thread, and decoding is most of the way from a file to its features.
  /// A range is exact to the sample, so two ranges put together are the whole, bit for bit.
  ///
  /// Only undamaged audio comes this way: where a half warns, fails or is not as long as it should be,
  /// the result is `nil` and the song is decoded from the front, so that messages and positions are those
  /// of one pass.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - format: the rate and channels wanted.
  ///   - asked: the frames wanted, at the source's rate.
  ///   - source: what the header says.
  ///   - threads: a bound on the threads; `nil` for the machine's cores.
  /// - Returns: the audio, or `nil` where it has to be decoded in one go.
  func decodeHalves(
    _ url: URL, as format: AudioFormat, asked: Range<Int>, source: AudioSource, threads: Int?
  ) -> DecodedAudio? {
    guard threads != 1, ProcessInfo.processInfo.activeProcessorCount > 1,
      source.codec == "mp3", source.container == "mp3", source.sampleRate > 0,
      let duration = source.duration
    else { return nil }
    let rate = Double(source.sampleRate)
    let end = min(asked.upperBound, Int(min(duration * rate, 0x1p40)))
    let length = end - asked.lowerBound
    guard Double(length) > 2 * Self.shortestHalf * rate,
      Double(length) < limits.decodedSeconds * rate, length < limits.decodedSamples / 4
    else { return nil }
    let middle = asked.lowerBound + length / 2
    let ranges = [asked.lowerBound..<middle, middle..<asked.upperBound]
    let halves = Mutex([DecodedAudio?](repeating: nil, count: 2))
    DispatchQueue.concurrentPerform(iterations: 2) { half in
      let audio = try? decode(
        url, as: AudioFormat(sampleRate: nil, channels: format.channels),
        range: .frames(ranges[half]), threads: 1)
      halves.withLock { $0[half] = audio }
    }
    guard let first = halves.withLock({ $0[0] }), let second = halves.withLock({ $0[1] }),
      first.warnings.isEmpty, second.warnings.isEmpty,
      first.sampleRate == second.sampleRate, first.channelCount == second.channelCount,
      first.frameCount == middle - asked.lowerBound, !Task.isCancelled,
      let conversion = try? RateConversion(
        from: first.sampleRate, to: format.sampleRate ?? first.sampleRate, threads: threads,
        path: url.path)
    else { return nil }
    let planes = (0..<first.channelCount).map {
      conversion(Array(first.channel($0)) + second.channel($0))
    }
    return DecodedAudio(
      samples: planes.count == 1 ? planes[0] : planes.flatMap(\.self),
      sampleRate: format.sampleRate ?? first.sampleRate, channelCount: planes.count,
      sourceFrameCount: first.sourceFrameCount + second.sourceFrameCount, source: second.source,
      warnings: [])
  }
}
