/// Draws the indices of bootstrap resamples: n of n, with replacement, exactly uniform.
package struct ResampleIndices: Sendable {
  package let sampleCount: Int
  package let seed: UInt64
  // Of use up to ``largestFor16Bits`` only, where both fit.
  private let bound: SIMD8<UInt16>
  private let threshold: SIMD8<UInt16>

  /// Above this the 16-bit draws would be rejected more than once in sixteen.
  private static let largestFor16Bits = 4096

  package init(sampleCount: Int, seed: UInt64) {
    precondition(
      sampleCount > 0 && sampleCount <= UInt32.max, "cannot resample \(sampleCount) samples")
    self.sampleCount = sampleCount
    self.seed = seed
    bound = SIMD8(repeating: UInt16(truncatingIfNeeded: sampleCount))
    threshold = SIMD8(repeating: UInt16(truncatingIfNeeded: 65_536 % sampleCount))
  }

  /// The capacity that ``fill(_:resample:)`` needs: whole vectors are written.
  package var capacity: Int { (sampleCount + 15) / 16 * 16 }

  /// Writes the `sampleCount` indices of one resample to the start of `indices`.
  package func fill(_ indices: UnsafeMutablePointer<UInt32>, resample: Int) {
    if sampleCount <= Self.largestFor16Bits {
      fillFrom16Bits(indices, resample: UInt64(resample))
    } else {
      var words = PhiloxSequence(seed: seed, stream: .bootstrap, item: UInt64(resample))
      let bound = UInt32(sampleCount)
      for position in 0..<sampleCount { indices[position] = words.next(below: bound) }
    }
  }

  /// Two draws from every word.
  ///
  /// An index is the high half of draw · n; where the low half falls below 2¹⁶ mod n the draw is
  /// one of the few that would favour some indices, and is replaced from a stream of its own, so
  /// that the other lanes need not wait.
  private func fillFrom16Bits(_ indices: UnsafeMutablePointer<UInt32>, resample: UInt64) {
    var redraws = PhiloxSequence(seed: seed, stream: .bootstrapRedraw, item: resample)
    var position = 0
    var block: UInt32 = 0
    while position < sampleCount {
      let words = Philox.pair(block: block, item: resample, stream: .bootstrap, seed: seed)
      block &+= 2
      for half in 0..<2 {
        let draws = unsafeBitCast(half == 0 ? words.0 : words.1, to: SIMD8<UInt16>.self)
        // Both halves of the product as vectors of 16 bits: one instruction each.
        let products =
          SIMD8<UInt32>(truncatingIfNeeded: draws) &* SIMD8<UInt32>(truncatingIfNeeded: bound)
        let high = SIMD8<UInt16>(truncatingIfNeeded: products &>> 16)
        let isRejected = draws &* bound .< threshold
        let target = indices + position
        UnsafeMutableRawPointer(target).storeBytes(
          of: SIMD8<UInt32>(truncatingIfNeeded: high), as: SIMD8<UInt32>.self)
        if any(isRejected) {
          for lane in 0..<8 where isRejected[lane] {
            target[lane] = redraws.next(below: UInt32(sampleCount))
          }
        }
        position += 8
      }
    }
  }
}
