import CSentioDSPKernels

/// The short-time Fourier transform: what a signal's spectrum is around each of its moments.
///
/// `X(t, k) = Σₙ x(t·hopLength + n - offset) · w(n) · exp(-2πi·kn/fftLength)`; the framing sets the
/// offset. Defaults are librosa's: 2048-sample frames, hop 512, periodic Hann window, frames
/// centred, zeros beyond the ends.
///
/// *Reference:* librosa 0.11, `librosa.stft` and `librosa.istft`.
public struct STFT: Hashable, Codable, Sendable {
  /// Samples in a frame, `N` ≥ 2.
  public let fftLength: Int

  /// Samples from one frame to the next, ≥ 1.
  public let hopLength: Int

  /// Samples that the window covers, 1 … `fftLength`; it stands in the middle of the frame.
  public let windowLength: Int

  /// The window's shape; its periodic form is used.
  public let window: Window

  /// Where frames lie.
  public let framing: Framing

  /// Bins of a frame: `fftLength / 2 + 1`.
  public var binCount: Int { fftLength / 2 + 1 }

  /// A transform with the given settings.
  ///
  /// - Parameters:
  ///   - fftLength: samples in a frame, 2 … 2²⁰. Powers of two are three times faster.
  ///   - hopLength: samples from one frame to the next, 1 … 2²⁰.
  ///   - windowLength: samples that the window covers; `fftLength` where nil.
  ///   - window: the window's shape.
  ///   - framing: where frames lie.
  public init(
    fftLength: Int = 2048, hopLength: Int = 512, windowLength: Int? = nil, window: Window = .hann,
    framing: Framing = .centered(.zero)
  ) {
    let windowLength = windowLength ?? fftLength
    precondition(
      Self.lengths.contains(fftLength), "an fftLength of \(fftLength) is not in \(Self.lengths)")
    precondition(
      Self.hops.contains(hopLength), "a hopLength of \(hopLength) is not in \(Self.hops)")
    precondition(
      (1...fftLength).contains(windowLength),
      "a window of \(windowLength) in a frame of \(fftLength)")
    self.fftLength = fftLength
    self.hopLength = hopLength
    self.windowLength = windowLength
    self.window = window
    self.framing = framing
  }

  static let lengths = 2...(1 << 20)
  static let hops = 1...(1 << 20)

  /// Frames that a signal of so many samples has; 0 where it has none.
  ///
  /// - Parameter sampleCount: samples of the signal.
  /// - Returns: frames.
  public func frameCount(sampleCount: Int) -> Int {
    FramedSignal.frameCount(
      sampleCount: sampleCount, frameLength: fftLength, hopLength: hopLength, framing: framing)
  }

  /// The window in the middle of a frame of zeros.
  func paddedWindow() -> [Float] {
    let coefficients = window.coefficients(count: windowLength)
    let before = (fftLength - windowLength) / 2
    return [Float](repeating: 0, count: before) + coefficients
      + [Float](repeating: 0, count: fftLength - windowLength - before)
  }

  func framed(_ samples: UnsafeBufferPointer<Float>) -> FramedSignal {
    FramedSignal(
      samples: samples, frameLength: fftLength, hopLength: hopLength, framing: framing)
  }

  /// Checks what a signal must be for this transform, and counts its frames.
  func checkedFrameCount(sampleCount: Int) throws(DSPError) -> Int {
    if sampleCount == 0 { throw .emptySignal }
    let count = frameCount(sampleCount: sampleCount)
    if count == 0 {
      throw .signalTooShort(
        sampleCount: sampleCount, minimum: fftLength,
        reason: "frames that are not centred must lie within the signal")
    }
    return count
  }

  /// The complex spectra of a signal's frames.
  ///
  /// NaN and infinite samples give NaN in the frames that hold them, and nowhere else.
  ///
  /// - Parameters:
  ///   - samples: the signal; with centred frames, any length from 1.
  ///   - parallelism: threads that may be used.
  /// - Returns: `binCount` complex bins for each frame.
  /// - Throws: ``DSPError/emptySignal``; ``DSPError/signalTooShort(sampleCount:minimum:reason:)``
  ///   where frames are left-aligned and not one fits.
  public func complexSpectrogram(
    _ samples: [Float], parallelism: Parallelism = .automatic
  ) throws(DSPError) -> ComplexSpectrogram {
    let frameCount = try checkedFrameCount(sampleCount: samples.count)
    let transform = FrameTransform(self)
    let rows = 2 * binCount
    let matrix = FrameMatrix(frameCount: frameCount, rowCount: rows) { output in
      samples.withUnsafeBufferPointer { input in
        let signal = SendableSignal(framed(input))
        let destination = SendablePointer(output.baseAddress!)
        parallelism.forEachBlock(ofFrames: frameCount) { blocks in
          let scratch = FrameTransform.Scratch(transform)
          let lanes = AlignedBuffer(count: rows * laneCount)
          for (first, used) in blocks {
            transform.spectrum(
              of: signal.value, first: first, used: used, scratch: scratch, into: lanes.pointer)
            sentio_dsp_frames_from_lanes(
              lanes.pointer, rows, used, destination.value + first * rows, rows)
          }
        }
      }
    }
    return ComplexSpectrogram(
      stft: self, sampleCount: samples.count, interleaved: matrix)
  }

  /// The power or magnitude spectra of a signal's frames.
  ///
  /// - Parameters:
  ///   - samples: the signal; with centred frames, any length from 1.
  ///   - sampleRate: samples per second.
  ///   - quantity: power `|X|²` or magnitude `|X|`.
  ///   - parallelism: threads that may be used.
  /// - Returns: `binCount` values ≥ 0 for each frame.
  /// - Throws: as ``complexSpectrogram(_:parallelism:)``.
  public func spectrogram(
    _ samples: [Float], sampleRate: Double, quantity: Spectrogram.Quantity = .power,
    parallelism: Parallelism = .automatic
  ) throws(DSPError) -> Spectrogram {
    let frameCount = try checkedFrameCount(sampleCount: samples.count)
    let transform = FrameTransform(self)
    let rows = binCount
    let matrix = FrameMatrix(frameCount: frameCount, rowCount: rows) { output in
      samples.withUnsafeBufferPointer { input in
        let signal = SendableSignal(framed(input))
        let destination = SendablePointer(output.baseAddress!)
        parallelism.forEachBlock(ofFrames: frameCount) { blocks in
          let scratch = FrameTransform.Scratch(transform)
          let lanes = AlignedBuffer(count: rows * laneCount)
          for (first, used) in blocks {
            transform.power(
              of: signal.value, first: first, used: used, scratch: scratch, into: lanes.pointer)
            if quantity == .magnitude {
              sentio_dsp_lane_square_root(lanes.pointer, rows, lanes.pointer)
            }
            sentio_dsp_frames_from_lanes(
              lanes.pointer, rows, used, destination.value + first * rows, rows)
          }
        }
      }
    }
    return Spectrogram(
      values: matrix, quantity: quantity, sampleRate: sampleRate, fftLength: fftLength,
      hopLength: hopLength)
  }
}
