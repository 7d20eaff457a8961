import CSentioDSPKernels

/// How strongly something begins at each frame: the mean, or the median, rise of a mel spectrogram's levels.
///
/// `o(t) = (1/M)·Σₘ max(0, L(t, m) - L(t - lag, m))`, or the median over `m`, moved to the right by the half frame that a
/// centred frame looks ahead, so that peaks stand at the attacks.
///
/// *Reference:* librosa 0.11, `librosa.onset.onset_strength` of levels (`S=`), with `center=True` and
/// `aggregate` `np.mean` or `np.median`.
public struct OnsetStrength: Hashable, Sendable {
  /// How the bands' rises become one number.
  public enum Aggregation: String, Hashable, Codable, Sendable, CaseIterable {
    /// Their mean: every onset counts.
    case mean
    /// Their median (the mean of the two middle ones): only what rises in half of all bands counts, which beats do.
    case median
  }

  /// Frames between the spectra that are compared, ≥ 1.
  public var lag: Int

  /// How the bands' rises become one number.
  public var aggregation: Aggregation

  /// Frames by which the result is moved to the right, beyond the lag.
  public var shift: Int

  /// Settings for a frame length and hop.
  ///
  /// - Parameters:
  ///   - lag: frames between the spectra that are compared, ≥ 1.
  ///   - fftLength: samples in a frame.
  ///   - hopLength: samples from one frame to the next.
  ///   - aggregation: how the bands' rises become one number.
  public init(
    lag: Int = 1, fftLength: Int = 2048, hopLength: Int = 512, aggregation: Aggregation = .mean
  ) {
    precondition(lag >= 1 && hopLength >= 1, "a lag of \(lag) frames at a hop of \(hopLength)")
    self.lag = lag
    self.aggregation = aggregation
    self.shift = fftLength / (2 * hopLength)
  }

  /// The onset strength of a mel spectrogram.
  ///
  /// A level that is not finite makes NaN of the frames that compare it.
  ///
  /// - Parameter levels: levels in decibels, any number of bands.
  /// - Returns: one value ≥ 0 for each frame; the first `lag + shift` are 0.
  public func strength(ofLevels levels: FrameMatrix) -> [Float] {
    if aggregation == .median { return medianStrength(ofLevels: levels) }
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

  private func medianStrength(ofLevels levels: FrameMatrix) -> [Float] {
    let bands = levels.rowCount
    let count = max(0, levels.frameCount - lag)
    let now = AlignedBuffer(count: bands * laneCount)
    let before = AlignedBuffer(count: bands * laneCount)
    let rises = AlignedBuffer(count: bands * laneCount)
    let medians = AlignedBuffer(count: (count + laneCount - 1) / laneCount * laneCount)
    levels.values.withUnsafeBufferPointer { values in
      for (first, used) in FrameBlocks(blocks: 0..<medians.count / laneCount, frameCount: count) {
        let earlier = values.baseAddress! + first * bands
        sentio_dsp_lanes_from_frames(earlier, bands, bands, used, before.pointer)
        sentio_dsp_lanes_from_frames(earlier + lag * bands, bands, bands, used, now.pointer)
        sentio_dsp_lane_median_rise(
          now.pointer, before.pointer, bands, rises.pointer, medians.pointer + first)
      }
    }
    return delayed(Array(medians.buffer.prefix(count)), frameCount: levels.frameCount)
  }

  /// Moves rises, the first of which belongs to frame `lag`, to where the attacks are heard.
  func delayed(_ rises: [Float], frameCount: Int) -> [Float] {
    let zeros = [Float](repeating: 0, count: lag + shift)
    return Array((zeros + rises).prefix(frameCount))
  }
}
