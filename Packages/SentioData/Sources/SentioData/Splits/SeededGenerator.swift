/// Random numbers that depend on a seed and the name of their use, and on nothing else.
///
/// Two uses with different names draw independent streams from one seed, so that adding a use does
/// not change the others. The generator is SplitMix64 (Steele, Lea, Flood 2014), whose state is a
/// counter: the n-th number needs no numbers before it.
struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  private var counter: UInt64

  /// Starts a stream.
  ///
  /// - Parameters:
  ///   - seed: the user's seed.
  ///   - stream: what the numbers are for.
  init(seed: UInt64, stream: String) {
    // FNV-1a of the name, then one mixing of both, so that near seeds start far apart.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in stream.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    counter = Self.mix(seed &+ 0x9e37_79b9_7f4a_7c15) ^ Self.mix(hash)
  }

  mutating func next() -> UInt64 {
    counter &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(counter)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number in `0..<bound`, without bias, by a rule that no library version can change.
  mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "bound \(bound) is not positive")
    let bound = UInt64(bound)
    // Values below 2^64 mod bound would make the small remainders more likely.
    let rejected = (0 &- bound) % bound
    while true {
      let value = next()
      let product = value.multipliedFullWidth(by: bound)
      if product.low >= rejected { return Int(product.high) }
    }
  }

  /// Puts `elements` into random order (Fisher and Yates).
  mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, through: 1, by: -1) {
      elements.swapAt(last, below(last + 1))
    }
  }
}
