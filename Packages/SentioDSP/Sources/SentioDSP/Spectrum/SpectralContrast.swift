import CSentioDSPKernels

/// How far the peaks of each octave stand above its valleys.
///
/// The spectrum is cut into a band below `minimumFrequency` and `octaves` octaves above it, the last
/// of which reaches to the top. In each, the mean of the largest magnitudes (a part `quantile` of
/// all, at least one) is the peak, the mean of the smallest the valley; contrast is their distance
/// in decibels, each limited to 80 dB below the song's largest. Sharp tones give large values, noise
/// small ones. In silence it is 0.
///
/// *Reference:* librosa 0.11, `spectral_contrast`; Jiang et al., "Music type classification by
/// spectral contrast feature", 2002. (librosa passes magnitudes to `power_to_db`; so do we.)
public struct SpectralContrast: Sendable {
  /// One part of the spectrum: its bins, and how many of them are extremes.
  struct Band: Hashable, Sendable {
    let bins: Range<Int>
    let extremes: Int
  }

  let bands: [Band]

  /// Rows of the result: `octaves + 1`.
  public var rowCount: Int { bands.count }

  /// Cuts the spectrum into octaves.
  ///
  /// - Parameters:
  ///   - sampleRate: samples per second.
  ///   - fftLength: samples in a frame.
  ///   - minimumFrequency: lower end of the first octave in hertz, > 0.
  ///   - octaves: octaves, ≥ 1.
  ///   - quantile: part of an octave's bins that are its extremes, between 0 and 1.
  /// - Throws: ``DSPError/invalidSetting(name:value:expected:)`` where an octave begins above half
  ///   the sample rate or holds no bin.
  public init(
    sampleRate: Double, fftLength: Int, minimumFrequency: Double = 200, octaves: Int = 6,
    quantile: Double = 0.02
  ) throws(DSPError) {
    guard octaves >= 1, octaves <= 32 else {
      throw .invalidSetting(name: "octaves", value: "\(octaves)", expected: "in 1...32")
    }
    guard quantile > 0, quantile < 1 else {
      throw .invalidSetting(name: "quantile", value: "\(quantile)", expected: "between 0 and 1")
    }
    guard minimumFrequency > 0 else {
      throw .invalidSetting(
        name: "minimumFrequency", value: "\(minimumFrequency)", expected: "above 0 Hz")
    }
    let edges = [0] + (0...octaves).map { minimumFrequency * Double(1 << $0) }
    guard edges[octaves] < sampleRate / 2 else {
      throw .invalidSetting(
        name: "octaves", value: "\(octaves)",
        expected: "fewer, as the last begins at \(edges[octaves]) Hz and the sample rate is "
          + "\(sampleRate) Hz")
    }
    let binCount = fftLength / 2 + 1
    let frequencies = (0..<binCount).map { Double($0) * sampleRate / Double(fftLength) }
    var bands: [Band] = []
    for index in 0...octaves {
      guard let first = frequencies.firstIndex(where: { $0 >= edges[index] }),
        let last = frequencies.lastIndex(where: { $0 <= edges[index + 1] }), first <= last
      else {
        throw .invalidSetting(
          name: "fftLength", value: "\(fftLength)",
          expected: "larger, as no bin lies between \(edges[index]) and \(edges[index + 1]) Hz")
      }
      // Each octave takes in the bin below it, and all but the last give their own last away.
      let start = index > 0 ? first - 1 : first
      let end = index == octaves ? binCount : last + 1
      let extremes = max(1, Int((quantile * Double(end - start)).rounded(.toNearestOrEven)))
      let bins = start..<(index < octaves ? end - 1 : end)
      guard !bins.isEmpty else {
        throw .invalidSetting(
          name: "fftLength", value: "\(fftLength)",
          expected: "larger, as one bin alone lies below \(edges[index + 1]) Hz")
      }
      bands.append(Band(bins: bins, extremes: min(extremes, bins.count)))
    }
    self.bands = bands
  }

