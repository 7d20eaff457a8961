import CSentioDSPKernels

/// Separates what sounds on (lines along time) from what strikes (lines along frequency) in a spectrogram.
///
/// `H` is the median of magnitudes over `harmonicWidth` frames around each frame, `P` that over `percussiveWidth` bins
/// around each bin, both mirrored at the ends (`d c b a | a b c d`). The masks are
/// `Hᵖ / (Hᵖ + (harmonicMargin · P)ᵖ)` and `Pᵖ / (Pᵖ + (percussiveMargin · H)ᵖ)` with `p = power`.
///
/// - With both margins 1 the two parts add up to the whole; with larger ones, what is neither stays in neither.
/// - Silence: where `H` and `P` are below 1.2e-38, the masks are ½ with margins of 1, and 0 with larger ones.
/// - Results are the same bits for any number of threads.
///
/// *Reference:* Fitzgerald, "Harmonic/percussive separation using median filtering", 2010; Driedger, Müller and Disch, 2014
/// (margins); librosa 0.11, `librosa.decompose.hpss`.
public struct HarmonicPercussiveSeparator: Hashable, Codable, Sendable {
  /// Frames of the median along time, odd.
  public let harmonicWidth: Int
  /// Bins of the median along frequency, odd.
  public let percussiveWidth: Int
  /// Exponent of the masks, above 0; infinity makes them 0 or 1.
  public let power: Float
  /// How much stronger than the percussive median the harmonic one must be, ≥ 1.
  public let harmonicMargin: Float
  /// How much stronger than the harmonic median the percussive one must be, ≥ 1.
  public let percussiveMargin: Float

  /// A separator with librosa's defaults.
  ///
  /// - Parameters:
  ///   - harmonicWidth: frames of the median along time, odd, 1 … 4095; 31 is the fastest.
  ///   - percussiveWidth: bins of the median along frequency, odd, 1 … 4095; 31 is the fastest.
  ///   - power: exponent of the masks, above 0; infinity makes them 0 or 1.
  ///   - harmonicMargin: how much stronger the harmonic median must be, ≥ 1.
  ///   - percussiveMargin: how much stronger the percussive median must be, ≥ 1.
  public init(
    harmonicWidth: Int = 31, percussiveWidth: Int = 31, power: Float = 2,
    harmonicMargin: Float = 1, percussiveMargin: Float = 1
  ) {
    for width in [harmonicWidth, percussiveWidth] {
      precondition(
        (1...4095).contains(width) && width % 2 == 1, "a median of \(width): odd, 1 … 4095")
    }
    precondition(power > 0, "a mask's power of \(power) is not above 0")
    precondition(
      harmonicMargin >= 1 && percussiveMargin >= 1 && harmonicMargin.isFinite
        && percussiveMargin.isFinite,
      "margins of \(harmonicMargin) and \(percussiveMargin) are not finite and at least 1")
    self.harmonicWidth = harmonicWidth
    self.percussiveWidth = percussiveWidth
    self.power = power
    self.harmonicMargin = harmonicMargin
    self.percussiveMargin = percussiveMargin
  }

  /// The harmonic and the percussive part of a spectrogram; ``ComplexSpectrogram/signal()`` makes them audible.
  ///
  /// - Parameters:
  ///   - spectrogram: complex spectra; no frame gives none.
  ///   - parallelism: threads that may be used.
  /// - Returns: both parts, with the phases of the whole.
  /// - Throws: ``DSPError/nonFiniteSample(index:value:)`` with the index in `interleaved.values` of a NaN or an infinity.
  public func separate(
    _ spectrogram: ComplexSpectrogram, parallelism: Parallelism = .automatic
  ) throws(DSPError) -> (harmonic: ComplexSpectrogram, percussive: ComplexSpectrogram) {
    let bins = spectrogram.binCount
    let whole = spectrogram.interleaved
    try checkFinite(whole.values)
    var harmonic: FrameMatrix?
    let percussive = FrameMatrix(frameCount: whole.frameCount, rowCount: 2 * bins) { second in
      harmonic = FrameMatrix(frameCount: whole.frameCount, rowCount: 2 * bins) { first in
        guard whole.frameCount > 0 else { return }
        let harmonicOutput = SendablePointer(first.baseAddress!)
        let percussiveOutput = SendablePointer(second.baseAddress!)
        let medians = TwoMedians(self, frameCount: whole.frameCount, binCount: bins)
        whole.values.withUnsafeBufferPointer { values in
          let input = SendablePointer(UnsafeMutablePointer(mutating: values.baseAddress!))
          medians.run(parallelism) { frame, magnitudes in
            sentio_dsp_bin_magnitudes(input.value + 2 * bins * frame, bins, magnitudes)
          } _: { frame, harmonicMask, percussiveMask in
            let offset = 2 * bins * frame
            sentio_dsp_mask_bins(
              input.value + offset, harmonicMask, bins, harmonicOutput.value + offset)
            sentio_dsp_mask_bins(
              input.value + offset, percussiveMask, bins, percussiveOutput.value + offset)
          }
        }
      }
    }
    return (
      ComplexSpectrogram(
        stft: spectrogram.stft, sampleCount: spectrogram.sampleCount, interleaved: harmonic!),
      ComplexSpectrogram(
        stft: spectrogram.stft, sampleCount: spectrogram.sampleCount, interleaved: percussive)
    )
  }

  /// The masks of a magnitude spectrogram, or of any matrix of values ≥ 0 over time.
  ///
  /// - Parameters:
  ///   - magnitudes: values ≥ 0.
  ///   - parallelism: threads that may be used.
  /// - Returns: for each value the share, 0 … 1, of each part.
  /// - Throws: ``DSPError/nonFiniteSample(index:value:)`` with the index in `values` of a NaN or an infinity.
  public func masks(
    of magnitudes: FrameMatrix, parallelism: Parallelism = .automatic
  ) throws(DSPError) -> (harmonic: FrameMatrix, percussive: FrameMatrix) {
    let rows = magnitudes.rowCount
    try checkFinite(magnitudes.values)
    var harmonic: FrameMatrix?
    let percussive = FrameMatrix(frameCount: magnitudes.frameCount, rowCount: rows) { second in
      harmonic = FrameMatrix(frameCount: magnitudes.frameCount, rowCount: rows) { first in
        guard magnitudes.frameCount > 0 else { return }
        let harmonicOutput = SendablePointer(first.baseAddress!)
        let percussiveOutput = SendablePointer(second.baseAddress!)
        let medians = TwoMedians(self, frameCount: magnitudes.frameCount, binCount: rows)
        magnitudes.values.withUnsafeBufferPointer { values in
          let input = SendablePointer(UnsafeMutablePointer(mutating: values.baseAddress!))
          medians.run(parallelism) { frame, copy in
            copy.update(from: input.value + rows * frame, count: rows)
          } _: { frame, harmonicMask, percussiveMask in
            (harmonicOutput.value + rows * frame).update(from: harmonicMask, count: rows)
            (percussiveOutput.value + rows * frame).update(from: percussiveMask, count: rows)
          }
        }
      }
    }
    return (harmonic!, percussive)
  }

  private func checkFinite(_ values: [Float]) throws(DSPError) {
    let index = sentio_dsp_first_non_finite(values, values.count)
    if index < values.count { throw .nonFiniteSample(index: index, value: values[index]) }
  }
}
