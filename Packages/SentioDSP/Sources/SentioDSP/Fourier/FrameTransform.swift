import CSentioDSPKernels

/// Turns blocks of sixteen frames of a signal into spectra, frames in lanes.
///
/// Every analysis of this package goes through here, offline or streaming; a frame's bits depend
/// only on its samples, not on the block or lane that it falls into.
final class FrameTransform: @unchecked Sendable {
  // Sendable: nothing changes after the initializer.
  let stft: STFT
  private let window: AlignedBuffer
  private let laneFFT: LaneFFT?
  private let realFFT: RealFFT?

  var binCount: Int { stft.binCount }

  init(_ stft: STFT) {
    self.stft = stft
    window = AlignedBuffer(count: stft.fftLength)
    let coefficients = stft.paddedWindow()
    window.fill(from: coefficients)
    laneFFT = LaneFFT.ofLength(stft.fftLength)
    realFFT = laneFFT == nil ? RealFFT.ofLength(stft.fftLength) : nil
  }

  /// Memory that one thread needs while it transforms.
  final class Scratch {
    let samples: AlignedBuffer
    let frames: AlignedBuffer
    let spectrum: AlignedBuffer

    init(_ transform: FrameTransform) {
      let length = transform.stft.fftLength
      samples = AlignedBuffer(count: length * laneCount)
      frames = AlignedBuffer(count: (length + 2) * laneCount)
      spectrum = AlignedBuffer(
        count: transform.laneFFT == nil ? transform.binCount * 2 * laneCount : 0)
    }
  }

  /// Power of frames `first ..< first + used`, `[bins][lanes]`; the other lanes are 0.
  func power(
    of signal: FramedSignal, first: Int, used: Int, scratch: Scratch,
    into power: UnsafeMutablePointer<Float>
  ) {
    if let laneFFT {
      gather(signal, first: first, used: used, scratch: scratch)
      laneFFT.power(scratch.samples.pointer, into: power)
    } else {
      transformEach(signal, first: first, used: used, scratch, into: scratch.spectrum.pointer)
      sentio_dsp_lane_power(scratch.spectrum.pointer, binCount, power)
    }
  }

  /// Complex bins of frames `first ..< first + used`, `[bins][re, im][lanes]`.
  func spectrum(
    of signal: FramedSignal, first: Int, used: Int, scratch: Scratch,
    into bins: UnsafeMutablePointer<Float>
  ) {
    if let laneFFT {
      gather(signal, first: first, used: used, scratch: scratch)
      laneFFT.spectrum(scratch.samples.pointer, into: bins)
    } else {
      transformEach(signal, first: first, used: used, scratch, into: bins)
    }
  }

  private func gather(_ signal: FramedSignal, first: Int, used: Int, scratch: Scratch) {
    let length = stft.fftLength
    if signal.isWhole(first: first, count: used) {
      sentio_dsp_lanes_gather(
        signal.address(ofFrame: first), stft.hopLength, window.pointer, length, used,
        scratch.samples.pointer)
    } else {
      for lane in 0..<used {
        signal.copyFrame(first + lane, to: scratch.frames.pointer + lane * length)
      }
      sentio_dsp_lanes_gather(
        scratch.frames.pointer, length, window.pointer, length, used, scratch.samples.pointer)
    }
  }

  /// Transforms frame by frame with FFTW, then turns frames into lanes.
  private func transformEach(
    _ signal: FramedSignal, first: Int, used: Int, _ scratch: Scratch,
    into bins: UnsafeMutablePointer<Float>
  ) {
    let stride = 2 * binCount
    // Frames of 2 · binCount floats may end off FFTW's alignment; one aligned frame is reused.
    let frame = scratch.samples.pointer
    let transformed = scratch.samples.pointer + (stft.fftLength + 15) / 16 * 16
    for lane in 0..<used {
      signal.copyFrame(first + lane, to: frame)
      sentio_dsp_window(frame, window.pointer, frame, stft.fftLength)
      realFFT!.forward(frame, into: transformed)
      (scratch.frames.pointer + lane * stride).update(from: transformed, count: stride)
    }
    sentio_dsp_lanes_from_frames(scratch.frames.pointer, stride, stride, used, bins)
  }
}
