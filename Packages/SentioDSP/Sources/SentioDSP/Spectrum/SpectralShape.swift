import CSentioDSPKernels

extension Spectrogram {
  /// Centroid, bandwidth and roll-off, which share the sums that they are made of.
  ///
  /// With magnitudes `m(k)` at frequencies `f(k) = k · sampleRate / fftLength` and `M = Σ m(k)`:
  /// - row 0, centroid: `Σ f(k)·m(k) / M`, in hertz: the spectrum's centre of gravity;
  /// - row 1, bandwidth: `√(Σ (f(k) - centroid)²·m(k) / M)`, in hertz;
  /// - row 2, roll-off: the least `f(k)` at which `m(0) + … + m(k)` reaches `rolloffFraction · M`.
  ///
  /// All three are 0 in silence.
  ///
  /// *Reference:* librosa 0.11, `spectral_centroid`, `spectral_bandwidth`, `spectral_rolloff`.
  ///
  /// - Parameters:
  ///   - rolloffFraction: part of the whole sum, between 0 and 1.
  ///   - parallelism: threads that may be used.
  /// - Returns: three rows.
  public func shape(
    rolloffFraction: Float = 0.85, parallelism: Parallelism = .serial
  ) -> FrameMatrix {
    let binWidth = Float(binWidth)
    let binCount = binCount
    return mapBlocks(as: .magnitude, rows: 3, parallelism: parallelism) { magnitude, result in
      spectralShape(
        magnitude, binCount: binCount, binWidth: binWidth, rolloffFraction: rolloffFraction,
        into: result)
    }
  }

  /// The spectrum's centre of gravity in hertz; 0 in silence.
  ///
  /// *Reference:* librosa 0.11, `spectral_centroid`.
  ///
  /// - Returns: one value for each frame.
  public func centroid() -> [Float] { shape().row(0) }

  /// The spectrum's standard deviation about its centroid in hertz; 0 in silence.
  ///
  /// *Reference:* librosa 0.11, `spectral_bandwidth`.
  ///
  /// - Returns: one value for each frame.
  public func bandwidth() -> [Float] { shape().row(1) }

  /// The frequency in hertz below which a part of the magnitude lies; 0 in silence.
  ///
  /// *Reference:* librosa 0.11, `spectral_rolloff`.
  ///
  /// - Parameter fraction: the part, between 0 and 1.
  /// - Returns: one value for each frame.
  public func rolloff(fraction: Float = 0.85) -> [Float] {
    shape(rolloffFraction: fraction).row(2)
  }

  /// Geometric over arithmetic mean of the power: near 0 for a tone, 0.56 for noise, 1 for silence.
  ///
  /// *Reference:* librosa 0.11, `spectral_flatness`.
  ///
  /// - Parameter floor: powers below count as this, > 0.
  /// - Returns: one value for each frame, 0 … 1.
  public func flatness(floor: Float = 1e-10) -> [Float] {
    let binCount = binCount
    return mapBlocks(as: .power, rows: 1) { power, result in
      sentio_dsp_lane_flatness(power, binCount, floor, result)
    }.values
  }

  /// How much the spectrum's form changes from one frame to the next.
  ///
  /// `√Σ(a(k) - b(k))²` of a frame's magnitudes and those of the frame before, each divided by its
  /// sum; 0 for the first frame. A spectrum without energy counts as zeros.
  ///
  /// - Returns: one value for each frame, 0 … √2.
  public func flux() -> [Float] {
    guard frameCount > 1 else { return [Float](repeating: 0, count: frameCount) }
    let now = AlignedBuffer(count: binCount * laneCount)
    let before = AlignedBuffer(count: binCount * laneCount)
    let result = AlignedBuffer(count: laneCount)
    var flux: [Float] = [0]
    for (first, used) in FrameBlocks(
      blocks: 0..<(frameCount + laneCount - 2) / laneCount, frameCount: frameCount - 1)
    {
      loadBlock(first: first, used: used, as: .magnitude, into: before)
      loadBlock(first: first + 1, used: used, as: .magnitude, into: now)
      sentio_dsp_lane_flux(now.pointer, before.pointer, binCount, result.pointer)
      flux += result.buffer[..<used]
    }
    return flux
  }

  /// The root mean square of each windowed frame, by Parseval's theorem.
  ///
  /// *Reference:* librosa 0.11, `librosa.feature.rms` of a spectrogram.
  ///
  /// - Returns: one value ≥ 0 for each frame, in units of the samples.
  public func rms() -> [Float] {
    let binCount = binCount
    let halvesLast: Int32 = fftLength % 2 == 0 ? 1 : 0
    let scale = 2 / (Float(fftLength) * Float(fftLength))
    return mapBlocks(as: .power, rows: 1) { power, result in
      sentio_dsp_lane_one_sided_sum(power, binCount, halvesLast, result)
    }.values.map { ($0 * scale).squareRoot() }
  }
}

/// Writes centroid, bandwidth and roll-off in hertz, `[3][lanes]`, of `[bins][lanes]` magnitudes.
func spectralShape(
  _ magnitude: UnsafePointer<Float>, binCount: Int, binWidth: Float, rolloffFraction: Float,
  into result: UnsafeMutablePointer<Float>
) {
  sentio_dsp_lane_shape(
    magnitude, binCount, rolloffFraction, result, result + laneCount, result + 2 * laneCount)
  for i in 0..<3 * laneCount { result[i] *= binWidth }
}
