import CSentioDSPKernels

/// Spectrograms and mel spectrograms of a signal that arrives in pieces.
///
/// Whatever the pieces, the frames are bit for bit those of the whole signal. Frames come out as
/// soon as their last sample is in; ``finish()`` gives those that reach beyond the end. Memory does
/// not grow with the signal.
public struct StreamingMelSpectrogram {
  private let mel: MelSpectrogram
  private let workspace: MelWorkspace
  private var frames: StreamingFrames
  private var isFinished = false

  /// What comes out.
  public enum Output: String, Hashable, Codable, Sendable, CaseIterable {
    /// Sums of power in each band.
    case powers
    /// Levels in decibels, not limited: the dynamic range is relative to the largest level of a
    /// whole signal, which a stream does not know.
    case levels
  }

  private let output: Output

  /// A stream with the settings of a mel spectrogram.
  ///
  /// - Parameters:
  ///   - mel: the settings.
  ///   - output: powers or levels.
  /// - Throws: ``DSPError/invalidSetting(name:value:expected:)`` for levels relative to the maximum,
  ///   which a stream does not know.
  public init(_ mel: MelSpectrogram, output: Output = .powers) throws(DSPError) {
    if output == .levels && mel.frontEnd.decibels.reference == .maximum {
      throw .invalidSetting(
        name: "decibels.reference", value: "maximum",
        expected: "a fixed power in a stream, whose maximum is not known")
    }
    self.mel = mel
    self.output = output
    workspace = MelWorkspace(mel)
    frames = StreamingFrames(mel.frontEnd.stft)
  }

  /// Takes samples, and gives the frames that became complete.
  ///
  /// - Parameter samples: the next samples of the signal, any number.
  /// - Returns: the next frames, possibly none.
  public mutating func append(_ samples: some Collection<Float>) -> FrameMatrix {
    precondition(!isFinished, "samples appended to a finished stream")
    return process(samples, isLast: false)
  }

  /// Ends the signal, and gives the frames that reach beyond its last sample.
  ///
  /// - Returns: the last frames; none for a signal without samples, or one too short for a
  ///   left-aligned frame.
  public mutating func finish() -> FrameMatrix {
    precondition(!isFinished, "a finished stream finished again")
    isFinished = true
    return process([Float](), isLast: true)
  }

  private mutating func process(_ samples: some Collection<Float>, isLast: Bool) -> FrameMatrix {
    let rows = mel.frontEnd.melBands
    let transform = mel.transform
    var result = FrameMatrix(frameMajor: [], rowCount: rows)
    frames.append(samples, isLast: isLast) { held, start, complete in
      result = FrameMatrix(frameCount: complete.count, rowCount: rows) { values in
        let signal = FramedSignal(
          samples: held, frameLength: transform.stft.fftLength,
          hopLength: transform.stft.hopLength, framing: transform.stft.framing,
          firstSample: start)
        var first = complete.lowerBound
        while first < complete.upperBound {
          let used = min(laneCount, complete.upperBound - first)
          _ = workspace.bands(of: signal, first: first, used: used, asLevels: output == .levels)
          sentio_dsp_frames_from_lanes(
            workspace.bands.pointer, rows, used,
            values.baseAddress! + (first - complete.lowerBound) * rows, rows)
          first += used
        }
      }
    }
    return result
  }
}
