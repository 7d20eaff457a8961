import CSentioDSPKernels

/// Triangular filters at equal distances on a mel scale, which turn a spectrum into bands.
///
/// Band `m` rises from the centre of band `m - 1` to its own and falls to the centre of band
/// `m + 1`. Only weights that are not zero are kept: a bin lies in at most two bands.
///
/// *Reference:* librosa 0.11, `librosa.filters.mel`.
public struct MelFilterBank: Sendable {
  /// Bands, `M`.
  public let bandCount: Int

  /// Bins of the spectra that the filters apply to.
  public let binCount: Int

  /// Centre of each band in hertz.
  public let centerFrequencies: [Double]

  /// Bands that hold no bin and are zero for every signal.
  ///
  /// They appear where bands are narrower than bins: then take fewer bands, longer frames or a
  /// higher `minimumFrequency`.
  public let emptyBands: [Int]

  private let starts: [UInt32]
  private let offsets: [UInt32]
  private let weights: [Float]

  /// Filters for spectra of a sample rate and frame length.
  ///
  /// - Parameters:
  ///   - sampleRate: samples per second, > 0.
  ///   - fftLength: samples in a frame, ≥ 2.
  ///   - bandCount: bands, ≥ 1.
  ///   - minimumFrequency: lower end of the first band in hertz, ≥ 0.
  ///   - maximumFrequency: upper end of the last band in hertz; half the sample rate where nil.
  ///     Bands beyond half the sample rate are allowed, and empty.
  ///   - scale: the mel scale.
  ///   - norm: how the triangles are scaled.
  public init(
    sampleRate: Double, fftLength: Int, bandCount: Int = 128, minimumFrequency: Double = 0,
    maximumFrequency: Double? = nil, scale: MelScale = .slaney, norm: MelNorm = .slaney
  ) {
    let maximumFrequency = maximumFrequency ?? sampleRate / 2
    precondition(sampleRate > 0 && fftLength >= 2 && bandCount >= 1)
    precondition(
      minimumFrequency >= 0 && minimumFrequency < maximumFrequency,
      "mel bands from \(minimumFrequency) to \(maximumFrequency) Hz")
    let edges = scale.frequencies(
      count: bandCount + 2, from: minimumFrequency, to: maximumFrequency)
    let binCount = fftLength / 2 + 1
    var starts: [UInt32] = []
    var offsets: [UInt32] = [0]
    var weights: [Float] = []
    var emptyBands: [Int] = []
    for band in 0..<bandCount {
      let (lower, center, upper) = (edges[band], edges[band + 1], edges[band + 2])
      var filter: [Float] = []
      var start = 0
      for bin in 0..<binCount {
        let frequency = Double(bin) * sampleRate / Double(fftLength)
        let rise = (frequency - lower) / (center - lower)
        let fall = (upper - frequency) / (upper - center)
        let weight = Float(max(0, min(rise, fall)))
        if weight > 0 {
          if filter.isEmpty { start = bin }
          filter.append(weight)
        } else if !filter.isEmpty {
          break
        }
      }
      switch norm {
      case .unitPeak: break
      case .slaney:
        let scale = 2 / (upper - lower)
        for i in filter.indices { filter[i] = Float(Double(filter[i]) * scale) }
      case .unitSum:
        let sum = filter.reduce(0.0) { $0 + Double($1) }
        for i in filter.indices { filter[i] = Float(Double(filter[i]) / sum) }
      }
      if filter.isEmpty && lower > 0 { emptyBands.append(band) }
      starts.append(UInt32(start))
      weights += filter
      offsets.append(UInt32(weights.count))
    }
    self.bandCount = bandCount
    self.binCount = binCount
    self.centerFrequencies = Array(edges[1...bandCount])
    self.emptyBands = emptyBands
    self.starts = starts
    self.offsets = offsets
    self.weights = weights
  }

  /// All weights, zeros included: `[bands, bins]`, row-major.
  public var denseWeights: [Float] {
    var dense = [Float](repeating: 0, count: bandCount * binCount)
    for band in 0..<bandCount {
      for (i, weight) in weights[Int(offsets[band])..<Int(offsets[band + 1])].enumerated() {
        dense[band * binCount + Int(starts[band]) + i] = weight
      }
    }
    return dense
  }

  /// The bands of a spectrogram: `B(t, m) = Σₖ weight(m, k) · S(t, k)`.
  ///
  /// The bands are sums of what the spectrogram holds: of powers for the usual mel spectrogram.
  ///
  /// - Parameters:
  ///   - spectrogram: of the filters' frame length.
  ///   - parallelism: threads that may be used.
  /// - Returns: `bandCount` values ≥ 0 for each frame.
  public func bands(
    of spectrogram: Spectrogram, parallelism: Parallelism = .serial
  ) -> FrameMatrix {
    precondition(
      spectrogram.binCount == binCount,
      "filters for \(binCount) bins applied to spectra of \(spectrogram.binCount)")
    return spectrogram.mapBlocks(
      as: spectrogram.quantity, rows: bandCount, parallelism: parallelism
    ) { apply($0, into: $1) }
  }

  /// `[bins][lanes]` to `[bands][lanes]`.
  func apply(_ bins: UnsafePointer<Float>, into bands: UnsafeMutablePointer<Float>) {
    sentio_dsp_lane_sparse_filters(bins, bandCount, starts, offsets, weights, bands)
  }
}
