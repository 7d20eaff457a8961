/// How strongly something begins at each frame: the mean rise of a mel spectrogram's levels.
///
/// `o(t) = (1/M)·Σₘ max(0, L(t, m) - L(t - lag, m))`, moved to the right by the half frame that a
/// centred frame looks ahead, so that peaks stand at the attacks.
///
/// *Reference:* librosa 0.11, `librosa.onset.onset_strength` of levels (`S=`), with `center=True`.
public struct OnsetStrength: Hashable, Sendable {
  /// Frames between the spectra that are compared, ≥ 1.
  public var lag: Int

  /// Frames by which the result is moved to the right, beyond the lag.
  public var shift: Int

  /// Settings for a frame length and hop.
  ///
  /// - Parameters:
  ///   - lag: frames between the spectra that are compared, ≥ 1.
  ///   - fftLength: samples in a frame.
  ///   - hopLength: samples from one frame to the next.
  public init(lag: Int = 1, fftLength: Int = 2048, hopLength: Int = 512) {
    precondition(lag >= 1 && hopLength >= 1, "a lag of \(lag) frames at a hop of \(hopLength)")
    self.lag = lag
    self.shift = fftLength / (2 * hopLength)
  }

  /// The onset strength of a mel spectrogram.
  ///
  /// - Parameter levels: levels in decibels, any number of bands.
  /// - Returns: one value ≥ 0 for each frame; the first `lag + shift` are 0.
  public func strength(ofLevels levels: FrameMatrix) -> [Float] {
    let bands = levels.rowCount
    var rises: [Float] = []
    rises.reserveCapacity(levels.frameCount)
    levels.values.withUnsafeBufferPointer { values in
      for t in lag..<max(lag, levels.frameCount) {
        var sum: Float = 0
        for m in 0..<bands {
          sum += max(0, values[t * bands + m] - values[(t - lag) * bands + m])
        }
        rises.append(sum / Float(bands))
      }
    }
    return delayed(rises, frameCount: levels.frameCount)
  }

  /// Moves rises, the first of which belongs to frame `lag`, to where the attacks are heard.
  func delayed(_ rises: [Float], frameCount: Int) -> [Float] {
    let zeros = [Float](repeating: 0, count: lag + shift)
    return Array((zeros + rises).prefix(frameCount))
  }
}
