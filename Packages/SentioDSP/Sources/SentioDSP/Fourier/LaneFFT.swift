import CSentioDSPKernels
import Foundation
import Synchronization

/// Frames that one vector works on at once.
let laneCount = Int(SENTIO_LANES)

/// The Fourier transform of sixteen real frames at once, one a vector lane.
///
/// Made for a power of two. At length 2048 it takes a frame's transform from FFTW's 1.1 µs to
/// 0.35 µs, because no value ever has to change its place within a vector, and because what
/// follows (power, filters, sums over bins) finds its frames in lanes too.
final class LaneFFT: @unchecked Sendable {
  // Sendable: the tables are written in the initializer only.
  let length: Int
  private let twiddles: AlignedBuffer
  private let turns: AlignedBuffer
  /// Where bin `k` of ``transform(_:)`` stands.
  let positions: [UInt32]

  private static let cache = Mutex<[Int: LaneFFT]>([:])

  /// The tables of a length, or nil where the length is no power of two or does not pay.
  static func ofLength(_ length: Int) -> LaneFFT? {
    guard length >= 16, length <= 1 << 16, length & (length - 1) == 0 else { return nil }
    return cache.withLock { known in
      if let transform = known[length] { return transform }
      let transform = LaneFFT(length: length)
      known[length] = transform
      return transform
    }
  }

  private init(length: Int) {
    self.length = length
    let size = length / 2
    twiddles = AlignedBuffer(count: sentio_dsp_lane_fft_twiddle_count(size))
    sentio_dsp_lane_fft_twiddles(size, twiddles.pointer)
    positions = [UInt32](unsafeUninitializedCapacity: size) { buffer, count in
      sentio_dsp_lane_fft_positions(size, buffer.baseAddress!)
      count = size
    }
    turns = AlignedBuffer(count: 2 * size)
    for k in 0..<size {
      let angle = Double.pi * Double(k) / Double(size)
      turns.pointer[2 * k] = Float(cos(angle))
      turns.pointer[2 * k + 1] = Float(sin(angle))
    }
  }

  /// Power of the `length / 2 + 1` bins; `samples`, `[length][lanes]`, is overwritten.
  func power(_ samples: UnsafeMutablePointer<Float>, into power: UnsafeMutablePointer<Float>) {
    sentio_dsp_lane_fft(samples, length / 2, twiddles.pointer)
    sentio_dsp_lane_real_power(samples, length / 2, positions, turns.pointer, power)
  }

  /// Complex bins, `[bins][re, im][lanes]`; `samples` is overwritten.
  func spectrum(_ samples: UnsafeMutablePointer<Float>, into bins: UnsafeMutablePointer<Float>) {
    sentio_dsp_lane_fft(samples, length / 2, twiddles.pointer)
    sentio_dsp_lane_real_spectrum(samples, length / 2, positions, turns.pointer, bins)
  }

  /// The transform of `length / 2` complex points, `[points][re, im][lanes]`, in place; bin `k` stands at `positions[k]`.
  func transform(_ points: UnsafeMutablePointer<Float>) {
    sentio_dsp_lane_fft(points, length / 2, twiddles.pointer)
  }
}
