import Foundation
import SentioData

extension FuzzedReader {
  /// The audio decoder, whole files and a jump into their middle.
  static let audio = FuzzedReader(
    name: "audio",
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
        return Original(fileExtension: fileExtension, bytes: [UInt8](encoded.bytes))
      }
    },
    read: { url in
      var limits = AudioLimits.standard
      limits.decodedSeconds = 600
      limits.duration = .seconds(20)
      let decoder = AudioDecoder(limits: limits)
      do throws(AudioError) {
        let whole = try decoder.decode(url)
        guard whole.samples.allSatisfy(\.isFinite) else {
          return .untyped("samples that are not finite")
        }
        let middle = TimeRange.seconds(whole.duration / 2..<whole.duration)
        _ = try decoder.decode(url, as: .source, range: middle)
        return .read
      } catch {
        // A hang that only the clock ends is a defect, not a refusal.
        return error.kind == .timedOut ? .untyped("\(error)") : .refused
      }
    })
}
