import CSentioTensorKernels

/// A named stream of random numbers: the same seed, name and position give the same bits, always.
///
/// The generator is counter-based: the number at a position is a function of seed, name and position
/// alone, whatever was drawn before, on any number of threads and on any chip. Each use of randomness
/// (dropout, shuffling, noise…) draws from a stream of its own, so that one more draw in one place
/// changes nothing in another; and a checkpoint needs to hold positions only.
///
/// ```swift
/// var noise = RandomStream(seed: 7, "noise")
/// let z = Tensor.normal([16, 100], from: &noise)
/// ```
///
/// *Reference:* Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3", 2011.
public struct RandomStream: Sendable, Hashable, Codable {
  /// The key of the generator.
  public let seed: UInt64
  /// What the stream is for.
  public let name: String
  /// How many 32-bit words were drawn; may be set, to go on from a checkpoint.
  public var position: UInt64

  /// Creates a stream at a position.
  ///
  /// - Parameters:
  ///   - seed: the seed of the whole program.
  ///   - name: what the stream is for; streams of different names are independent.
  ///   - position: the number of words drawn before.
  public init(seed: UInt64, _ name: String, position: UInt64 = 0) {
    self.seed = seed
    self.name = name
    self.position = position
  }

  /// The upper half of the counter: the name's bytes, mixed to 64 bits (FNV-1a, then a finalizer).
  var identifier: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ hash >> 30) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ hash >> 27) &* 0x94d0_49bb_1331_11eb
    return hash ^ hash >> 31
  }

  /// A stream of the same seed for a part of this one's purpose, at position 0.
  ///
  /// - Parameter part: the part, such as a worker's or an epoch's number.
  /// - Returns: the stream named `name/part`.
  public func substream(_ part: String) -> RandomStream {
    RandomStream(seed: seed, "\(name)/\(part)")
  }

  /// Fills memory with the next words.
  mutating func fill(_ words: UnsafeMutablePointer<UInt32>, count: Int) {
    let (seed, identifier, position) = (seed, identifier, position)
    ParallelLoop.run(count, cost: 4) { range in
      sentio_philox_words(
        seed, identifier, position + UInt64(range.lowerBound), words + range.lowerBound,
        range.count)
    }
    self.position += UInt64(count)
  }

  /// A whole number in `0..<bound`, each with the same probability.
  ///
  /// - Parameter bound: at least 1.
  /// - Returns: the number.
  ///
  /// *Reference:* Lemire, "Fast random integer generation in an interval", 2019.
  public mutating func next(below bound: Int) -> Int {
    require(bound >= 1, "no number is below \(bound)", #fileID, #line)
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// The numbers `0..<count` in random order.
  ///
  /// - Parameter count: how many.
  /// - Returns: a permutation, each with the same probability.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, next(below: i + 1)) }
    return order
  }
}

extension RandomStream: RandomNumberGenerator {
  /// The next two words as one.
  public mutating func next() -> UInt64 {
    var words: (UInt32, UInt32) = (0, 0)
    withUnsafeMutableBytes(of: &words) {
      fill($0.assumingMemoryBound(to: UInt32.self).baseAddress!, count: 2)
    }
    return UInt64(words.1) << 32 | UInt64(words.0)
  }
}

/// The Philox4x32-10 function itself, for those who want the block.
public enum Philox4x32 {
  /// Four random words for a counter and a key.
  ///
  /// - Parameters:
  ///   - counter: four words.
  ///   - key: two words.
  /// - Returns: the block.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    let counter = [counter.x, counter.y, counter.z, counter.w]
    var block: [UInt32] = [0, 0, 0, 0]
    sentio_philox_block(counter, [key.x, key.y], &block)
    return SIMD4(block)
  }
}
