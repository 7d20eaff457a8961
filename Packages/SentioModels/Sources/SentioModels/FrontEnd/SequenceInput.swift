import Foundation
import SentioDSP

/// Features of steps of equal length: 40 numbers every 500 ms, of up to 600 steps.
///
/// The 40 are those of the steps' frames that ``featureNames`` lists: means of 39 rows of the report's song-level
/// features (13 cepstral coefficients; centroid, rolloff and bandwidth; 7 contrasts; zero crossings, loudness, energy
/// entropy, onset strength; 12 chroma), and the standard deviation of the onset strength within the step, which tells
/// beats from noise. The notes say "MFCCs, energy, spectral features, etc." of their 40; this is our reading.
///
/// A frame belongs to the step that its centre lies in. A song has as many steps as its length rounds to, and at
/// least one: what is left of a last step that is not half full is left out.
public struct SequenceInput: Hashable, Codable, Sendable {
  /// Steps at most; longer songs are cropped, shorter ones padded with zeros.
  public var frames: Int
  /// The length of a step in seconds, at least the front end's hop.
  public var step: Double
  /// Rate, transform and bands.
  public var frontEnd: FrontEnd

  /// Describes sequences; by default the notes' 600 steps of half a second.
  ///
  /// - Parameters:
  ///   - frames: steps at most.
  ///   - step: the length of a step in seconds, at least the front end's hop.
  ///   - frontEnd: rate, transform and bands.
  public init(frames: Int = 600, step: Double = 0.5, frontEnd: FrontEnd = .report) {
    self.frames = frames
    self.step = step
    self.frontEnd = frontEnd
  }

  /// Which numbers a step has, in order.
  public static let featureNames: [String] =
    rowIndices.map { FeatureSet.report164.rowNames[$0] } + ["onset_strength_std"]

  /// The report's rows but the two slopes, whose mean over a step is hardly more than a difference of steps.
  private static let rowIndices = FeatureSet.report164.rowNames.indices.filter {
    !FeatureSet.report164.rowNames[$0].hasSuffix("_delta")
  }
  private static let onset = FeatureSet.report164.rowNames.firstIndex(of: "onset_strength")!

  var duration: Double { Double(frames) * step }

  func validate() throws(DSPError) {
    try require((1...1 << 16).contains(frames), "frames", frames, "in 1...65536")
    let hop = Double(frontEnd.hopLength) / frontEnd.sampleRate
    try require(
      step.isFinite && step >= hop && step <= 3600, "step", step,
      "from \(hop) s, one hop, to 3600 s")
    try frontEnd.validateForNetworks(duration: duration)
  }

  /// The features of a clip's steps, `[L, F]` with as many steps as are real.
  func record(_ samples: [Float], extractor: FeatureExtractor) throws(DSPError) -> [Float] {
    let rate = frontEnd.sampleRate
    let clip = Array(samples.prefix(Int((duration * rate).rounded())))
    let rows = try extractor.rows(clip, sampleRate: rate, parallelism: .serial)
    let steps = max(1, min(frames, Int((Double(clip.count) / (rate * step)).rounded())))
    let features = Self.featureNames.count
    var result = [Float](repeating: 0, count: steps * features)
    var first = 0
    for index in 0..<steps {
      // Frames whose centres t·hop/rate lie before the step's end, which rounding must not move past a centre.
      let end = Double(index + 1) * step * rate / Double(frontEnd.hopLength)
      let start = min(first, rows.frameCount - 1)
      let range = start..<max(start + 1, min(Int((end - 1e-6).rounded(.up)), rows.frameCount))
      first = range.upperBound
      let count = Double(range.count)
      for (place, row) in Self.rowIndices.enumerated() {
        let sum = range.reduce(0.0) { $0 + Double(rows[row: row, frame: $1]) }
        result[index * features + place] = Float(sum / count)
      }
      let attacks = range.map { Double(rows[row: Self.onset, frame: $0]) }
      let mean = attacks.reduce(0, +) / count
      let square = attacks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      result[(index + 1) * features - 1] = Float(square.squareRoot())
    }
    return result
  }
}
