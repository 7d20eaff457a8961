import Foundation
import SentioData

extension FuzzedReader {
  /// The audio decoder: the first ten seconds, and a jump into their middle.
  static let audio = FuzzedReader(
    name: "audio", share: 10,
    realExtensions: [
      "wav", "mp3", "flac", "ogg", "opus", "m4a", "m4b", "aif", "aiff", "wma", "ape", "mpc", "wv",
      "dsf", "bit",
    ],
    makeOriginals: {
      let samples: [Float] = (0..<2 * 11_025).map { (index: Int) -> Float in
        Float(index * 37 % 2_003) * 0.0004 - 0.4
      }
      let formats: [(String, AudioEncoding)] = [
        ("wav", .wav(.int16)), ("wav", .wav(.int24)), ("wav", .wav(.float32)), ("flac", .flac()),
        ("flac", .flac(.bits24)), ("mp3", .mp3(bitRate: 32_000)), ("ogg", .ogg(quality: 0)),
      ]
      return try formats.map { fileExtension, encoding in
        let encoded = try AudioEncoder(encoding).encode(
          samples, sampleRate: 11_025, channelCount: 2)
        return Original(path: "song.\(fileExtension)", bytes: [UInt8](encoded.bytes))
      }
    },
    read: { file, _ in
      var limits = AudioLimits.standard
      limits.decodedSeconds = 600
      limits.duration = .seconds(30)
      let decoder = AudioDecoder(limits: limits)
      do throws(AudioError) {
        // A sanitizer makes an hour of audio slow, which says nothing about the reader.
        let start = try decoder.decode(file, range: .seconds(0..<10))
        guard start.samples.allSatisfy(\.isFinite) else {
          return .defect("samples that are not finite")
        }
        let middle = TimeRange.seconds(start.duration / 2..<start.duration)
        _ = try decoder.decode(file, as: .source, range: middle)
        return .read
      } catch {
        // A hang that only the clock ends is a defect, not a refusal.
        return error.kind == .timedOut ? .defect("\(error)") : .refused
      }
    })
}
