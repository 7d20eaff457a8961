import CSentioDSPKernels

/// Rows over time that the extended set takes from levels and chroma which are there anyway.
///
/// - `band_level1` … `16`: the mean level of each sixteenth of the mel bands, in decibels.
/// - `band_rise1` … `8`: the mean rise of the levels of each eighth since the frame before, in decibels:
///   onset strength by register; 0 in the first frame.
/// - `triad_major`, `_minor`, `_diminished`, `_augmented`: the cosine between the chroma and the chord's
///   three pitch classes, of the root that fits best; `triad_mode` is major minus minor. All 0 … 1 but
///   the last, -1 … 1; 0 in silence.
///
/// *Reference:* band levels and rises: Dixon, "Onset detection revisited", 2006, by band; triads:
/// Fujishima, "Realtime chord recognition of musical sound", 1999 (binary templates).
struct TextureRows: Sendable {
  static let levelCount = 16
  static let riseCount = 8
  private static let chords = [[0, 4, 7], [0, 3, 7], [0, 3, 6], [0, 4, 8]]

  static let names =
    (1...levelCount).map { "band_level\($0)" } + (1...riseCount).map { "band_rise\($0)" }
    + ["major", "minor", "diminished", "augmented", "mode"].map { "triad_\($0)" }

  private let bandCount: Int
  private let averages: [Float]
  private let triads: [Float]

  init(bandCount: Int) {
    precondition(bandCount >= Self.levelCount, "\(bandCount) bands in \(Self.levelCount) parts")
    self.bandCount = bandCount
    var averages = [Float](repeating: 0, count: Self.levelCount * bandCount)
    for part in 0..<Self.levelCount {
      let bands = Self.bands(ofPart: part, of: Self.levelCount, bandCount: bandCount)
      for band in bands { averages[part * bandCount + band] = 1 / Float(bands.count) }
    }
    self.averages = averages
    var triads: [Float] = []
    for chord in Self.chords {
      for root in 0..<12 {
        var template = [Float](repeating: 0, count: 12)
        for interval in chord { template[(root + interval) % 12] = 1 / Float(3).squareRoot() }
        triads += template
      }
    }
    self.triads = triads
  }

  private static func bands(ofPart part: Int, of count: Int, bandCount: Int) -> Range<Int> {
    part * bandCount / count..<(part + 1) * bandCount / count
  }

  /// Floats that ``measure(previous:levels:chroma:isFirst:scratch:into:)`` works in.
  var scratchCount: Int { Self.chords.count * 12 * laneCount }

  /// Writes one block's rows, `[rows][lanes]`.
  func measure(
    previous: UnsafePointer<Float>, levels: UnsafePointer<Float>, chroma: UnsafePointer<Float>,
    isFirst: Bool, scratch: UnsafeMutablePointer<Float>, into rows: UnsafeMutablePointer<Float>
  ) {
    sentio_dsp_lane_matrix(levels, averages, Self.levelCount, bandCount, rows)
    let rises = rows + Self.levelCount * laneCount
    for part in 0..<Self.riseCount {
      let bands = Self.bands(ofPart: part, of: Self.riseCount, bandCount: bandCount)
      let rise = rises + part * laneCount
      sentio_dsp_lane_mean_rise(
        previous + bands.lowerBound * laneCount, levels + bands.lowerBound * laneCount,
        bands.count, rise)
      if isFirst { rise[0] = 0 }
    }
    measureTriads(chroma, scratch: scratch, into: rises + Self.riseCount * laneCount)
  }

  private func measureTriads(
    _ chroma: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    into rows: UnsafeMutablePointer<Float>
  ) {
    let chordCount = Self.chords.count
    sentio_dsp_lane_matrix(chroma, triads, chordCount * 12, 12, scratch)
    for lane in 0..<laneCount {
      var square: Float = 0
      for row in 0..<12 {
        let value = chroma[row * laneCount + lane]
        square += value * value
      }
      let scale = square > 0 ? 1 / square.squareRoot() : 0
      for chord in 0..<chordCount {
        var best = scratch[chord * 12 * laneCount + lane]
        for root in 1..<12 {
          best = max(best, scratch[(chord * 12 + root) * laneCount + lane])
        }
        rows[chord * laneCount + lane] = best * scale
      }
      rows[chordCount * laneCount + lane] = rows[lane] - rows[laneCount + lane]
    }
  }
}
