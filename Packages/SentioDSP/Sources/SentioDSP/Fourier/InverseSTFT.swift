import CSentioDSPKernels

/// The complex spectra of a signal's frames.
public struct ComplexSpectrogram: Hashable, Sendable {
  /// The transform that made it, and that its inverse undoes.
  public let stft: STFT

  /// Samples of the signal that it was made from.
  public let sampleCount: Int

  /// Bins of all frames: row `2k` is the real part of bin `k`, row `2k + 1` its imaginary part.
  public var interleaved: FrameMatrix

  /// Frames.
  public var frameCount: Int { interleaved.frameCount }

  /// Bins of a frame.
  public var binCount: Int { interleaved.rowCount / 2 }

  /// Spectra that were made or changed elsewhere.
  ///
  /// - Parameters:
  ///   - stft: the transform's settings.
  ///   - sampleCount: samples of the signal.
  ///   - interleaved: `2 · stft.binCount` rows.
  public init(stft: STFT, sampleCount: Int, interleaved: FrameMatrix) {
    precondition(
      interleaved.rowCount == 2 * stft.binCount,
      "\(interleaved.rowCount) rows are not the real and imaginary parts of \(stft.binCount) bins")
    self.stft = stft
    self.sampleCount = sampleCount
    self.interleaved = interleaved
  }

  /// The signal whose transform this is.
  ///
  /// Frames are transformed back, weighted by the window once more, added where they overlap, and
  /// divided by the sum of the squared windows: the least-squares solution where the spectra are no
  /// longer those of a signal. With windows that overlap (Hann at a hop of a quarter) the signal
  /// comes back within 1e-5. Samples that no window covers are 0; with left-aligned frames that
  /// can be the first samples, where the window is 0, and the last, which no frame reaches.
  ///
  /// *Reference:* librosa 0.11, `librosa.istft`; Griffin and Lim, 1984.
  ///
  /// - Returns: `sampleCount` samples.
  public func signal() -> [Float] {
    let length = stft.fftLength
    let transform = RealFFT.ofLength(length)
    let window = stft.paddedWindow()
    let squares = window.map { $0 * $0 }
    let ones = [Float](repeating: 1, count: length)
    let reach =
      if case .centered = stft.framing { length / 2 } else { 0 }
    let total = max(sampleCount + reach, (max(frameCount, 1) - 1) * stft.hopLength + length)
    var sum = [Float](repeating: 0, count: total)
    var weight = [Float](repeating: 0, count: total)
    let spectrum = AlignedBuffer(count: 2 * binCount)
    let frame = AlignedBuffer(count: length)
    for t in 0..<frameCount {
      spectrum.fill(from: interleaved.frame(t))
      transform.inverse(spectrum.pointer, into: frame.pointer)
      sum.withUnsafeMutableBufferPointer {
        sentio_dsp_overlap_add(
          frame.pointer, window, $0.baseAddress! + t * stft.hopLength, length)
      }
      weight.withUnsafeMutableBufferPointer {
        sentio_dsp_overlap_add(squares, ones, $0.baseAddress! + t * stft.hopLength, length)
      }
    }
    return (reach..<reach + sampleCount).map {
      weight[$0] > .leastNormalMagnitude ? sum[$0] / weight[$0] : sum[$0]
    }
  }
}
