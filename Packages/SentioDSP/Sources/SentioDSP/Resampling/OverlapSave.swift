import CSentioDSPKernels
import Foundation
import Synchronization

/// A resampling filter applied in the frequency domain: frames overlap, and only what no frame's end has spoilt is kept.
///
/// A frame of `N` samples is transformed, its spectrum repeated `L` times, multiplied by the filter's, folded onto the
/// output's rate, and transformed back: `Y(k) = Σₘ Z(k + mS mod N) · H(k + mS)`, with `S = N · L / folds` points. What
/// is left of `M` after folding (its odd factor) is taken out by leaving outputs away. The filter is
/// symmetric about the output's time, so `H` is real, and a *pair* of consecutive frames travels as the real and imaginary part
/// of one transform. Sixteen pairs are worked on at once.
///
/// The pairs, here *units*, stand on a grid that begins with the signal, so that a result does not depend on how the
/// work was cut. A unit whose samples have not all come, as at a signal's end, is left to the direct sum.
final class OverlapSave: @unchecked Sendable {
  // Sendable: nothing changes after the initializer.
  /// Blocks of 16 outputs in a unit.
  let blocksPerUnit: Int
  private let frameLength: Int
  /// Samples from one frame to the next.
  private let advance: Int
  /// Index within a frame of the sample at whose time its first output stands.
  private let centre: Int
  private let folds: Int
  private let forward: LaneFFT
  private let inverse: LaneFFT
  private let gains: [Float]
  private let sources: [UInt32]
  private let picks: [UInt32]
  /// Memory that was used before: fresh pages would cost as much as the transforms.
  private let spare = Mutex<[Scratch]>([])
  private static let spareLimit = 16

  /// A frame is at least so many filters long; shorter ones keep too few of their samples.
  private static let framesPerFilter = 2.5
  /// Longer frames of sixteen pairs (2 MiB) would leave the second-level cache.
  private static let longestFrame = 1 << 14
  /// Length of the filter below which the direct sum is as fast: at 78 taps it took 0.76 ms against 0.85.
  private static let fewestTaps = 100

  /// Prepares a ratio whose `phases` divide 16, or returns nil where the direct sum is faster.
  init?(_ prototype: KaiserSinc, taps: Int, phases: Int, decimation: Int) {
    guard taps >= Self.fewestTaps else { return nil }
    var frameLength = 1024
    while Double(frameLength) < Self.framesPerFilter * Double(taps) { frameLength *= 2 }
    // With a power of two for `L`, `M` is odd: one of the two numbers of folds is 1.
    let folds = decimation & -decimation
    let size = frameLength * phases / folds
    guard frameLength <= Self.longestFrame, size <= Self.longestFrame,
      let forward = LaneFFT.ofLength(2 * frameLength), let inverse = LaneFFT.ofLength(2 * size)
    else { return nil }
    let centre = (taps / 2 - 1 + folds - 1) / folds * folds
    // The last output's filter must end within the frame.
    let outputs = ((frameLength - 1 - taps / 2 - centre) * phases / decimation + 1) / 16 * 16
    guard outputs > 0 else { return nil }
    self.frameLength = frameLength
    self.folds = folds
    self.forward = forward
    self.inverse = inverse
    self.centre = centre
    advance = outputs * decimation / phases
    blocksPerUnit = 2 * outputs / PolyphaseFilter.blockLength

    let points = frameLength * phases
    let response = Self.response(
      prototype, reach: taps / 2 * phases, phases: phases, points: points)
    var gains: [Float] = []
    var sources: [UInt32] = []
    for bin in 0..<size {
      for fold in 0..<folds {
        let index = bin + fold * size
        gains.append(Float(response[min(index, points - index)] / Double(points)))
        sources.append(forward.positions[index % frameLength])
      }
    }
    self.gains = gains
    self.sources = sources
    picks = (0..<outputs).map { inverse.positions[(centre * phases + $0 * decimation) / folds] }
  }

  /// The filter's spectrum at `points` points around the circle, of which the first half and one more are returned.
  private static func response(
    _ prototype: KaiserSinc, reach: Int, phases: Int, points: Int
  ) -> [Double] {
    let cosines = (0..<points).map { cos(2 * .pi * Double($0) / Double(points)) }
    let taps = (0..<reach).map { prototype(Double($0) / Double(phases)) }
    return (0...points / 2).map { bin in
      var sum = 0.0
      var angle = 0
      for distance in 1..<reach {
        angle = (angle + bin) & (points - 1)
        sum += taps[distance] * cosines[angle]
      }
      return taps[0] + 2 * sum
    }
  }

