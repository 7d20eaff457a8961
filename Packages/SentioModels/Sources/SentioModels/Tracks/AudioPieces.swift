import Foundation
import SentioData

/// The samples of an audio file piece by piece, so that a file of any length needs the memory of one piece.
///
/// Each piece is decoded with a second of audio before and behind it, which is cut off after the change of rate: filters
/// see what really stands there, and pieces join without a seam. Files that cannot be jumped into are decoded from
/// their beginning for every piece; with pieces of minutes that is a small part of what a network costs.
struct AudioPieces {
  private let url: URL
  private let decoder: AudioDecoder
  private let rate: Int
  private let seconds: Int
  private var number = 0
  private var isOver = false
  /// What was found while decoding.
  private(set) var warnings: [AudioWarning] = []

  /// - Parameters:
  ///   - url: the file.
  ///   - rate: samples a second.
  ///   - seconds: the length of a piece, at least 2.
  ///   - limits: what one piece may cost at most.
  init(_ url: URL, rate: Int, seconds: Int = 300, limits: AudioLimits) {
    precondition(seconds >= 2, "pieces of \(seconds) s")
    self.url = url
    self.rate = rate
    self.seconds = seconds
    decoder = AudioDecoder(limits: limits)
  }

  /// The next piece; nil at the end of the file.
  ///
  /// - Throws: `AudioError` that names the file.
  mutating func next() throws -> [Float]? {
    guard !isOver else { return nil }
    let start = number * seconds
    let lead = min(start, 1)
    let range = Double(start - lead)..<Double(start + seconds + 1)
    let audio = try decoder.decode(
      url, as: AudioFormat(sampleRate: rate), range: .seconds(range))
    warnings += audio.warnings.filter { !warnings.contains($0) }
    let samples = audio.samples.dropFirst(lead * rate)
    number += 1
    // A piece that reaches less than a second beyond its end holds the end of the file.
    if samples.count < (seconds + 1) * rate {
      isOver = true
      return samples.isEmpty ? nil : Array(samples)
    }
    return Array(samples.prefix(seconds * rate))
  }
}
