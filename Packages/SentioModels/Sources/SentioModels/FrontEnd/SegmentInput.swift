import SentioDSP
import SentioData

/// Cepstral coefficients of the segments of a clip, each of which a genre classifier sees by itself.
///
/// By default five segments of 30 seconds, each of 130 frames of 13 coefficients: as librosa's `mfcc` computes them of
/// each segment alone, with transforms of 2048 samples and a hop of 1024, which is the hop that gives the notes' 130
/// frames for a fifth of 30 seconds.
///
/// The segments that lie wholly in the audio count. Audio that is shorter than one segment is one, with silence after
/// it.
public struct SegmentInput: Hashable, Codable, Sendable {
  /// The length of the clip in seconds; longer audio is cropped.
  public var duration: Double
  /// How many segments the clip is cut into.
  public var segments: Int
  /// The coefficients of a frame, the constant one included.
  public var coefficients: Int
  /// Rate, transform, bands and decibels.
  public var frontEnd: FrontEnd

  /// Describes segments.
  ///
  /// - Parameters:
  ///   - duration: the length of the clip in seconds.
  ///   - segments: how many segments the clip is cut into.
  ///   - coefficients: the coefficients of a frame.
  ///   - frontEnd: rate, transform, bands and decibels; nil for librosa's, with the largest hop, up to 1024, that gives
  ///     130 frames a segment.
  public init(
    duration: Double = 30, segments: Int = 5, coefficients: Int = 13, frontEnd: FrontEnd? = nil
  ) {
    self.duration = duration
    self.segments = segments
    self.coefficients = coefficients
    // Settings out of range are told by `validate()`.
    let samples = duration > 0 && duration <= 3600 ? Int(duration * 22_050) / max(1, segments) : 0
    self.frontEnd =
      frontEnd
      ?? FrontEnd(
        hopLength: max(1, min(1024, samples / 129)), minimumFrequency: 0,
        maximumFrequency: 11_025)
  }

  /// The samples of a segment.
  public var segmentSampleCount: Int {
    Int((duration * frontEnd.sampleRate).rounded()) / max(1, segments)
  }

  /// The frames of a segment.
  public var frames: Int { frontEnd.stft.frameCount(sampleCount: segmentSampleCount) }

  func validate() throws(DSPError) {
    try frontEnd.validateForNetworks(duration: duration)
    try require((1...4096).contains(segments), "segments", segments, "in 1...4096")
    try require(
      (1...frontEnd.melBands).contains(coefficients), "coefficients", coefficients,
      "in 1...\(frontEnd.melBands), the mel bands")
    try require(
      segmentSampleCount > 0, "segments", segments, "few enough that a segment has a sample")
  }

  /// The coefficients of a clip's segments, `[segments·frames, coefficients]` with as many segments as are real.
  func record(
    _ samples: [Float], mel: MelSpectrogram, cepstrum: MFCC
  ) throws(DSPError) -> [Float] {
    let size = segmentSampleCount
    var values: [Float] = []
    for index in 0..<max(1, min(segments, samples.count / size)) {
      var segment = Array(samples[min(index * size, samples.count)...].prefix(size))
      segment += repeatElement(0, count: size - segment.count)
      let levels = try mel.levels(segment, parallelism: .serial)
      values += cepstrum.coefficients(ofLevels: levels).values
    }
    return values
  }
}
