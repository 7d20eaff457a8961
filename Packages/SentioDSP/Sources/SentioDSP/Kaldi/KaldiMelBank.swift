import Foundation

/// Kaldi's triangular bands: equally wide in mel, straight in mel (not in hertz), with a peak of 1 and no norm.
///
/// `mel(f) = 1127 · ln(1 + f/700)`. Band `b` rises from `low + b·δ` to 1 at `low + (b+1)·δ` and falls to 0 at
/// `low + (b+2)·δ`. The bin at the Nyquist frequency belongs to no band.
///
/// *Reference:* `torchaudio.compliance.kaldi.get_mel_banks` 2.11. Its arithmetic is in `Float`, and so is this: the foot
/// of a narrow band can hold a single bin, whose small weight would differ in its fourth digit in `Double`.
struct KaldiMelBank: Sendable {
  /// First bin of each band that has a weight.
  private let starts: [Int]
  /// Each band's weights stand at `offsets[band] ..< offsets[band + 1]`.
  private let offsets: [Int]
  private let weights: [Float]

  init(_ configuration: KaldiConfiguration) {
    let bins = configuration.transformLength / 2
    let width = configuration.sampleRate / Double(configuration.transformLength)
    let low = Self.mel(configuration.lowFrequency)
    let step =
      (Self.mel(configuration.upperEdge) - low) / Double(configuration.melCount + 1)
    let mel = (0..<bins).map { Float(1127) * log(1 + Float(width) * Float($0) / 700) }

    var starts: [Int] = []
    var offsets = [0]
    var weights: [Float] = []
    for band in 0..<configuration.melCount {
      let left = Float(low) + Float(band) * Float(step)
      let center = Float(low) + (Float(band) + 1) * Float(step)
      let right = Float(low) + (Float(band) + 2) * Float(step)
      let row = mel.map {
        max(0, min(($0 - left) / (center - left), (right - $0) / (right - center)))
      }
      let first = row.firstIndex { $0 > 0 } ?? 0
      let end = (row.lastIndex { $0 > 0 } ?? -1) + 1
      starts.append(first)
      if end > first { weights += row[first..<end] }
      offsets.append(weights.count)
    }
    self.starts = starts
    self.offsets = offsets
    self.weights = weights
  }

  private static func mel(_ frequency: Double) -> Double { 1127 * log(1 + frequency / 700) }

  /// Writes the weighted sum of each band; a band between two bins has none and gives 0.
  ///
  /// - Parameters:
  ///   - spectrum: `transformLength / 2 + 1` powers or magnitudes.
  ///   - bands: Room for `melCount` values.
  func apply(_ spectrum: UnsafePointer<Float>, into bands: UnsafeMutablePointer<Float>) {
    weights.withUnsafeBufferPointer { weights in
      for band in starts.indices {
        var sum: Float = 0
        var bin = starts[band]
        for index in offsets[band]..<offsets[band + 1] {
          sum += weights[index] * spectrum[bin]
          bin += 1
        }
        bands[band] = sum
      }
    }
  }
}
