import CSentioDSPKernels

/// The medians along time and along frequency of one matrix of magnitudes, and the masks that they make.
///
/// Rows are padded to whole vectors. Along time, sixteen bins of a frame are one vector; along frequency, sixteen frames are, for which
/// blocks of sixteen frames are turned into lanes and back.
final class TwoMedians: @unchecked Sendable {
  // Sendable: threads write disjoint parts.
  private let settings: HarmonicPercussiveSeparator
  private let frameCount: Int
  private let binCount: Int
  /// Floats from one frame to the next.
  private let stride: Int
  private let magnitudes: AlignedBuffer
  private let alongTime: AlignedBuffer

  init(_ settings: HarmonicPercussiveSeparator, frameCount: Int, binCount: Int) {
    self.settings = settings
    self.frameCount = frameCount
    self.binCount = binCount
    stride = (binCount + laneCount - 1) / laneCount * laneCount
    magnitudes = AlignedBuffer(count: frameCount * stride)
    alongTime = AlignedBuffer(count: frameCount * stride)
  }

  /// Fills the matrix, filters it, and hands over the masks of each frame.
  ///
  /// - Parameters:
  ///   - parallelism: threads that may be used.
  ///   - load: is given a frame and room for its magnitudes; called from several threads.
  ///   - deliver: is given a frame, its harmonic and its percussive mask; called from several threads.
  func run(
    _ parallelism: Parallelism, _ load: @Sendable (Int, UnsafeMutablePointer<Float>) -> Void,
    _ deliver: @Sendable (Int, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    parallelism.forEachRange(of: frameCount, grain: 128) { [self] frames in
      for frame in frames { load(frame, magnitudes.pointer + frame * stride) }
    }
    parallelism.forEachRange(of: stride / laneCount, grain: 4) { [self] groups in
      let window = AlignedBuffer(count: (settings.harmonicWidth + 1) * laneCount)
      for group in groups {
        sentio_dsp_sliding_median(
          magnitudes.pointer + group * laneCount, stride, frameCount, settings.harmonicWidth,
          window.pointer, alongTime.pointer + group * laneCount, stride)
      }
    }
    parallelism.forEachBlock(ofFrames: frameCount) { [self] blocks in
      let window = AlignedBuffer(count: (settings.percussiveWidth + 1) * laneCount)
      let lanes = AlignedBuffer(count: binCount * laneCount)
      let medians = AlignedBuffer(count: binCount * laneCount)
      let frames = AlignedBuffer(count: stride * laneCount)
      let harmonicMask = AlignedBuffer(count: stride)
      let percussiveMask = AlignedBuffer(count: stride)
      // What is in neither part is in neither mask; else the masks add up to 1, even in silence.
      let ofSilence: Float =
        settings.harmonicMargin == 1 && settings.percussiveMargin == 1 ? 0.5 : 0
      for (first, used) in blocks {
        sentio_dsp_lanes_from_frames(
          magnitudes.pointer + first * stride, stride, binCount, used, lanes.pointer)
        sentio_dsp_sliding_median(
          lanes.pointer, laneCount, binCount, settings.percussiveWidth, window.pointer,
          medians.pointer, laneCount)
        sentio_dsp_frames_from_lanes(medians.pointer, binCount, used, frames.pointer, stride)
        for lane in 0..<used {
          let alongTime = alongTime.pointer + (first + lane) * stride
          let alongFrequency = frames.pointer + lane * stride
          sentio_dsp_soft_mask(
            alongTime, alongFrequency, binCount, settings.harmonicMargin, settings.power, ofSilence,
            harmonicMask.pointer)
          sentio_dsp_soft_mask(
            alongFrequency, alongTime, binCount, settings.percussiveMargin, settings.power,
            ofSilence, percussiveMask.pointer)
          deliver(first + lane, harmonicMask.pointer, percussiveMask.pointer)
        }
      }
    }
  }
}