  /// Lanes that ``extremes(of:peaks:valleys:scratch:)`` works in.
  var scratchCount: Int { 2 * (bands.map(\.extremes).max() ?? 1) * laneCount }

  /// Writes peaks and valleys, `[rows][lanes]` each, of `[bins][lanes]` magnitudes.
  func extremes(
    of magnitude: UnsafePointer<Float>, peaks: UnsafeMutablePointer<Float>,
    valleys: UnsafeMutablePointer<Float>, scratch: AlignedBuffer
  ) {
    for (row, band) in bands.enumerated() {
      sentio_dsp_lane_extremes(
        magnitude + band.bins.lowerBound * laneCount, band.bins.count, band.extremes,
        scratch.pointer, peaks + row * laneCount, valleys + row * laneCount)
    }
  }

  /// The contrast of each octave.
  ///
  /// - Parameters:
  ///   - spectrogram: of the sample rate and frame length that the octaves were cut for.
  ///   - parallelism: threads that may be used.
  /// - Returns: `octaves + 1` rows in decibels.
  public func contrast(
    of spectrogram: Spectrogram, parallelism: Parallelism = .serial
  ) -> FrameMatrix {
    let rows = rowCount
    var both = spectrogram.mapBlocks(as: .magnitude, rows: 2 * rows, parallelism: parallelism) {
      extremes(
        of: $0, peaks: $1, valleys: $1 + rows * laneCount,
        scratch: AlignedBuffer(count: scratchCount))
    }
    let largest = both.withUnsafeMutableValues { values in
      var peaks: Float = 0
      var valleys: Float = 0
      for start in stride(from: 0, to: values.count, by: 2 * rows) {
        for row in start..<start + rows {
          peaks = max(peaks, values[row])
          valleys = max(valleys, values[row + rows])
        }
      }
      return (peaks, valleys)
    }
    let levels = Self.levels(largestPeak: largest.0, largestValley: largest.1)
    return FrameMatrix(frameCount: spectrogram.frameCount, rowCount: rows) { output in
      var peaks = [Float](repeating: 0, count: rows)
      var valleys = peaks
      for t in 0..<spectrogram.frameCount {
        for row in 0..<rows {
          peaks[row] = both[row: row, frame: t]
          valleys[row] = both[row: row + rows, frame: t]
        }
        levels.subtract(&peaks, valleys: &valleys, into: output.baseAddress! + t * rows)
      }
    }
  }

  /// The bounds of a song's peak and valley levels.
  static func levels(largestPeak: Float, largestValley: Float) -> Levels {
    let scale = DecibelScale()
    return Levels(
      leastPeak: scale.levels(ofPowers: [largestPeak])[0] - 80,
      leastValley: scale.levels(ofPowers: [largestValley])[0] - 80)
  }

  struct Levels {
    let leastPeak: Float
    let leastValley: Float

    /// Turns peaks and valleys into levels, in place, and writes their difference.
    func subtract(
      _ peaks: inout [Float], valleys: inout [Float], into contrast: UnsafeMutablePointer<Float>
    ) {
      let count = peaks.count
      peaks.withUnsafeMutableBufferPointer { peaks in
        valleys.withUnsafeMutableBufferPointer { valleys in
          subtract(
            peaks.baseAddress!, valleys: valleys.baseAddress!, count: count, into: contrast)
        }
      }
    }

    func subtract(
      _ peaks: UnsafeMutablePointer<Float>, valleys: UnsafeMutablePointer<Float>, count: Int,
      into contrast: UnsafeMutablePointer<Float>
    ) {
      _ = sentio_dsp_levels(peaks, peaks, count, 1e-10, DecibelScale.factor, 0)
      _ = sentio_dsp_levels(valleys, valleys, count, 1e-10, DecibelScale.factor, 0)
      for i in 0..<count {
        contrast[i] = max(peaks[i], leastPeak) - max(valleys[i], leastValley)
      }
    }
  }
}
