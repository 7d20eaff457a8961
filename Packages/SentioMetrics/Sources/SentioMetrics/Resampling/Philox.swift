/// The counter-based generator Philox 4x32 with ten rounds.
///
/// A block of four random words is a pure function of a 128-bit counter and a 64-bit key, so
/// resample r of seed s is the same whichever thread draws it and in whatever order. The counter
/// is laid out as (block, item low, item high, stream): an item is a resample or a permutation.
///
/// *Reference:* J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
package enum Philox {
  static let multipliers: (UInt64, UInt64) = (0xD251_1F53, 0xCD9E_8D57)
  static let weyl: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)

  /// The four words of one counter under one key.
  package static func block(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>
  ) -> SIMD4<UInt32> {
    var state = counter
    var key = key
    for _ in 0..<10 {
      let first = multipliers.0 &* UInt64(state[0])
      let second = multipliers.1 &* UInt64(state[2])
      state = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ state[1] ^ key[0],
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ state[3] ^ key[1],
        UInt32(truncatingIfNeeded: first))
      key[0] &+= weyl.0
      key[1] &+= weyl.1
    }
    return state
  }

  /// The words of blocks `block` and `block + 1` of an item, two to a 64-bit lane.
  ///
  /// The first result holds words 0 and 1 of both blocks, the second words 2 and 3. The same
  /// numbers as ``block(counter:key:)``, two counters a pass: only the low half of each 64-bit lane
  /// counts in a product, so the halves need no masking between rounds.
  @inline(__always)
  package static func pair(
    block: UInt32, item: UInt64, stream: RandomStream, seed: UInt64
  ) -> (SIMD2<UInt64>, SIMD2<UInt64>) {
    let low = SIMD2<UInt64>(repeating: 0xFFFF_FFFF)
    let multiplier0 = SIMD2(repeating: multipliers.0)
    let multiplier1 = SIMD2(repeating: multipliers.1)
    var c0 = SIMD2(UInt64(block), UInt64(block &+ 1))
    var c1 = SIMD2(repeating: item & 0xFFFF_FFFF)
    var c2 = SIMD2(repeating: item >> 32)
    var c3 = SIMD2(repeating: UInt64(stream.rawValue))
    let key0 = UInt32(truncatingIfNeeded: seed)
    let key1 = UInt32(truncatingIfNeeded: seed >> 32)
    // Unrolled by hand, so that the round keys are vectors made once for all blocks of a resample.
    @inline(__always) func round(_ number: UInt32) {
      let first = multiplier0 &* (c0 & low)
      let second = multiplier1 &* (c2 & low)
      c0 = (second &>> 32) ^ c1 ^ SIMD2(repeating: UInt64(key0 &+ number &* weyl.0))
      c1 = second
      c2 = (first &>> 32) ^ c3 ^ SIMD2(repeating: UInt64(key1 &+ number &* weyl.1))
      c3 = first
    }
    round(0)
    round(1)
    round(2)
    round(3)
    round(4)
    round(5)
    round(6)
    round(7)
    round(8)
    round(9)
    return ((c0 & low) | (c1 &<< 32), (c2 & low) | (c3 &<< 32))
  }
}

/// What a block of random words is drawn for; equal seeds do not tie different purposes together.
package enum RandomStream: UInt32, Sendable {
  case bootstrap = 1
  case bootstrapRedraw = 2
  case modelSwap = 3
  case labelPermutation = 4
}

/// The words of one item of one stream, in order.
package struct PhiloxSequence: RandomNumberGenerator {
  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var words = SIMD4<UInt32>()
  private var used = 4

  package init(seed: UInt64, stream: RandomStream, item: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = SIMD4(
      0, UInt32(truncatingIfNeeded: item), UInt32(truncatingIfNeeded: item >> 32),
      stream.rawValue)
  }

  package mutating func nextWord() -> UInt32 {
    if used == 4 {
      words = Philox.block(counter: counter, key: key)
      counter[0] &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  package mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// A number below `bound`, every one equally likely: Lemire's multiplication with rejection.
  package mutating func next(below bound: UInt32) -> UInt32 {
    let threshold = (0 &- bound) % bound
    while true {
      let product = UInt64(nextWord()) &* UInt64(bound)
      if UInt32(truncatingIfNeeded: product) >= threshold {
        return UInt32(truncatingIfNeeded: product >> 32)
      }
    }
  }
}