  /// Index of the first input sample that `unit` reads; negative in the first units.
  func firstInput(ofUnit unit: Int) -> Int { unit * 2 * advance - centre }

  /// Units that a stream waits for: fewer would leave more of the sixteen lanes empty.
  ///
  /// Four take as long as the direct sum would, and are 0.12 s of 44.1 kHz.
  static let unitsPerChunk = 4

  /// Units whose samples all stand among the first `inputCount` of a signal.
  func unitCount(forInputCount inputCount: Int) -> Int {
    let beyondFirst = inputCount + centre - advance - frameLength
    return beyondFirst < 0 ? 0 : beyondFirst / (2 * advance) + 1
  }

  /// Writes the outputs of at most sixteen units.
  ///
  /// - Parameters:
  ///   - starts: The addresses of the units' first samples.
  ///   - scratch: Memory for one thread.
  ///   - output: Room for `16 · blocksPerUnit` values a unit.
  /// - Returns: A bit for every unit that has a value which is not finite.
  private func render(
    _ starts: [UnsafePointer<Float>], _ scratch: Scratch, into output: UnsafeMutablePointer<Float>
  ) -> UInt32 {
    starts.map(Optional.some).withUnsafeBufferPointer {
      sentio_dsp_gather_pairs(
        $0.baseAddress!, advance, frameLength, starts.count, scratch.frames.pointer)
    }
    forward.transform(scratch.frames.pointer)
    sentio_dsp_multiply_and_fold(
      scratch.frames.pointer, sources, gains, folds, inverse.length / 2, scratch.folded.pointer)
    inverse.transform(scratch.folded.pointer)
    return sentio_dsp_scatter_pairs(
      scratch.folded.pointer, picks, picks.count, starts.count, output)
  }

  private final class Scratch: @unchecked Sendable {
    // Sendable: one thread has it at a time.
    let frames: AlignedBuffer
    let folded: AlignedBuffer

    init(_ filter: OverlapSave) {
      frames = AlignedBuffer(count: filter.forward.length * laneCount)
      folded = AlignedBuffer(count: filter.inverse.length * laneCount)
    }
  }

  /// Writes the outputs of `units` from a stretch of the signal, before which there are zeros.
  ///
  /// - Parameters:
  ///   - units: The units to make; the stretch holds the samples of all of them.
  ///   - signal: The stretch.
  ///   - start: Position of its first sample in the signal.
  ///   - output: Room for `16 · blocksPerUnit` values a unit.
  ///   - repair: Makes the outputs of a unit anew that holds a NaN or an infinity, which the transform has spread.
  fileprivate func render(
    units: Range<Int>, of signal: UnsafeBufferPointer<Float>, startingAt start: Int,
    into output: UnsafeMutablePointer<Float>,
    repair: (_ unit: Int, _ output: UnsafeMutablePointer<Float>) -> Void
  ) {
    let scratch = spare.withLock { $0.popLast() } ?? Scratch(self)
    defer { spare.withLock { if $0.count < Self.spareLimit { $0.append(scratch) } } }
    let outputsPerUnit = blocksPerUnit * PolyphaseFilter.blockLength
    for first in stride(from: units.lowerBound, to: units.upperBound, by: laneCount) {
      let batch = first..<min(first + laneCount, units.upperBound)
      let destination = output + (first - units.lowerBound) * outputsPerUnit
      var padded: [AlignedBuffer] = []
      let starts = batch.map { unit in
        let offset = firstInput(ofUnit: unit) - start
        if offset >= 0 { return signal.baseAddress! + offset }
        let copy = AlignedBuffer(count: advance + frameLength)
        (copy.pointer - offset).update(from: signal.baseAddress!, count: copy.count + offset)
        padded.append(copy)
        return UnsafePointer(copy.pointer)
      }
      var spoilt = withExtendedLifetime(padded) { render(starts, scratch, into: destination) }
      while spoilt != 0 {
        let lane = spoilt.trailingZeroBitCount
        repair(first + lane, destination + lane * outputsPerUnit)
        spoilt &= spoilt - 1
      }
    }
  }
}

extension PolyphaseFilter {
  /// Writes the outputs of `units` of ``overlapSave`` from a stretch of the signal, before which there are zeros.
  func render(
    units: Range<Int>, of signal: UnsafeBufferPointer<Float>, startingAt start: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    guard let overlapSave else { preconditionFailure("units of a filter that has none") }
    overlapSave.render(units: units, of: signal, startingAt: start, into: output) {
      let blocks = overlapSave.blocksPerUnit
      render(
        blocks: $0 * blocks..<($0 + 1) * blocks, of: signal, startingAt: start, into: $1)
    }
  }
}
