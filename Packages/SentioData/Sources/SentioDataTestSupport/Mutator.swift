/// Makes damaged files out of good ones, the same ones for the same seed.
///
/// Mutation `n` depends on the seed and on `n` alone, so that one that breaks a reader is found again
/// by its number, whatever ran before it.
public struct Mutator: Sendable {
  /// The good files.
  public let originals: [[UInt8]]
  /// The seed of all choices.
  public let seed: UInt64

  /// Makes a source of damaged files.
  ///
  /// - Parameters:
  ///   - originals: the good files, at least one, which may be empty.
  ///   - seed: the seed of all choices.
  public init(originals: [[UInt8]], seed: UInt64) {
    precondition(!originals.isEmpty, "there is nothing to mutate")
    self.originals = originals
    self.seed = seed
  }

  /// Damaged file number `index`.
  ///
  /// - Parameter index: the number, 0 or more.
  /// - Returns: the index of the original, and its bytes after 1 to 8 changes.
  public func mutation(_ index: Int) -> (original: Int, bytes: [UInt8]) {
    var random = SplitMix64(state: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
    let original = index % originals.count
    var bytes = originals[original]
    // One change as often as eight: readers get past the first fault only where there is no second.
    for _ in 0..<(1 << Int.random(in: 0...3, using: &random)) {
      change(&bytes, &random)
    }
    return (original, bytes)
  }

  private func change(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    guard !bytes.isEmpty else {
      bytes = (0..<Int.random(in: 1...64, using: &random)).map { _ in
        .random(in: 0...255, using: &random)
      }
      return
    }
    let place = position(bytes.count, &random)
    // At most an eighth, so that something is left of a small file.
    let longest = max(1, bytes.count / 8)
    let length = min(bytes.count - place, longest, 1 << Int.random(in: 0...12, using: &random))
    switch Int.random(in: 0..<12, using: &random) {
    case 0:
      bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
    case 1:
      bytes[place] = .random(in: 0...255, using: &random)
    case 2, 3:
      // Lengths, counts and rates live in whole fields: extremes find what single bits miss.
      let value: UInt8 = [0x00, 0xFF, 0x7F, 0x80, 0x01].randomElement(using: &random)!
      let width = min(length, [2, 4, 8].randomElement(using: &random)!)
      for offset in 0..<width { bytes[place + offset] = offset == 0 ? value : value & 0x80 }
      if Bool.random(using: &random) { bytes[place..<place + width].reverse() }
    case 4:
      for offset in 0..<length { bytes[place + offset] = .random(in: 0...255, using: &random) }
    case 5:
      bytes.removeSubrange(place..<place + length)
    case 6:
      let copy = Array(bytes[place..<place + length])
      bytes.insert(contentsOf: copy, at: position(bytes.count, &random))
    case 7:
      bytes.removeLast(bytes.count - place)
    case 8:
      let other = originals[Int.random(in: 0..<originals.count, using: &random)]
      guard !other.isEmpty else { return }
      let from = position(other.count, &random)
      let piece = other[from..<min(other.count, from + length)]
      bytes.replaceSubrange(place..<min(bytes.count, place + piece.count), with: piece)
    case 9, 10:
      // Text counts in digits: a number is replaced as a whole, so that JSON stays JSON.
      let numbers = [
        "0", "-1", "1", "2", "4294967296", "9223372036854775807", "18446744073709551616", "1e308",
        "-1e308", "1e-320", "0.5", "NaN", "null", "\"\"",
      ]
      let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
      guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
      let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
      bytes.replaceSubrange(start..<end, with: numbers.randomElement(using: &random)!.utf8)
    default:
      let zeros = Bool.random(using: &random)
      for offset in 0..<length { bytes[place + offset] = zeros ? 0 : 0xFF }
    }
  }

  /// A place in the file: half of the time in its first 512 bytes, where headers are.
  private func position(_ count: Int, _ random: inout SplitMix64) -> Int {
    Bool.random(using: &random)
      ? Int.random(in: 0..<min(count, 512), using: &random)
      : Int.random(in: 0..<count, using: &random)
  }
}

/// Steele, Lea and Flood's generator: 64 bits of state, one addition and two multiplications a draw.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
