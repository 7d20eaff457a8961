import CSentioDSPKernels

/// The complex spectra of a signal that arrives in pieces: see ``StreamingMelSpectrogram``.
public struct StreamingSTFT {
  private let transform: FrameTransform
  private let scratch: FrameTransform.Scratch
  private let lanes: AlignedBuffer
  private var frames: StreamingFrames
  private var isFinished = false

  /// A stream with the settings of a transform.
  ///
  /// - Parameter stft: the settings.
  public init(_ stft: STFT) {
    transform = FrameTransform(stft)
    scratch = FrameTransform.Scratch(transform)
    lanes = AlignedBuffer(count: 2 * stft.binCount * laneCount)
    frames = StreamingFrames(stft)
  }

  /// Takes samples, and gives the frames that became complete.
  ///
  /// - Parameter samples: the next samples of the signal, any number.
  /// - Returns: interleaved real and imaginary parts, as ``ComplexSpectrogram/interleaved``.
  public mutating func append(_ samples: some Collection<Float>) -> FrameMatrix {
    precondition(!isFinished, "samples appended to a finished stream")
    return process(samples, isLast: false)
  }

  /// Ends the signal, and gives the frames that reach beyond its last sample.
  ///
  /// - Returns: the last frames.
  public mutating func finish() -> FrameMatrix {
    precondition(!isFinished, "a finished stream finished again")
    isFinished = true
    return process([Float](), isLast: true)
  }

  private mutating func process(_ samples: some Collection<Float>, isLast: Bool) -> FrameMatrix {
    let rows = 2 * transform.binCount
    let stft = transform.stft
    var result = FrameMatrix(frameMajor: [], rowCount: rows)
    frames.append(samples, isLast: isLast) { held, start, complete in
      result = FrameMatrix(frameCount: complete.count, rowCount: rows) { values in
        let signal = FramedSignal(
          samples: held, frameLength: stft.fftLength, hopLength: stft.hopLength,
          framing: stft.framing, firstSample: start)
        var first = complete.lowerBound
        while first < complete.upperBound {
          let used = min(laneCount, complete.upperBound - first)
          transform.spectrum(
            of: signal, first: first, used: used, scratch: scratch, into: lanes.pointer)
          sentio_dsp_frames_from_lanes(
            lanes.pointer, rows, used,
            values.baseAddress! + (first - complete.lowerBound) * rows, rows)
          first += used
        }
      }
    }
    return result
  }
}
